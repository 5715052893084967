import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  disagreements,
  floor,
  level,
  NOW,
  openDairy,
  order,
  propose,
  settle,
  SKUS,
  STAFF,
  statuses,
  within,
} from '../../../test/support/dairy.ts';
import { operation, orderNo } from '../../../test/support/goods-commands.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { missingUnits, pickedUnits } from '../../../domain/picking/pick-task.ts';
import type { ProposalAnswer } from '../../../domain/picking/proposal.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import { err } from '../../../domain/shared/result.ts';
import { raiseDiscrepancy } from '../counts/discrepancy-recovery.ts';
import { serveDeadline } from '../deadline-table.ts';
import { cancelPick } from '../floor/task-commands.ts';
import { SUBSTITUTION_LAPSE } from './lapse.ts';

describe('any sequence of commands', () => {
  type Step = {
    readonly do: string;
    readonly n: number;
    readonly k: number;
    readonly sku: string;
    readonly units: number;
    readonly answer: ProposalAnswer;
  };
  const anyStep = fc.record({
    do: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('propose', 'settle') },
      { weight: 3, arbitrary: fc.constantFrom('short', 'pick', 'wait') },
      { weight: 1, arbitrary: fc.constantFrom('pack', 'cancel', 'count', 'restock') },
    ),
    n: fc.integer({ min: 1, max: 3 }),
    k: fc.nat(3),
    sku: fc.constantFrom(...SKUS.slice(1)),
    units: fc.integer({ min: 1, max: 3 }),
    answer: fc.constantFrom<ProposalAnswer>('APPROVED', 'DECLINED', 'TIMED_OUT'),
  });

  function play(world: StoreWorld, { do: what, n, k, sku, units, answer }: Step, nowMs: number): unknown {
    const orderId = orderNo(n);
    const { books } = world;
    const task = books.queue.find(orderId);
    switch (what) {
      case 'short':
        return floor(
          world,
          { do: 'short', taskId: orderId, sku: k === 0 ? sku : 'MILK', quantity: units, reason: 'NOT_FOUND' },
          nowMs,
        );
      case 'propose':
        return propose(world, orderId, { substitute: sku, quantity: units, nowMs });
      case 'settle': {
        const proposal = task?.proposals[k % Math.max(1, task.proposals.length)];
        return proposal === undefined ? err(null) : settle(world, orderId, proposal.proposalId, answer, nowMs);
      }
      case 'pick':
        return (task?.lines ?? []).map((line) => {
          const [barcode, quantity] = [`2000000${SKUS.indexOf(line.sku)}`, missingUnits(line)];
          return quantity > 0 && floor(world, { do: 'scan', taskId: orderId, barcode, quantity }, nowMs);
        });
      case 'pack':
        return floor(
          world,
          { do: 'pack', taskId: orderId, bags: task !== undefined && pickedUnits(task) > 0 ? 1 : 0 },
          nowMs,
        );
      case 'cancel':
        return within(world, () => cancelPick(books, { ...operation(STAFF), orderId, reason: 'x' }, nowMs));
      case 'count': {
        const { held, allocated } = level(world, sku);
        const shortfall = Math.min(units, held + allocated);
        if (shortfall === 0) return err(null);
        const found = { sku: asSku(sku), source: 'COUNT', expected: held + allocated, counted: 0, shortfall } as const;
        return within(world, () => raiseDiscrepancy(books, found, operation(), { actor: STAFF, atMs: nowMs }));
      }
      case 'restock':
        return (task?.lines ?? []).map((line) => {
          const barcode = `2000000${SKUS.indexOf(line.sku)}`;
          return floor(world, { do: 'restock', taskId: orderId, barcode, quantity: 1 }, nowMs);
        });
      default:
        return within(world, () => {
          for (const kind of ['hold', SUBSTITUTION_LAPSE]) serveDeadline(books, { kind, ref: '' }, nowMs);
        });
    }
  }

  it('loses no unit and promises none twice, at every commit: ledger, holds and tasks agree [F8] [I1] [I3]', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30, size: 'max' }), (steps) => {
        const world = openDairy({ MILK: 9, OAT: 4, SOY: 3, NUTTY: 2 });
        const agreed = {
          avoidAllergens: [],
          preferences: [{ sku: asSku('MILK'), preference: { kind: 'best_match' } }],
        } as const;
        for (const n of [1, 2, 3]) {
          const taskId = order(world, n, 3, n === 1 ? agreed : undefined);
          floor(world, { do: 'accept', taskId });
          floor(world, { do: 'claim', taskId });
          floor(world, { do: 'short', taskId, sku: 'MILK', quantity: n, reason: 'DAMAGED' });
        }
        let nowMs = NOW;
        for (const step of steps) {
          nowMs += step.do === 'wait' ? 20_000 * step.units : 10;
          play(world, step, nowMs);
          expect(disagreements(world)).toEqual([]);
          for (const sku of SKUS) expect(Object.values(level(world, sku)).every((units) => units >= 0)).toBe(true);
        }
        for (const n of [1, 2, 3]) {
          for (const status of statuses(world, orderNo(n))) {
            const name = status.split(' ')[1] ?? '';
            seen.set(name, (seen.get(name) ?? 0) + 1);
          }
        }
      }),
      { numRuns: 25, seed: 11 },
    );
    // Every way in which a proposal can end was looked at.
    expect([...seen.keys()].toSorted()).toEqual(['APPROVED', 'DECLINED', 'PROPOSED', 'TIMED_OUT', 'WITHDRAWN']);
  });
});
