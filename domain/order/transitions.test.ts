import { describe, expect, test } from 'vitest';
import { canTransition, ORDER_STATUSES, transition, TRANSITIONS, validTransitions } from './transitions.ts';
import type { OrderStatus } from './transitions.ts';

describe('the edges of an order', () => {
  test('follow the canonical chain [O4]', () => {
    const chain = ORDER_STATUSES.slice(0, 10);
    expect(chain.join(' ')).toBe(
      'PENDING CONFIRMED ASSIGNED_TO_STORE PICKING PACKED ASSIGNED_TO_PARTNER PICKED_UP IN_TRANSIT DELIVERED CLOSED',
    );
    expect(chain.slice(0, -1).every((from, index) => canTransition(from, chain[index + 1] ?? from))).toBe(true);
    for (const from of ['PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE'] as const) {
      expect(canTransition(from, 'CANCELLED')).toBe(true);
    }
    expect(canTransition('CANCELLED', 'REFUNDED')).toBe(true);
  });

  test('are told, and whatever is not among them is refused naming both ends [O3]', () => {
    expect(validTransitions('PICKING')).toEqual(['PACKED', 'CANCELLED']);
    for (const from of ORDER_STATUSES) {
      for (const to of ORDER_STATUSES) {
        const legal = (TRANSITIONS[from] as readonly OrderStatus[]).includes(to);
        expect(transition(from, to)).toEqual(
          legal ? { ok: true, value: to } : { ok: false, error: { code: 'ILLEGAL_TRANSITION', from, to } },
        );
      }
    }
  });

  test('reach every status from PENDING [O4]', () => {
    const seen = new Set<OrderStatus>(['PENDING']);
    for (const from of seen) for (const to of validTransitions(from)) seen.add(to);
    expect([...seen].toSorted()).toEqual([...ORDER_STATUSES].toSorted());
  });

  test('end where nothing leads on, and only there', () => {
    expect(ORDER_STATUSES.filter((status) => validTransitions(status).length === 0)).toEqual(['REFUNDED']);
    expect(validTransitions('CLOSED')).toEqual(['REFUNDED']);
    expect(validTransitions('CANCELLED')).toEqual(['REFUNDED']);
  });
});
