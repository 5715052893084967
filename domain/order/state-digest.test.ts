import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COURIER, OrderLife } from '../../test/support/order-life.ts';
import { replay } from './evolve.ts';
import type { OrderState } from './order.ts';
import { digestText, withoutSecrets } from './state-digest.ts';

function delivered(): OrderLife {
  const life = new OrderLife({ token: 'tok_secret', dropNote: 'behind the house' }).assign();
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_pick', step: 'packed' });
  life.answer({ kind: 'approved', providerRef: 'psp_1', amountMinor: 6000, onDelivery: false });
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  life.tell({ do: 'report_pick', step: 'handed_over' });
  life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321' });
  return life;
}

function withMore(order: OrderState, later: unknown): OrderState {
  const more = { later };
  return { ...order, ...more };
}

describe('what names a state', () => {
  test('is the same for a log without its secrets, and has none in it [O12]', () => {
    const life = delivered();
    const handedOut = life.log.map(withoutSecrets);
    const again = replay(handedOut);
    expect(again === null ? '' : digestText(again)).toBe(digestText(life.order));
    for (const text of [digestText(life.order), JSON.stringify(handedOut)]) {
      for (const secret of ['tok_secret', 'behind the house', '"4321"', '654321']) expect(text).not.toContain(secret);
    }
  });

  test('is the same when a later version keeps another field that says nothing, and not when it says something', () => {
    const { order } = delivered();
    const silent = fc.constantFrom<unknown>(null, undefined, 0, false, '', [], {}, { deeper: { still: null } });
    fc.assert(
      fc.property(silent, (nothing) => {
        expect(digestText(withMore(order, nothing))).toBe(digestText(order));
      }),
    );
    expect(digestText(withMore(order, 1))).not.toBe(digestText(order));
    expect(digestText({ ...order, codeRefusals: 1 })).not.toBe(digestText(order));
  });

  test('keeps the places of a list, whatever is in them', () => {
    const { order } = delivered();
    function of(list: readonly unknown[]): string {
      const later = { list };
      return digestText({ ...order, ...later });
    }
    expect(of([0, 1])).not.toBe(of([1, 0]));
    expect(of([0, 1])).not.toBe(of([1]));
  });
});
