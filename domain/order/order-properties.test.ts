import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPROVED_COD, COURIER, OrderLife, OTHER_COURIER, SECOND_HOLD } from '../../test/support/order-life.ts';
import type { Told } from '../../test/support/order-life.ts';
import { isStillWanted } from './ask-first.ts';
import { evolve, REACHES, replay } from './evolve.ts';
import type { OrderState } from './order.ts';
import type { CallOutcome } from './outcome.ts';
import { advance } from './saga.ts';
import { canTransition, ORDER_STATUSES } from './transitions.ts';

const commands: fc.Arbitrary<Told> = fc.oneof(
  fc.record({
    do: fc.constant('cancel' as const),
    as: fc.constantFrom('customer' as const, 'operator' as const),
    reason: fc.constant('any'),
  }),
  fc.record({
    do: fc.constant('report_pick' as const),
    step: fc.constantFrom(
      'accepted' as const,
      'rejected' as const,
      'claimed' as const,
      'packed' as const,
      'handed_over' as const,
    ),
  }),
  fc.record({
    do: fc.constant('report_courier' as const),
    step: fc.constantFrom('accepted' as const, 'departed' as const),
    courierId: fc.constantFrom(COURIER, OTHER_COURIER),
  }),
  fc.record({
    do: fc.constant('prove_delivery' as const),
    courierId: fc.constantFrom(COURIER, OTHER_COURIER),
    code: fc.constantFrom('4321', '4321', '0000'),
    collectedMinor: fc.constantFrom(undefined, 6000),
  }),
  fc.constant({ do: 'note_payment' as const }),
);

/** How a call may end. */
type End = 'good' | 'bad' | 'pending' | 'unknown' | 'never_seen';
/** `onward`: whatever brings the order nearer to the door, so that long lives are seen too. */
type Act = { readonly command: Told } | { readonly end: End } | { readonly waitMs: number } | { readonly onward: true };
const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 20, arbitrary: fc.constant({ onward: true as const }) },
  { weight: 3, arbitrary: commands.map((command) => ({ command })) },
  { weight: 2, arbitrary: fc.constantFrom<End>('bad', 'pending', 'unknown', 'never_seen').map((end) => ({ end })) },
  { weight: 1, arbitrary: fc.constantFrom(100, 5_000, 700_000).map((waitMs) => ({ waitMs })) },
);
const lives = fc.record({
  method: fc.constantFrom('sandbox' as const, 'cod' as const),
  secondHoldId: fc.constantFrom(undefined, SECOND_HOLD),
  acts: fc.array(acts, { maxLength: 40 }),
});

function outcomeOf(state: OrderState, nowMs: number, end: End): CallOutcome {
  if (end === 'unknown' || end === 'never_seen') return end === 'unknown' ? { kind: end, error: 'cut' } : { kind: end };
  const onDelivery = state.terms.method === 'cod';
  switch (state.call?.step) {
    case 'hold':
      if (end === 'good') return { kind: 'held', expiresAtMs: nowMs + 600_000 };
      return { kind: 'refused', code: 'INSUFFICIENT_STOCK', shortages: [] };
    case 'commit':
      return end === 'good' ? { kind: 'committed' } : { kind: 'refused', code: 'HOLD_EXPIRED', shortages: [] };
    case 'pay':
    case 'inquire':
      if (end === 'good') return { kind: 'approved', providerRef: 'psp', amountMinor: 6000, onDelivery };
      return end === 'bad' ? { kind: 'declined', reason: 'no' } : { kind: 'pending', providerRef: 'psp' };
    case 'void':
      // A capture that was given up came through first.
      if (end === 'bad' && state.packed !== null) return { kind: 'captured', providerRef: 'psp', amountMinor: 6000 };
      return { kind: 'approved', providerRef: 'psp', amountMinor: 6000, onDelivery };
    case 'capture':
    case 'refund':
    case undefined:
      return { kind: 'approved', providerRef: 'psp', amountMinor: 6000, onDelivery };
  }
}

function onward(life: OrderLife): void {
  const { call, status, courier, terms } = life.order;
  if (status === 'PENDING' && call === null) {
    life.wait(30_000);
  } else if (status === 'ASSIGNED_TO_STORE') {
    life.tell({ do: 'report_pick', step: 'claimed' });
  } else if (status === 'PICKING' && courier.at === 'REQUESTED') {
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  } else if (status === 'PICKING') {
    life.tell({ do: 'report_pick', step: 'packed' });
  } else if (status === 'ASSIGNED_TO_PARTNER') {
    life.tell({ do: 'report_pick', step: 'handed_over' });
  } else if (status === 'PICKED_UP') {
    life.tell({ do: 'report_courier', step: 'departed', courierId: COURIER });
  } else if (status === 'IN_TRANSIT') {
    const cash = terms.method === 'cod' ? { collectedMinor: 6000 } : {};
    life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321', ...cash });
  } else if (call !== null) {
    life.answer(outcomeOf(life.order, life.nowMs, 'good'));
  }
}

type Script = typeof lives extends fc.Arbitrary<infer S> ? S : never;

function live({ method, secondHoldId, acts: script }: Script): OrderLife {
  const life = new OrderLife({ method, ...(secondHoldId !== undefined && { secondHoldId }) });
  for (const act of script) {
    if ('onward' in act) onward(life);
    else if ('command' in act) life.tell(act.command);
    else if ('waitMs' in act) life.wait(act.waitMs);
    else if (life.order.call !== null) {
      // A call that is still wanted is made again when nobody saw it: that is no outcome.
      if (act.end === 'never_seen' && isStillWanted(life.order, life.order.call)) continue;
      life.answer(outcomeOf(life.order, life.nowMs, act.end));
    }
  }
  return life;
}

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
        const authorized = events.findIndex((event) => event.type === 'payment.authorized');
        expect(confirmed < 0 || (authorized >= 0 && authorized < confirmed)).toBe(true);
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
