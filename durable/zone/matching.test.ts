import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANSWER_GRACE_MS, OFFER_MS } from '../../domain/dispatch/offer.ts';
import { REST_MS } from '../../domain/dispatch/search.ts';
import { courierId, DispatchWorld, northOf, orderId, ZONE } from '../../test/support/dispatch-world.ts';
import { acceptOffer, rejectOffer } from '../courier/offers.ts';
import { endShift, startShift } from '../courier/shifts.ts';

/** Couriers 1, 2, 3, … on shift, ever farther from the store. */
function onShift(couriers: number): DispatchWorld {
  const world = new DispatchWorld(couriers);
  for (let n = 1; n <= couriers; n += 1) start(world, n);
  world.settle();
  return world;
}
function start(world: DispatchWorld, n: number): void {
  world.at(world.courier(n), (books, nowMs) => startShift(books, ZONE, { ...northOf(n * 300), atMs: nowMs }));
}
/** The couriers who see an open offer, with its order. */
function asked(world: DispatchWorld, couriers: number): string[] {
  return Array.from({ length: couriers }, (_, i) => world.courier(i + 1)).flatMap(({ rows }, i) =>
    rows.openOffers().map((offer) => `${i + 1} for ${Number(offer.orderId.slice(4))}`),
  );
}
function answer(world: DispatchWorld, n: number, how: typeof acceptOffer): void {
  world.at(world.courier(n), (books, nowMs) => {
    const [offer] = books.rows.openOffers();
    if (offer === undefined || !how(books, offer.offerId, nowMs).ok) throw new Error(`courier ${n} cannot answer`);
  });
}
function decisions(world: DispatchWorld): string[] {
  return world.decisions().map(({ type, data }) => {
    const chosen = 'chosen' in data ? Number(data.chosen.slice(4)) : '-';
    return `${type.slice('dispatch.'.length)} ${data.round} ${chosen}`;
  });
}

describe('a search', () => {
  test('goes from the best courier to the next on rejection and on silence, and rests when all were asked [D6]', () => {
    const world = onShift(3);
    world.request(1);
    world.settle();
    expect(asked(world, 3)).toEqual(['1 for 1']);
    answer(world, 1, rejectOffer);
    world.settle();
    expect(asked(world, 3)).toEqual(['2 for 1']);
    world.pass(OFFER_MS);
    world.settle();
    expect(asked(world, 3)).toEqual(['3 for 1']);
    answer(world, 3, rejectOffer);
    world.settle();
    expect(asked(world, 3)).toEqual([]);
    world.pass(REST_MS);
    world.settle();
    expect(asked(world, 3)).toEqual(['1 for 1']);
    expect(decisions(world)).toEqual(['proposed 1 1', 'proposed 1 2', 'proposed 1 3', 'exhausted 1 -', 'proposed 2 1']);
  });

  test('whose bags are ready is served before one that was estimated sooner, and never starts anew when it is over [D6]', () => {
    const world = new DispatchWorld(1);
    world.request(1, undefined, world.nowMs + 120_000);
    world.request(2, undefined, world.nowMs + 60_000);
    world.bagsReady(1);
    world.settle();
    start(world, 1);
    world.settle();
    expect(asked(world, 1)).toEqual(['1 for 1']);
    answer(world, 1, acceptOffer);
    world.settle();
    world.bagsReady(1);
    world.settle();
    expect(world.zone.searches.view().map(({ orderId: id }) => id)).toEqual([orderId(2)]);
  });

  test('that finds nobody waits, and asks whoever comes at once [D6]', () => {
    const world = new DispatchWorld(1);
    world.request(1);
    world.settle();
    for (let n = 0; n < 20; n += 1) world.pass(REST_MS);
    expect(decisions(world)).toEqual(['exhausted 1 -']);
    start(world, 1);
    world.settle();
    expect(asked(world, 1)).toEqual(['1 for 1']);
  });

  test('writes down every candidate with the terms of the score, and the choice follows from them [D5]', () => {
    const world = onShift(3);
    world.request(1);
    world.settle();
    const [decision] = world.decisions();
    if (decision?.type !== 'dispatch.proposed') throw new Error('nothing was proposed');
    const { data } = decision;
    expect(data).toMatchObject({ orderId: orderId(1), strategy: 's2-distance-load', chosen: courierId(1), round: 1 });
    expect(data.candidates.map(({ courierId: id, distanceM }) => [id, distanceM])).toEqual([
      [courierId(1), 300],
      [courierId(2), 600],
      [courierId(3), 900],
    ]);
    for (const { score, distanceM, load, terms } of data.candidates) {
      expect(score).toBe(distanceM * 0.6 + load * 1000 * 0.4);
      expect(terms).toEqual({ distance: distanceM * 0.6, load: 0 });
    }
  });

  test('does not ask beyond 5 km [D5]', () => {
    const world = new DispatchWorld(1);
    world.at(world.courier(1), (books, nowMs) => startShift(books, ZONE, { ...northOf(5001), atMs: nowMs }));
    world.request(1);
    world.settle();
    expect(decisions(world)).toEqual(['exhausted 1 -']);
  });

  test('two orders do not ask one courier, and the second asks when the first is delivered [D2] [D6]', () => {
    const world = onShift(1);
    world.request(1);
    world.request(2);
    world.settle();
    expect(asked(world, 1)).toEqual(['1 for 1']);
    answer(world, 1, acceptOffer);
    world.settle();
    world.pass(REST_MS);
    world.settle();
    // Not even for a moment did the zone take the courier for free.
    expect(decisions(world)).toEqual(['proposed 1 1', 'exhausted 1 -']);
    world.deliverAll(1);
    world.settle();
    expect(asked(world, 1)).toEqual(['1 for 2']);
  });

  test('a courier who could not be asked counts as a newcomer once there is room again [D6]', () => {
    const world = onShift(1);
    world.at(world.courier(1), endShift);
    const heldBack = world.mail();
    world.request(1);
    for (const from of ['order', 'zone']) {
      const mail = world.mail().find((one) => one.from === from);
      if (mail !== undefined) world.deliver(mail);
    }
    expect(heldBack).toHaveLength(1);
    start(world, 1);
    world.settle();
    expect(decisions(world)).toEqual(['proposed 1 1', 'exhausted 1 -', 'proposed 1 1']);
    expect(asked(world, 1)).toEqual(['1 for 1']);
  });

  test('two orders that wait do not both ask the one courier who comes [D2] [D6]', () => {
    const world = new DispatchWorld(1);
    world.request(1);
    world.request(2);
    world.settle();
    start(world, 1);
    for (const mail of world.mail()) world.deliver(mail);
    expect(decisions(world)).toEqual(['exhausted 1 -', 'exhausted 1 -', 'proposed 1 1']);
  });

  test('that is withdrawn takes its offer back and frees the courier for the next order', () => {
    const world = onShift(1);
    world.request(1);
    world.request(2);
    world.settle();
    world.cancel(1);
    world.settle();
    expect(asked(world, 1)).toEqual(['1 for 2']);
  });

  test('asks the next one when a courier is never heard from, and that one no more until heard again [D6]', () => {
    const world = onShift(2);
    world.request(1);
    const [request] = world.mail();
    if (request === undefined) throw new Error('no request');
    world.deliver(request);
    // The offer to courier 1 stays under way: its object is away.
    world.pass(OFFER_MS + ANSWER_GRACE_MS - 1);
    expect(decisions(world)).toEqual(['proposed 1 1']);
    world.pass(1);
    expect(decisions(world)).toEqual(['proposed 1 1', 'proposed 1 2']);
    world.request(2);
    const second = world.mail().find(({ from }) => from === 'order');
    if (second !== undefined) world.deliver(second);
    expect(decisions(world).at(-1)).toBe('exhausted 1 -');
    world.settle();
    // The late offer was refused by the clock, and with that courier 1 is back.
    expect(world.courierEvents(1).map(({ type }) => type)).toContain('courier.offer_timed_out');
    expect(asked(world, 2)).toEqual(['1 for 2', '2 for 1']);
  });

  test('an acceptance that comes after the zone gave up still counts, and the other offer is taken back [D6]', () => {
    const world = onShift(2);
    world.request(1);
    world.settle();
    answer(world, 1, acceptOffer);
    // Nothing of courier 1 arrives in time.
    world.pass(OFFER_MS + ANSWER_GRACE_MS);
    for (const mail of world.mail().filter(({ from }) => from === 'zone')) world.deliver(mail);
    expect(asked(world, 2)).toEqual(['2 for 1']);
    world.settle();
    expect(asked(world, 2)).toEqual([]);
    expect(world.carriers(orderId(1))).toEqual([courierId(1)]);
  });

  test('an acceptance that comes a round later still ends the search [D6]', () => {
    const world = onShift(2);
    world.request(1);
    world.settle();
    answer(world, 1, acceptOffer);
    // Nothing of courier 1 arrives, while courier 2 says no until a new round begins.
    function post(): void {
      for (const mail of world.mail().filter(({ from }) => from !== courierId(1))) world.deliver(mail);
    }
    world.pass(OFFER_MS + ANSWER_GRACE_MS);
    post();
    answer(world, 2, rejectOffer);
    post();
    world.pass(REST_MS);
    post();
    expect(decisions(world).at(-1)).toBe('proposed 2 2');
    world.settle();
    expect(asked(world, 2)).toEqual([]);
    expect(world.zone.searches.view()).toEqual([]);
    expect(world.carriers(orderId(1))).toEqual([courierId(1)]);
  });

  test('an answer after the deadline is refused before any alarm, and the next courier is asked with it [D6]', () => {
    const world = onShift(2);
    world.request(1);
    world.settle();
    const [offer] = world.courier(1).rows.openOffers();
    world.nowMs += OFFER_MS;
    const refused = world.at(world.courier(1), (books, nowMs) => acceptOffer(books, offer?.offerId ?? '', nowMs));
    expect(refused).toMatchObject({ error: { code: 'OFFER_GONE', numbers: { status: 'TIMED_OUT' } } });
    world.settle();
    expect(asked(world, 2)).toEqual(['2 for 1']);
  });

  test('when both accepted, the order keeps one and the other is free again [D6]', () => {
    const world = onShift(2);
    world.request(1);
    world.settle();
    answer(world, 1, acceptOffer);
    world.pass(OFFER_MS + ANSWER_GRACE_MS);
    for (const mail of world.mail().filter(({ from }) => from === 'zone')) world.deliver(mail);
    answer(world, 2, acceptOffer);
    world.settle();
    expect(world.carriers(orderId(1))).toHaveLength(1);
    world.request(2);
    world.settle();
    expect(asked(world, 2)).toHaveLength(1);
  });

  test('going off shift declines what is open and takes the courier out', () => {
    const world = onShift(2);
    world.request(1);
    world.settle();
    world.at(world.courier(1), endShift);
    world.settle();
    expect(asked(world, 2)).toEqual(['2 for 1']);
    answer(world, 2, rejectOffer);
    world.settle();
    world.pass(REST_MS);
    world.settle();
    expect(asked(world, 2)).toEqual(['2 for 1']);
  });
});

describe('whatever the post does', () => {
  const COURIERS = 3;
  const ORDERS = 4;
  /** Four orders, three couriers, every silence and rest included: far fewer are needed. */
  const TURNS_MAX = 60;
  const moves = fc.array(
    fc.record({
      kind: fc.constantFrom(
        'mail',
        'mail',
        'mail',
        'mail',
        'twice',
        'time',
        'accept',
        'reject',
        'request',
        'cancel',
        'off',
        'on',
        'deliver',
      ),
      n: fc.nat(11),
    }),
    { minLength: 10, maxLength: 120 },
  );

  function play(world: DispatchWorld, kind: string, n: number): void {
    const courier = world.courier((n % COURIERS) + 1);
    const [offer] = courier.rows.openOffers();
    const order = (n % ORDERS) + 1;
    const mail = world.mail();
    const letter = mail[n % Math.max(1, mail.length)];
    if (kind === 'mail' && letter !== undefined) world.deliver(letter);
    if (kind === 'twice' && letter !== undefined) world.deliver(letter, false);
    if (kind === 'time') world.pass(n * 1000);
    if (kind === 'request' && !world.orders.has(orderId(order))) world.request(order);
    if (kind === 'cancel') world.cancel(order);
    if (kind === 'off') world.at(courier, endShift);
    if (kind === 'on') start(world, (n % COURIERS) + 1);
    if (kind === 'deliver') world.deliverAll((n % COURIERS) + 1);
    if (offer === undefined) return;
    if (kind === 'accept') world.at(courier, (books, nowMs) => acceptOffer(books, offer.offerId, nowMs));
    if (kind === 'reject') world.at(courier, (books, nowMs) => rejectOffer(books, offer.offerId, nowMs));
  }

  /** More promises than room, if there ever are any. */
  function overload(world: DispatchWorld): number {
    return Math.max(
      ...Array.from({ length: COURIERS }, (_, i) => world.courier(i + 1).rows.hands()).map(
        ({ capacity, liveOrderIds, openOffers }) => liveOrderIds.length + openOffers.length - capacity,
      ),
    );
  }

  function isOpen({ orders }: DispatchWorld): boolean {
    return [...orders.values()].some(({ status }) => status === 'REQUESTED' || status === 'ASSIGNED');
  }

  test('no courier is promised beyond capacity, and in the end every order has had exactly one [D2] [D6]', () => {
    fc.assert(
      fc.property(moves, (drawn) => {
        const world = new DispatchWorld(COURIERS);
        for (const { kind, n } of drawn) {
          play(world, kind, n);
          expect(overload(world)).toBeLessThanOrEqual(0);
        }
        // From here on everybody works and the post is fast.
        for (let n = 1; n <= COURIERS; n += 1) start(world, n);
        for (let turn = 0; turn < TURNS_MAX && isOpen(world); turn += 1) {
          world.settle();
          for (let n = 1; n <= COURIERS; n += 1) {
            play(world, 'accept', n - 1);
            world.settle();
            world.deliverAll(n);
          }
          world.pass(REST_MS);
        }
        world.pass(OFFER_MS);
        world.settle();
        for (const [id, order] of world.orders) {
          expect([id, order.status]).toEqual([id, order.status === 'CANCELLED' ? 'CANCELLED' : 'DELIVERED']);
          expect(world.carriers(id)).toEqual([]);
        }
        expect(world.zone.searches.view()).toEqual([]);
        for (let n = 1; n <= COURIERS; n += 1) expect(world.courier(n).rows.openOffers()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
