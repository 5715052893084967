import { describe, expect, it } from 'vitest';
import {
  candidates,
  disagreements,
  floor,
  level,
  NOW,
  openDairy,
  order,
  propose,
  proposed,
  settle,
  shortOf,
  STAFF,
  statuses,
  told,
  within,
} from '../../../test/support/dairy.ts';
import { operation } from '../../../test/support/goods-commands.ts';
import { ANSWER_GRACE_MS, ANSWER_MS } from '../../../domain/picking/proposal.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import { raiseDiscrepancy } from '../counts/discrepancy-recovery.ts';
import { serveDeadline } from '../deadline-table.ts';
import { cancelPick } from '../floor/task-commands.ts';
import { taskViews } from '../floor/task-view.ts';
import { lapseUnanswered, SUBSTITUTION_LAPSE } from './lapse.ts';

describe('candidates', () => {
  it('are ranked with what explains them, where they lie and how many there are; the allergens to avoid stay unsaid [F8]', () => {
    const world = openDairy();
    const taskId = order(world, 1, 3, { avoidAllergens: ['nuts'], preferences: [] });
    shortOf(world, taskId, 2);
    const { quantity, candidates: listed, ruledOut } = candidates(world, taskId);
    expect(quantity).toBe(2);
    expect(listed.map(({ sku, bin }) => [sku, bin])).toEqual([
      ['OAT', 'A01-1-2'],
      ['SOY', 'A01-1-3'],
    ]);
    expect(listed[0]?.terms).toContainEqual({ term: 'stock', points: 50, availableUnits: 10, wantedUnits: 2 });
    expect(listed[0]?.terms).toContainEqual({ term: 'price', points: 90, differenceMinor: 100 });
    expect(ruledOut).toEqual([
      { sku: 'MILK', why: 'SAME_SKU' },
      { sku: 'NUTTY', why: 'ALLERGEN' },
    ]);
    expect(JSON.stringify([listed, ruledOut])).not.toContain('nuts');
  });

  it('are none for who wants this article or none, and none that is not for sale [F8]', () => {
    const world = openDairy();
    const sku = asSku('MILK');
    const only = order(world, 1, 2, {
      avoidAllergens: [],
      preferences: [{ sku, preference: { kind: 'do_not_substitute' } }],
    });
    shortOf(world, only, 2);
    expect(candidates(world, only)).toMatchObject({ barredBy: 'do_not_substitute', candidates: [] });
    expect(propose(world, only)).toMatchObject({ error: { code: 'SUBSTITUTION_BARRED' } });
    world.sql.run("UPDATE item_cards SET for_sale = 0 WHERE sku = 'OAT'");
    const other = order(world, 2, 2);
    shortOf(world, other, 2);
    expect(candidates(world, other).candidates.map((one) => one.sku)).toEqual(['SOY', 'NUTTY']);
    expect(propose(world, other)).toMatchObject({
      error: { code: 'SUBSTITUTE_RULED_OUT', numbers: { why: 'NOT_SOLD_HERE' } },
    });
    expect(disagreements(world)).toEqual([]);
  });
});

describe('a proposal', () => {
  it('sets its units aside at once, asks the order, and packing alone waits for it [F8] [I4]', () => {
    const world = openDairy();
    const taskId = order(world, 1, 3);
    shortOf(world, taskId, 2);
    const proposalId = proposed(world, taskId);
    expect(level(world, 'OAT')).toMatchObject({ available: 8, held: 2 });
    expect(told(world)).toMatchObject([
      {
        method: 'proposeSubstitution',
        command: {
          proposalId,
          missing: 'MILK',
          substitute: 'OAT',
          units: 2,
          answerByMs: NOW + ANSWER_MS,
          priceMinor: 1100,
          allergens: [],
        },
      },
    ]);
    expect(floor(world, { do: 'scan', taskId, barcode: '20000000', quantity: 1 }).ok).toBe(true);
    expect(floor(world, { do: 'pack', taskId, bags: 1 })).toMatchObject({
      error: { code: 'SUBSTITUTION_OPEN', numbers: { open: [{ proposalId, expiresAt: '1970-01-01T00:01:31.000Z' }] } },
    });
    expect(disagreements(world)).toEqual([]);
  });

  it('never reaches past the rules, whatever the tablet sends, nor past the shelf [F8] [I3]', () => {
    const world = openDairy({ MILK: 10, OAT: 1, SOY: 10, NUTTY: 10 });
    const taskId = order(world, 1, 3, { avoidAllergens: ['nuts'], preferences: [] });
    shortOf(world, taskId, 2);
    expect(propose(world, taskId, { substitute: 'NUTTY' })).toMatchObject({
      error: { code: 'SUBSTITUTE_RULED_OUT', numbers: { sku: 'NUTTY', why: 'ALLERGEN' } },
    });
    expect(propose(world, taskId)).toMatchObject({ error: { code: 'INSUFFICIENT_STOCK' } });
    expect(propose(world, taskId, { substitute: 'SOY', quantity: 3 })).toMatchObject({
      error: { code: 'OVER_QUANTITY' },
    });
    expect(told(world)).toEqual([]);
    expect(disagreements(world)).toEqual([]);
  });
});

describe('the answer', () => {
  it('yes: the units are allocated, picked like any other, and packed; repeated it changes nothing [F8]', () => {
    const world = openDairy();
    const taskId = order(world, 1, 3);
    shortOf(world, taskId, 2);
    const proposalId = proposed(world, taskId);
    expect(settle(world, taskId, proposalId, 'APPROVED')).toEqual({ ok: true, value: { status: 'APPROVED' } });
    expect(level(world, 'OAT')).toMatchObject({ available: 8, held: 0, allocated: 2 });
    expect(settle(world, taskId, proposalId, 'DECLINED')).toEqual({ ok: true, value: { status: 'APPROVED' } });
    expect(floor(world, { do: 'pack', taskId, bags: 1 })).toMatchObject({ error: { code: 'TASK_STATE' } });
    floor(world, { do: 'scan', taskId, barcode: '20000000', quantity: 1 });
    floor(world, { do: 'scan', taskId, barcode: '20000001', quantity: 2 });
    expect(floor(world, { do: 'pack', taskId, bags: 1 })).toMatchObject({ value: { status: 'PACKED' } });
    const [task] = taskViews(world.books.queue.open(), world.books);
    expect(task?.lines.map(({ sku, picked, shorted, substituteFor }) => [sku, picked, shorted, substituteFor])).toEqual(
      [
        ['MILK', 1, 2, null],
        ['OAT', 2, 0, 'MILK'],
      ],
    );
    expect(task?.substitutions).toMatchObject([
      { sku: 'MILK', substitute: 'OAT', status: 'APPROVED', settlement: 'SUBSTITUTE' },
    ]);
    expect(disagreements(world)).toEqual([]);
  });

  it.each(['DECLINED', 'TIMED_OUT'] as const)(
    '%s without a wish: the units are for sale again and the line stays short [F8]',
    (answer) => {
      const world = openDairy();
      const taskId = order(world, 1, 3);
      shortOf(world, taskId, 2);
      settle(world, taskId, proposed(world, taskId), answer);
      expect(level(world, 'OAT')).toMatchObject({ available: 10, held: 0, allocated: 0 });
      expect(statuses(world, taskId)).toEqual([`OAT ${answer}`]);
      expect(proposed(world, taskId, { substitute: 'SOY' })).toMatch(/^sub_/);
      expect(disagreements(world)).toEqual([]);
    },
  );

  it('yes to units that a count has taken: the order is told, and nothing is promised twice [F8] [R1]', () => {
    const world = openDairy();
    const taskId = order(world, 1, 3);
    shortOf(world, taskId, 2);
    const proposalId = proposed(world, taskId);
    const found = { sku: asSku('OAT'), source: 'COUNT', expected: 2, counted: 0, shortfall: 2 } as const;
    within(world, () => raiseDiscrepancy(world.books, found, operation(), { actor: STAFF, atMs: NOW }));
    expect(settle(world, taskId, proposalId, 'APPROVED')).toEqual({ ok: true, value: { status: 'WITHDRAWN' } });
    expect(told(world).at(-1)).toMatchObject({
      method: 'withdrawSubstitution',
      command: { proposalId, reason: 'GONE' },
    });
    expect(world.books.queue.find(taskId)?.lines).toHaveLength(1);
    expect(disagreements(world)).toEqual([]);
  });

  it('that never comes: the store’s clock gives the units back, tells the order, and what comes later changes nothing [F8]', () => {
    const world = openDairy();
    const taskId = order(world, 1, 3);
    shortOf(world, taskId, 2);
    const proposalId = proposed(world, taskId);
    const overMs = NOW + ANSWER_MS + ANSWER_GRACE_MS;
    within(world, () => {
      lapseUnanswered(world.books, overMs - 1);
    });
    expect(statuses(world, taskId)).toEqual(['OAT PROPOSED']);
    expect(world.sql.all("SELECT due_at_ms FROM deadlines WHERE kind = 'substitution'")).toEqual([
      { due_at_ms: overMs },
    ]);
    within(world, () => {
      serveDeadline(world.books, { kind: SUBSTITUTION_LAPSE, ref: '' }, overMs);
    });
    expect(statuses(world, taskId)).toEqual(['OAT WITHDRAWN']);
    expect(level(world, 'OAT')).toMatchObject({ available: 10, held: 0 });
    expect(told(world).at(-1)).toMatchObject({
      method: 'withdrawSubstitution',
      command: { proposalId, reason: 'LAPSED' },
    });
    expect(settle(world, taskId, proposalId, 'APPROVED', overMs)).toEqual({ ok: true, value: { status: 'WITHDRAWN' } });
    expect(disagreements(world)).toEqual([]);
  });

  it('and packing does not wait for a late clock [F8]', () => {
    const world = openDairy();
    const taskId = order(world, 1, 3);
    shortOf(world, taskId, 2);
    proposed(world, taskId);
    floor(world, { do: 'scan', taskId, barcode: '20000000', quantity: 1 });
    const overMs = NOW + ANSWER_MS + ANSWER_GRACE_MS;
    expect(floor(world, { do: 'pack', taskId, bags: 1 }, overMs)).toMatchObject({ value: { status: 'PACKED' } });
    expect(disagreements(world)).toEqual([]);
  });
});

describe('an order that is called off', () => {
  it('gives back what was set aside for its substitutes; what was told to be avoided is forgotten [F8] [O9]', () => {
    const world = openDairy();
    const orderId = order(world, 1, 3, { avoidAllergens: ['nuts'], preferences: [] });
    shortOf(world, orderId, 2);
    const proposalId = proposed(world, orderId);
    const actor = { kind: 'object', object: 'order', id: orderId } as const;
    within(world, () => cancelPick(world.books, { ...operation(actor), orderId, reason: 'customer' }, NOW));
    expect(statuses(world, orderId)).toEqual(['OAT WITHDRAWN']);
    expect(level(world, 'OAT')).toMatchObject({ available: 10, held: 0 });
    expect(settle(world, orderId, proposalId, 'APPROVED')).toEqual({ ok: true, value: { status: 'WITHDRAWN' } });
    expect(world.sql.all('SELECT * FROM order_wishes')).toEqual([]);
    expect(disagreements(world)).toEqual([]);
  });
});
