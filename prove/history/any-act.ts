import fc from 'fast-check';
import { toBasket } from '../../domain/inventory/basket-lines.ts';
import { REJECT_REASONS } from '../../domain/picking/pick-task.ts';
import { SHORT_PICK_REASONS } from '../../domain/picking/short-pick.ts';
import type { StockLine } from '../../contracts/rpc/store.ts';
import type { Act, ActName, FloorAct, HoldAct } from './act.ts';
import { anyCommand, anyReceived } from './any-command.ts';
import { HANDOVER_CODE, SKUS } from './cast.ts';

/** Longer than movements are kept one by one. */
const FOUR_DAYS_MS = 4 * 24 * 60 * 60 * 1000;

const anySku = fc.constantFrom(...SKUS);
const anyUnits = fc.integer({ min: 1, max: 3 });
/** A SKU may be on two lines; they count once, summed. */
const anyLines: fc.Arbitrary<readonly StockLine[]> = fc.array(fc.record({ sku: anySku, quantity: anyUnits }), {
  minLength: 1,
  maxLength: 3,
});
const anyBasket = anyLines.map((lines) => {
  const basket = toBasket(lines, { linesMax: 9, quantityMax: 9 });
  return basket.ok ? basket.value : lines;
});
const small = fc.integer({ min: 1, max: 4 });
const anyStore = fc.constantFrom(0 as const, 1 as const);
const anyPicker = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0 as const) },
  { weight: 1, arbitrary: fc.constant(1 as const) },
);
const anyOwner = fc.constantFrom('customer' as const, 'channel' as const);

/** Few enough to meet again, many enough to go on when some are over. */
const anyHoldNumber = fc.integer({ min: 1, max: 10 });

const anyHold: fc.Arbitrary<HoldAct> = fc
  .record({
    hold: anyHoldNumber,
    buyer: fc.constantFrom('order' as const, 'order' as const, 'customer' as const, 'channel' as const),
    lines: anyLines,
  })
  .map((hold) => ({ do: 'hold', order: hold.hold, ...hold }));
/** Mostly the order that the hold is of. */
const anyHoldAndOrder = fc
  .tuple(anyHoldNumber, fc.integer({ min: 0, max: 5 }))
  .map(([hold, other]) => ({ hold, order: other === 0 ? (hold % 4) + 1 : hold }));

const anyScan = fc.record({
  line: fc.integer({ min: 0, max: 2 }),
  quantity: fc.oneof(fc.constant(null), anyUnits),
});
const anyFloor: fc.Arbitrary<FloorAct> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('accept' as const, 'claim' as const, 'claimWave' as const).map((name) => ({ do: name })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('heartbeat' as const, 'letGo' as const, 'handoff' as const)
      .map((name) => ({ do: name })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reject' as const),
      reason: fc.constantFrom(...REJECT_REASONS),
      notThere: fc.boolean(),
    }),
  },
  { weight: 7, arbitrary: anyScan.map((scan) => ({ do: 'scan' as const, ...scan })) },
  { weight: 4, arbitrary: anyScan.map((scan) => ({ do: 'restock' as const, ...scan })) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('short' as const),
      line: fc.integer({ min: 0, max: 2 }),
      quantity: anyUnits,
      reason: fc.constantFrom(...SHORT_PICK_REASONS),
    }),
  },
  { weight: 4, arbitrary: fc.boolean().map((sealed) => ({ do: 'pack' as const, sealed })) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(HANDOVER_CODE, HANDOVER_CODE, HANDOVER_CODE, '000000')
      .map((code) => ({ do: 'handover' as const, code })),
  },
);

const anyOrder = anyHoldNumber;
const transfer = { transfer: fc.integer({ min: 1, max: 3 }), from: anyStore };

/** How often each act is drawn, and what it may look like. An act that is missing here does not compile. */
const ACTS: { readonly [N in ActName]: readonly [weight: number, arbitrary: fc.Arbitrary<Act & { readonly do: N }>] } =
  {
    hold: [14, anyHold],
    holdMany: [4, fc.array(anyHold, { minLength: 2, maxLength: 5 }).map((holds) => ({ do: 'holdMany', holds }))],
    renew: [2, fc.tuple(anyHoldAndOrder, anyOwner).map(([named, buyer]) => ({ do: 'renew', ...named, buyer }))],
    promote: [3, fc.tuple(anyHoldAndOrder, anyOwner).map(([named, buyer]) => ({ do: 'promote', ...named, buyer }))],
    commit: [
      12,
      fc
        .tuple(anyHoldAndOrder, fc.constantFrom(null, null, 1, 2))
        .map(([named, keep]) => ({ do: 'commit', ...named, keep })),
    ],
    release: [
      4,
      fc
        .tuple(
          anyHoldAndOrder,
          fc.constantFrom('order' as const, 'order' as const, 'customer' as const, 'channel' as const),
        )
        .map(([named, buyer]) => ({ do: 'release', ...named, buyer })),
    ],
    expectCourier: [4, anyOrder.map((order) => ({ do: 'expectCourier', order }))],
    cancelPick: [3, anyOrder.map((order) => ({ do: 'cancelPick', order }))],
    floor: [40, fc.record({ do: fc.constant('floor'), picker: anyPicker, order: anyOrder, what: anyFloor })],
    receive: [3, fc.record({ do: fc.constant('receive'), note: small, lines: anyReceived })],
    execute: [26, anyCommand.map((command) => ({ do: 'execute', command }))],
    startCount: [3, fc.record({ do: fc.constant('startCount'), count: small, picker: anyPicker })],
    submitCount: [
      5,
      fc.record({
        do: fc.constant('submitCount'),
        count: small,
        picker: anyPicker,
        off: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -8, max: 3 })),
      }),
    ],
    send: [3, fc.record({ do: fc.constant('send'), ...transfer, lines: anyBasket })],
    unload: [3, fc.record({ do: fc.constant('unload'), ...transfer, missing: fc.constantFrom(0, 0, 1) })],
    callBack: [2, fc.record({ do: fc.constant('callBack'), ...transfer })],
    pass: [
      5,
      fc.record({
        do: fc.constant('pass'),
        ms: fc.constantFrom(1_000, 40_000, 100_000, 300_000, 600_000, FOUR_DAYS_MS),
        alarm: fc.constantFrom(
          'on time' as const,
          'on time' as const,
          'late' as const,
          'twice' as const,
          'lost' as const,
        ),
      }),
    ],
    fault: [8, fc.integer({ min: 0, max: 9 }).map((after) => ({ do: 'fault', after }))],
    again: [4, fc.integer({ min: 1, max: 6 }).map((ago) => ({ do: 'again', ago }))],
    reuse: [1, fc.integer({ min: 1, max: 6 }).map((ago) => ({ do: 'reuse', ago }))],
  };

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  ...Object.values(ACTS).map(([weight, arbitrary]) => ({ weight, arbitrary })),
);

/** An order on its way to the door; some are called off on it, and put back. */
const anyWay: fc.Arbitrary<readonly Act[]> = fc
  .record({
    order: anyOrder,
    buyer: fc.constantFrom('order' as const, 'order' as const, 'customer' as const, 'channel' as const),
    lines: anyLines,
    keep: fc.constantFrom(null, null, null, 1),
    steps: fc.integer({ min: 2, max: 11 }),
    short: fc.option(fc.constantFrom(...SHORT_PICK_REASONS), { nil: null }),
    calledOff: fc.boolean(),
  })
  .map(({ order, buyer, lines, keep, steps, short, calledOff }) => {
    function floor(what: FloorAct): Act {
      return { do: 'floor', picker: 0, order, what };
    }
    function all(act: 'scan' | 'restock'): Act {
      return floor({ do: act, line: 0, quantity: null });
    }
    const hold: Act = { do: 'hold', hold: order, buyer, order, lines };
    const taken: readonly Act[] = buyer === 'order' ? [hold] : [hold, { do: 'promote', hold: order, order, buyer }];
    const way: readonly Act[] = [
      ...taken,
      { do: 'commit', hold: order, order, keep },
      floor({ do: 'accept' }),
      floor({ do: 'claim' }),
      short === null ? all('scan') : floor({ do: 'short', line: 0, quantity: 1, reason: short }),
      all('scan'),
      all('scan'),
      floor({ do: 'pack', sealed: true }),
      { do: 'expectCourier', order },
      floor({ do: 'handover', code: HANDOVER_CODE }),
    ];
    const back: readonly Act[] = [{ do: 'cancelPick', order }, all('restock'), all('restock')];
    return [...way.slice(0, steps), ...(calledOff ? back : [])];
  });
const anyCounting: fc.Arbitrary<readonly Act[]> = fc
  .record({ sku: anySku, count: small, off: fc.integer({ min: -8, max: 3 }) })
  .map(({ sku, count, off }) => [
    { do: 'execute', command: { do: 'RequestCount', sku } },
    { do: 'startCount', count, picker: 0 },
    { do: 'submitCount', count, picker: 0, off },
    { do: 'submitCount', count, picker: 0, off },
  ]);
const anyVan: fc.Arbitrary<readonly Act[]> = fc
  .record({
    ...transfer,
    lines: anyBasket,
    missing: fc.constantFrom(0, 0, 1),
    end: fc.constantFrom('unload', 'callBack'),
  })
  .map(({ transfer: named, from, lines, missing, end }) => [
    { do: 'send', transfer: named, from, lines },
    end === 'unload' ? { do: 'unload', transfer: named, from, missing } : { do: 'callBack', transfer: named, from },
  ]);

/** A release that overtakes its hold. */
const anyOvertaking: fc.Arbitrary<readonly Act[]> = anyHold.map((hold) => [{ ...hold, do: 'release' }, hold]);

/** Single acts in any order, and stretches that belong together, so that some things come to their end. */
export const anyStretch: fc.Arbitrary<readonly Act[]> = fc.oneof(
  { weight: 24, arbitrary: anyAct.map((act) => [act]) },
  { weight: 3, arbitrary: anyWay },
  { weight: 1, arbitrary: anyCounting },
  { weight: 1, arbitrary: anyVan },
  { weight: 1, arbitrary: anyOvertaking },
);
