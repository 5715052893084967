import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asOfferId, asOrderId } from '../shared/ids.ts';
import type { OrderId } from '../shared/ids.ts';
import { receiveOffer, settleOffer, timesOut } from './offer.ts';
import type { Hands, Offer, OfferStatus } from './offer.ts';

const END_MS = 20_000;

function order(n: number): OrderId {
  return asOrderId(`ord_${String(n).padStart(26, '0')}`);
}
function offer(n: number, status: OfferStatus = 'OPEN'): Offer {
  return { offerId: asOfferId(`off_${String(n).padStart(26, '0')}`), orderId: order(n), expiresAtMs: END_MS, status };
}
const FREE: Hands = { onShift: true, liveOrderIds: [], openOffers: [], capacity: 1 };

describe('an offer that arrives', () => {
  test.each<[string, Partial<Hands>, number, string]>([
    ['free', {}, 0, 'OPEN'],
    ['free, at the last moment', {}, END_MS - 1, 'OPEN'],
    ['free, too late', {}, END_MS, 'TIMED_OUT'],
    ['off shift', { onShift: false }, 0, 'UNAVAILABLE'],
    ['full', { liveOrderIds: [order(2)] }, 0, 'UNAVAILABLE'],
    ['asked by another order', { openOffers: [offer(2)] }, 0, 'UNAVAILABLE'],
    ['room for a second order', { liveOrderIds: [order(2)], capacity: 2 }, 0, 'OPEN'],
    ['carrying this very order', { liveOrderIds: [order(1)], capacity: 2 }, 0, 'UNAVAILABLE'],
    ['asked for this very order', { openOffers: [offer(1)], capacity: 2 }, 0, 'UNAVAILABLE'],
  ])('at a courier who is %s [D2] [D6]', (_name, hands, nowMs, result) => {
    expect(receiveOffer({ ...FREE, ...hands }, offer(1), nowMs)).toBe(result);
  });

  test('never makes more promises than the courier has room for [D2]', () => {
    const drawn = fc.record({
      capacity: fc.integer({ min: 1, max: 4 }),
      answers: fc.array(fc.boolean(), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(drawn, ({ capacity, answers }) => {
        let hands: Hands = { ...FREE, capacity };
        for (const [n, accepts] of answers.entries()) {
          if (receiveOffer(hands, offer(n), 0) === 'OPEN')
            hands = { ...hands, openOffers: [...hands.openOffers, offer(n)] };
          const [first, ...others] = hands.openOffers;
          if (accepts && first !== undefined) {
            hands = { ...hands, openOffers: others, liveOrderIds: [...hands.liveOrderIds, first.orderId] };
          }
          expect(hands.liveOrderIds.length + hands.openOffers.length).toBeLessThanOrEqual(capacity);
        }
      }),
    );
  });
});

describe('an answer', () => {
  test.each(['ACCEPTED', 'REJECTED'] as const)('%s counts while the offer is open [D6]', (answer) => {
    expect(settleOffer(offer(1), answer, END_MS - 1)).toEqual({ ok: true, value: offer(1, answer) });
  });

  test.each<[string, Offer | null, number, OfferStatus | null]>([
    ['after its time, before any alarm', offer(1), END_MS, 'TIMED_OUT'],
    ['timed out', offer(1, 'TIMED_OUT'), 0, 'TIMED_OUT'],
    ['accepted', offer(1, 'ACCEPTED'), 0, 'ACCEPTED'],
    ['rejected', offer(1, 'REJECTED'), 0, 'REJECTED'],
    ['withdrawn', offer(1, 'WITHDRAWN'), 0, 'WITHDRAWN'],
    ['never made', null, 0, null],
  ])('is too late for an offer that was %s [D6]', (_name, one, nowMs, status) => {
    expect(settleOffer(one, 'ACCEPTED', nowMs)).toEqual({ ok: false, error: { code: 'OFFER_GONE', status } });
  });

  test('either the courier or the clock ends an offer, never both [D6]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 * END_MS }), (nowMs) => {
        expect(settleOffer(offer(1), 'ACCEPTED', nowMs).ok).toBe(!timesOut(offer(1), nowMs));
      }),
    );
    expect(timesOut(offer(1, 'ACCEPTED'), END_MS)).toBe(false);
  });
});
