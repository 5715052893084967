import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPROVED_COD, COURIER, OrderLife } from '../../test/support/order-life.ts';
import { live, lives, outcomeOf } from '../../test/support/order-lives.ts';
import { evolve, REACHES, replay } from './evolve.ts';
import type { OrderState } from './order.ts';
import { advance } from './saga.ts';
import { canTransition, ORDER_STATUSES } from './transitions.ts';

describe('whatever happens to an order', () => {
  test('replaying its log gives the same state, from any point on [O12]', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (script, cut) => {
        const life = live(script);
        expect(replay(life.log)).toEqual(life.state);
        const split = cut % life.log.length;
        const halfway = replay(life.log.slice(0, split));
        expect(life.log.slice(split).reduce<OrderState | null>(evolve, halfway)).toEqual(life.state);
        expect(JSON.stringify(replay(JSON.parse(JSON.stringify(life.log))))).toBe(JSON.stringify(life.state));
      }),
      { numRuns: 500 },
    );
  });

  test('its log is numbered from 1 without a gap and its statuses follow the table [O3] [O4]', () => {
    fc.assert(
      fc.property(lives, (script) => {
        const life = live(script);
        expect(life.log.map(({ seq }) => seq)).toEqual(life.log.map((_, index) => index + 1));
        const path = life.order.steps.map(({ status }) => status);
        for (const [index, from] of path.slice(0, -1).entries()) {
          const to = path[index + 1] ?? 'PENDING';
          expect(canTransition(from, to), `${from} -> ${to}`).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('it asks for one authorization and takes money once, and confirms only what is paid or promised [X3]', () => {
    fc.assert(
      fc.property(lives, (script) => {
        const life = live(script);
        const events = life.log.map(({ event }) => event);
        const pays = events.filter((event) => event.type === 'call.started' && event.step === 'pay');
        expect(pays.length).toBeLessThanOrEqual(1);
        const captured = events.filter((event) => event.type === 'payment.captured');
        expect(captured.length).toBeLessThanOrEqual(1);
        const confirmed = events.findIndex((event) => event.type === 'order.confirmed');
        // A provider that takes the money at once never says that it is reserved.
        const paid = events.findIndex(({ type }) => type === 'payment.authorized' || type === 'payment.captured');
        expect(confirmed < 0 || (paid >= 0 && paid < confirmed)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('once cancelled it comes to rest with nothing held and nothing reserved, when everyone answers again [O10]', () => {
    fc.assert(
      fc.property(lives, (script) => {
        const life = live(script);
        if (life.order.status !== 'CANCELLED' && life.order.status !== 'REFUNDED') {
          life.tell({ do: 'cancel', as: 'operator', reason: 'end of the test' });
        }
        fc.pre(life.order.status === 'CANCELLED' || life.order.status === 'REFUNDED');
        for (let answers = 0; life.order.call !== null; answers += 1) {
          expect(answers).toBeLessThan(10);
          life.answer(outcomeOf(life.order, life.nowMs, 'good'));
        }
        expect(advance(life.order, life.nowMs)).toEqual([]);
        expect(['NONE', 'FAILED', 'VOIDED', 'REFUNDED']).toContain(life.order.payment.at);
        expect(life.order.stock.at).not.toBe('HELD');
        const left = life.order.steps.some(({ status }) => status === 'PICKED_UP');
        expect(left || life.order.stock.at !== 'ALLOCATED').toBe(true);
        expect(life.order.courier.at).not.toBe('ACCEPTED');
      }),
      { numRuns: 500 },
    );
  });

  test('every status can be reached by somebody’s doing [O4]', () => {
    const seen = new Set<string>();
    for (const paid of [undefined, APPROVED_COD]) {
      const life = new OrderLife({ method: paid === undefined ? 'sandbox' : 'cod' }).assign(paid);
      const report = { do: 'report_pick' } as const;
      life.tell({ ...report, step: 'claimed' });
      life.tell({ ...report, step: 'packed' });
      life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
      life.tell({ ...report, step: 'handed_over' });
      life.tell({ do: 'report_courier', step: 'departed', courierId: COURIER });
      if (paid === undefined) {
        life.answer(outcomeOf(life.order, life.nowMs, 'good'));
        life.tell({ do: 'cancel', as: 'operator', reason: 'nobody at the door' });
      } else {
        life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321', collectedMinor: 6000 });
      }
      life.answer(outcomeOf(life.order, life.nowMs, 'good'));
      for (const { status } of life.order.steps) seen.add(status);
    }
    expect([...seen].toSorted()).toEqual([...ORDER_STATUSES].toSorted());
    expect([...new Set(Object.values(REACHES))].toSorted()).toEqual([...ORDER_STATUSES].toSorted());
  });
});
