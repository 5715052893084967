import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { execute, holdNo, operation, orderNo } from '../../../test/support/goods-commands.ts';
import { booksOver, eventsIn, holdStock, openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { PickTaskView, TaskAnswer, WaveAnswer, WaveView } from '../../../contracts/ws/tablet.ts';
import { CLAIM_LEASE_MS } from '../../../domain/picking/claim.ts';
import { DEFAULT_MEASURES } from '../../../domain/picking/layout.ts';
import { asOpId, asOrderId, asSku, asStoreId, asUserId } from '../../../domain/shared/ids.ts';
import type { OrderId, UserId } from '../../../domain/shared/ids.ts';
import { takeOverCatalog } from '../goods/operator-commands.ts';
import { commitToOrder } from '../holds/hold-commands.ts';
import { auditWholeLedger } from '../ledger/stock-audit.ts';
import { keepClaim, requeueLapsed } from './claims.ts';
import { actOnFloor } from './floor-commands.ts';
import type { FloorCommand } from './floor-commands.ts';
import { cancelPickOf } from './task-commands.ts';
import { sharedWaves, taskViews } from './task-view.ts';
import { claimWave } from './wave-commands.ts';

const MINUTE = 60_000;
const NOW = 60 * MINUTE;
const [ASHA, RAVI] = [asUserId(`usr_${'0'.repeat(26)}`), asUserId(`usr_${'1'.repeat(26)}`)];
const STORE_ID = asStoreId(`sto_${'0'.repeat(26)}`);
const LAYOUT = { ...DEFAULT_MEASURES, aisles: ['A01', 'A02', 'A03'], racks: 10 };
/** SKUs by where they lie; the barcode is the place in this list. */
const BINS = {
  TEA: 'A01-1-1',
  RICE: 'A01-9-1',
  OIL: 'A02-9-1',
  SOAP: 'A03-9-1',
  EGGS: 'A01-2-1',
  ICE: 'A01-3-1',
  LOST: 'Z09-1-1',
} as const;
type Name = keyof typeof BINS;
const NAMES = Object.keys(BINS) as Name[];

let ops = 0;
function hand(pickerId: UserId, atMs: number) {
  return { actor: { kind: 'staff', userId: pickerId, storeId: STORE_ID } as const, atMs };
}

/** A store with these goods and, unless told otherwise, a layout. */
function openFloor({ layout = true } = {}): StoreWorld {
  const world = openStoreWorld(Object.fromEntries(NAMES.map((name) => [name, 90])));
  const cards = NAMES.map((name, i) => ({
    sku: asSku(name),
    name,
    bin: BINS[name],
    barcodes: [`2000000${i}`],
    gramsPerUnit: 500,
    ...(name === 'EGGS' && { fragile: true }),
    ...(name === 'ICE' && { temperatureZone: 'frozen' as const }),
  }));
  takeOverCatalog(world.books, { ...operation(), storeName: 'Indiranagar', catalogVersion: 2, cards });
  if (layout) execute(world, { do: 'SetLayout', layout: LAYOUT });
  return world;
}
interface Given {
  readonly promisedAtMs?: number;
  readonly queuedAtMs?: number;
  readonly toDoorMs?: number;
  readonly accepted?: boolean;
}
/** An order on the floor, accepted and promised in half an hour. */
function order(world: StoreWorld, n: number, units: Partial<Record<Name, number>>, given: Given = {}): OrderId {
  const { promisedAtMs = NOW + 30 * MINUTE, queuedAtMs = NOW, toDoorMs, accepted = true } = given;
  const [holdId, orderId] = [holdNo(n), orderNo(n)];
  const lines = NAMES.toSorted().flatMap((name) => {
    const quantity = units[name];
    return quantity === undefined ? [] : [{ sku: asSku(name), quantity }];
  });
  const ids = { holdId, orderId };
  const held = holdStock(world.books, { ...operation(), ...ids, kind: 'order', lines }, lines, queuedAtMs);
  if (!held.ok) throw new Error(held.error.code);
  const terms = { orderNumber: `K-${n}`, promisedAtMs, ...(toDoorMs !== undefined && { toDoorMs }) };
  commitToOrder(world.books, { ...operation(), ...ids, ...terms }, queuedAtMs);
  if (accepted) tell(world, ASHA, { do: 'accept', taskId: orderId }, queuedAtMs);
  return orderId;
}

type FloorDo = FloorCommand extends infer C ? (C extends FloorCommand ? Omit<C, 't' | 'id'> : never) : never;
function tell(world: StoreWorld, pickerId: UserId, what: FloorDo, atMs = NOW): TaskAnswer | { readonly code: string } {
  ops += 1;
  const opId = asOpId(`floor-command-${ops}`);
  const told = actOnFloor(
    world.books,
    { pickerId },
    { t: 'command', id: opId, ...what },
    { opId },
    hand(pickerId, atMs),
  );
  return told.ok ? told.value : told.error;
}
function askWave(world: StoreWorld, pickerId: UserId, atMs = NOW, ordersMax = 4): ReturnType<typeof claimWave> {
  ops += 1;
  const opId = asOpId(`wave-command-${ops}`);
  const command = { t: 'command', id: opId, do: 'claimWave', ordersMax } as const;
  return world.sql.transaction(() => claimWave(world.books, { pickerId }, command, { opId }, hand(pickerId, atMs)));
}
function wave(world: StoreWorld, pickerId: UserId = ASHA, atMs = NOW, ordersMax = 4): WaveAnswer {
  const asked = askWave(world, pickerId, atMs, ordersMax);
  if (!asked.ok) throw new Error(asked.error.code);
  return asked.value;
}
function idsOf({ tasks }: WaveAnswer): string[] {
  return tasks.map(({ taskId }) => taskId).toSorted();
}
function views({ books }: StoreWorld): PickTaskView[] {
  return taskViews(books.queue.open(), books);
}
function view(world: StoreWorld, orderId: OrderId): PickTaskView {
  const found = views(world).find(({ taskId }) => taskId === orderId);
  if (found === undefined) throw new Error(`${orderId} is not on the floor`);
  return found;
}
function statuses(world: StoreWorld): Record<string, string> {
  const rows = world.sql.all<{ order_id: string; status: string }>('SELECT order_id, status FROM pick_tasks');
  return Object.fromEntries(rows.map((row) => [row.order_id, row.status]));
}
/** Units by task and SKU, as the walk has them. */
function unitsOf({ walk }: WaveView): Record<string, number> {
  const picks = [...walk.stops.flatMap((stop) => stop.picks), ...walk.unplaced];
  return Object.fromEntries(
    picks.flatMap(({ sku, units }) => units.map(({ taskId, quantity }) => [`${taskId} ${sku}`, quantity])),
  );
}
function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('there is none');
  return value;
}

let world: StoreWorld;
beforeEach(() => {
  world = openFloor();
});

describe('a wave [F8] [F9]', () => {
  it('is the most urgent order and what lies on its way, one walk and a tote each', () => {
    const far = order(world, 1, { RICE: 2, ICE: 1, EGGS: 1 }, { promisedAtMs: NOW + 25 * MINUTE });
    const same = order(world, 2, { RICE: 1 });
    order(world, 3, { SOAP: 1 }, { accepted: false });
    const { tasks, wave: planned } = wave(world);
    expect(tasks).toEqual(
      [far, same].map((taskId) => ({
        taskId,
        status: 'PICKING',
        leaseEndsAt: new Date(NOW + CLAIM_LEASE_MS).toISOString(),
      })),
    );
    const { walk, ...rest } = must(planned);
    expect(rest).toMatchObject({
      pickerId: ASHA,
      tasks: [
        { taskId: far, totes: [1] },
        { taskId: same, totes: [2] },
      ],
      // Alone the second would walk as far as RICE and back.
      savedM: 2 * 9.5,
    });
    const [rice, eggs, ice] = walk.stops;
    expect(rice).toEqual({
      walkM: 9.5,
      arrivesAtS: Math.round(9.5),
      picks: [
        {
          bin: 'A01-9-1',
          zone: 'ambient',
          sku: 'RICE',
          units: [
            { taskId: far, totes: [1], quantity: 2 },
            { taskId: same, totes: [2], quantity: 1 },
          ],
        },
      ],
    });
    // Fragile goods go on top, frozen ones come the very last.
    expect([eggs, ice].map((stop) => stop?.picks.map(({ sku }) => sku))).toEqual([['EGGS'], ['ICE']]);
    expect(walk).toMatchObject({ layoutVersion: 1, unplaced: [], stops: { length: 3 } });
    expect(view(world, far)).toMatchObject({ waveId: rest.waveId, totes: [1], walk: null, pickerId: ASHA });
    expect(view(world, far).lines.map(({ sku }) => sku)).toEqual(['RICE', 'EGGS', 'ICE']);
    expect(sharedWaves(world.books.queue.open(), world.books)).toEqual([planned]);
  });

  it('takes no more orders than asked for, and none that the ride would make late', () => {
    for (const n of [1, 2, 3]) order(world, n, { RICE: 1 }, { promisedAtMs: NOW + (20 + n) * MINUTE });
    order(world, 4, { RICE: 1 }, { toDoorMs: 29 * MINUTE });
    expect(idsOf(wave(world, ASHA, NOW, 2))).toEqual([orderNo(1), orderNo(2)]);
    expect(idsOf(wave(world, RAVI))).toEqual([orderNo(3)]);
  });

  it('has no walk in a store without a layout: the most urgent order comes, in the order of its bins', () => {
    const bare = openFloor({ layout: false });
    order(bare, 1, { RICE: 1 });
    const first = order(bare, 2, { RICE: 1, ICE: 1, EGGS: 1 }, { promisedAtMs: NOW + 9 * MINUTE });
    expect(wave(bare)).toMatchObject({ tasks: [{ taskId: first, status: 'PICKING' }], wave: null });
    expect(view(bare, first)).toMatchObject({ waveId: null, totes: [], walk: null });
    expect(view(bare, first).lines.map(({ sku }) => sku)).toEqual(['EGGS', 'ICE', 'RICE']);
  });

  it('is empty when nothing waits: not accepted yet, offered to somebody else, or picked', () => {
    order(world, 1, { RICE: 1 }, { accepted: false });
    const offered = order(world, 2, { RICE: 1 });
    tell(world, ASHA, { do: 'claim', taskId: offered });
    tell(world, ASHA, { do: 'handoff', taskId: offered, to: RAVI });
    expect(wave(world)).toEqual({ tasks: [], wave: null });
    expect(idsOf(wave(world, RAVI))).toEqual([offered]);
  });

  it('is not given to who has something in hand, nor to the lead', () => {
    const first = order(world, 1, { RICE: 1 });
    order(world, 2, { SOAP: 1 });
    tell(world, ASHA, { do: 'claim', taskId: first });
    const refused = askWave(world, ASHA);
    expect(refused).toMatchObject({ error: { code: 'WAVE_OPEN', numbers: { tasks: 1, taskIds: [first] } } });
    expect(statuses(world)).toEqual({ [orderNo(1)]: 'PICKING', [orderNo(2)]: 'ACCEPTED' });
    const command = { t: 'command', id: 'lead-asks', do: 'claimWave', ordersMax: 4 } as const;
    const cause = { opId: asOpId('lead-asks') };
    const asked = claimWave(world.books, { lead: true }, command, cause, hand(ASHA, NOW));
    expect(asked).toMatchObject({ error: { code: 'FORBIDDEN' } });
    tell(world, ASHA, { do: 'release', taskId: first });
    expect(wave(world).tasks).not.toEqual([]);
  });
});

describe('what becomes of one order of a wave is nothing to the others [F8]', () => {
  let [lost, kept, also] = [orderNo(1), orderNo(2), orderNo(3)];
  let planned: WaveView;
  beforeEach(() => {
    [lost, kept, also] = [1, 2, 3].map((n) => order(world, n, { RICE: 2 })) as [OrderId, OrderId, OrderId];
    planned = must(wave(world).wave);
  });

  it.each<[string, () => void, string]>([
    ['given back', () => tell(world, ASHA, { do: 'release', taskId: lost }), 'ACCEPTED'],
    ['handed on', () => tell(world, ASHA, { do: 'handoff', taskId: lost, to: RAVI }), 'ACCEPTED'],
    ['cancelled', () => cancelPickOf(world.books, lost, { opId: asOpId('cancels-1') }, hand(RAVI, NOW)), 'CANCELLED'],
    [
      'without a sign of life',
      () => {
        for (const orderId of [kept, also]) keepClaim(world.books, ASHA, orderId, NOW + CLAIM_LEASE_MS - 1);
        requeueLapsed(world.books, NOW + CLAIM_LEASE_MS);
      },
      'ACCEPTED',
    ],
  ])('%s', (_what, happens, status) => {
    expect(planned.tasks).toHaveLength(3);
    happens();
    expect(statuses(world)).toEqual({ [lost]: status, [kept]: 'PICKING', [also]: 'PICKING' });
    expect(sharedWaves(world.books.queue.open(), world.books)).toEqual([planned]);
    for (const [orderId, tote] of [
      [kept, 2],
      [also, 3],
    ] as const) {
      expect(view(world, orderId)).toMatchObject({ waveId: planned.waveId, totes: [tote], pickerId: ASHA });
      expect(tell(world, ASHA, { do: 'scan', taskId: orderId, barcode: '20000001', quantity: 2 })).toMatchObject({
        line: { picked: 2 },
      });
      expect(tell(world, ASHA, { do: 'pack', taskId: orderId, bags: 1 })).toMatchObject({ status: 'PACKED' });
    }
    expect(auditWholeLedger(world.sql).discrepancies).toEqual([]);
  });

  it('packed; and claimed again, it has a walk of its own and what is missing only', () => {
    tell(world, ASHA, { do: 'scan', taskId: lost, barcode: '20000001', quantity: 1 });
    tell(world, ASHA, { do: 'release', taskId: lost });
    tell(world, RAVI, { do: 'claim', taskId: lost });
    const again = view(world, lost);
    expect(again).toMatchObject({ totes: [1], walk: { distanceM: 19, stops: [{ picks: [{ sku: 'RICE' }] }] } });
    expect(again.waveId).not.toBe(planned.waveId);
    expect(again.walk?.stops[0]?.picks[0]?.units).toEqual([{ taskId: lost, totes: [1], quantity: 1 }]);
    expect(sharedWaves(world.books.queue.open(), world.books)).toEqual([planned]);
  });
});

describe('a single claim [F8]', () => {
  it('has its walk on the task while it is picked, also after the object died, and stays as it was planned', () => {
    const taskId = order(world, 1, { SOAP: 1, TEA: 1, LOST: 1, EGGS: 30 });
    expect(view(world, taskId)).toMatchObject({ waveId: null, totes: [], walk: null });
    tell(world, ASHA, { do: 'claim', taskId });
    const { walk, totes, lines } = view(world, taskId);
    // Thirty EGGS of half a kilo are more than a tote holds.
    expect(totes).toEqual([1, 2]);
    expect(lines.map(({ sku }) => sku)).toEqual(['SOAP', 'TEA', 'EGGS', 'LOST']);
    expect(walk).toMatchObject({ layoutVersion: 1, unplaced: [{ sku: 'LOST', bin: 'Z09-1-1' }] });
    const { distanceM, durationS, stops } = must(walk);
    expect(stops.map(({ picks }) => picks.map(({ bin }) => bin))).toEqual([['A03-9-1'], ['A01-1-1'], ['A01-2-1']]);
    const walked = stops.reduce((sum, { walkM }) => sum + walkM, 0);
    expect(distanceM).toBeCloseTo(walked + 2.5, 5);
    // A metre a second, four seconds a stop, three a unit.
    expect(durationS).toBe(Math.round(distanceM + 4 * 4 + 33 * 3));
    execute(world, { do: 'SetLayout', layout: { ...LAYOUT, walkMPerS: 0.5 } });
    tell(world, ASHA, { do: 'scan', taskId, barcode: '20000000', quantity: 1 });
    expect(view(world, taskId).walk).toEqual(walk);
    const woken = booksOver(world.sql, STORE_ID);
    expect(taskViews(woken.queue.open(), woken)[0]?.walk).toEqual(walk);
    tell(world, ASHA, { do: 'release', taskId });
    expect(view(world, taskId)).toMatchObject({ waveId: null, totes: [], walk: null });
  });

  it('claimed twice is claimed once; of a walk that nobody is on any more nothing is kept', () => {
    const [one, two] = [order(world, 1, { TEA: 1 }), order(world, 2, { SOAP: 1 })];
    tell(world, ASHA, { do: 'claim', taskId: one });
    const { waveId } = view(world, one);
    tell(world, ASHA, { do: 'claim', taskId: one });
    expect(view(world, one).waveId).toBe(waveId);
    tell(world, ASHA, { do: 'release', taskId: one });
    tell(world, RAVI, { do: 'claim', taskId: two });
    expect(world.sql.all('SELECT wave_id FROM waves')).toEqual([{ wave_id: view(world, two).waveId }]);
    expect(world.sql.all('SELECT order_id FROM wave_tasks')).toEqual([{ order_id: two }]);
  });
});

describe('the queue [F7]', () => {
  it('shows the most urgent first, by promise and by waiting, and tablets may sort by the number', () => {
    order(world, 1, { TEA: 1 }, { queuedAtMs: NOW - 20 * MINUTE, promisedAtMs: NOW + 9 * MINUTE });
    order(world, 2, { TEA: 1 }, { promisedAtMs: NOW + 8 * MINUTE });
    order(world, 3, { TEA: 1 }, { promisedAtMs: NOW + 2 * MINUTE });
    order(world, 4, { TEA: 1 }, { promisedAtMs: NOW + 8 * MINUTE });
    const shown = views(world);
    // The first was promised later than all others, and has waited for twenty minutes.
    expect(shown.map(({ taskId }) => taskId)).toEqual([1, 3, 2, 4].map(orderNo));
    expect(shown.toSorted((a, b) => a.urgency - b.urgency)).toEqual(shown);
  });
});

const anyOrders = fc.array(
  fc.record({
    units: fc.dictionary(fc.constantFrom(...NAMES), fc.integer({ min: 1, max: 4 }), { minKeys: 1, maxKeys: 4 }),
    promisedInMs: fc.integer({ min: 5 * MINUTE, max: 40 * MINUTE }),
    waitedMs: fc.integer({ min: 0, max: 10 * MINUTE }),
    begun: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);
type Orders = typeof anyOrders extends fc.Arbitrary<infer T> ? T : never;
/** The same orders on a floor of their own; some were begun and given back. */
function floorWith(orders: Orders): StoreWorld {
  ops = 0;
  const floor = openFloor();
  for (const [i, { units, promisedInMs, waitedMs, begun }] of orders.entries()) {
    const times = { queuedAtMs: NOW - waitedMs, promisedAtMs: NOW + promisedInMs };
    const taskId = order(floor, i + 1, units, times);
    if (!begun) continue;
    tell(floor, RAVI, { do: 'claim', taskId });
    const [line] = view(floor, taskId).lines;
    tell(floor, RAVI, { do: 'scan', taskId, barcode: must(line?.barcodes[0]), quantity: 1 });
    tell(floor, RAVI, { do: 'release', taskId });
  }
  return floor;
}
function floorTables({ sql }: StoreWorld): unknown {
  return {
    tasks: sql.all('SELECT * FROM pick_tasks ORDER BY order_id'),
    lines: sql.all('SELECT * FROM pick_lines ORDER BY order_id, sku'),
    stock: sql.all('SELECT * FROM stock ORDER BY sku'),
    ring: sql.all("SELECT due_at_ms FROM deadlines WHERE kind = 'claim'"),
    reports: sql.all("SELECT lane, body FROM outbox WHERE lane LIKE 'object order %' ORDER BY lane, seq"),
  };
}

describe('any floor', () => {
  it('a wave’s orders are as if each had been claimed by its name, and the walk has every unit once [F8] [F9]', () => {
    fc.assert(
      fc.property(anyOrders, (orders) => {
        const [together, singly] = [floorWith(orders), floorWith(orders)];
        const { tasks, wave: planned } = wave(together);
        expect(tasks).toEqual(
          tasks.map(({ taskId }) => tell(singly, ASHA, { do: 'claim', taskId: asOrderId(taskId) })),
        );
        expect(floorTables(together)).toEqual(floorTables(singly));
        const claimed = [together, singly].map((floor) => eventsIn(floor, STORE_EVENTS, 'pick_task.claimed'));
        expect(claimed[0]).toEqual(claimed[1]);
        const walks = tasks.map(({ taskId }) =>
          unitsOf(must(singly.books.waves.of([asOrderId(taskId)]).get(asOrderId(taskId)))),
        );
        expect(unitsOf(must(planned))).toEqual(Object.assign({}, ...walks));
        const missing = tasks.flatMap(({ taskId }) =>
          view(together, asOrderId(taskId)).lines.map(({ sku, quantity, picked }) => [
            `${taskId} ${sku}`,
            quantity - picked,
          ]),
        );
        expect(unitsOf(must(planned))).toEqual(Object.fromEntries(missing.filter(([, units]) => units !== 0)));
        expect(auditWholeLedger(together.sql).discrepancies).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('no order is given to two pickers who ask for waves in any order, and none is left when all have asked [F9]', () => {
    const anyAsks = fc.array(fc.record({ second: fc.boolean(), ordersMax: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(anyOrders, anyAsks, (orders, asks) => {
        const floor = floorWith(orders);
        const owner = new Map<string, UserId>();
        for (const { second, ordersMax } of asks) {
          const pickerId = second ? RAVI : ASHA;
          const asked = askWave(floor, pickerId, NOW, ordersMax);
          const busy = [...owner.values()].includes(pickerId);
          expect(asked.ok ? 'given' : asked.error.code).toBe(busy ? 'WAVE_OPEN' : 'given');
          const given = asked.ok ? asked.value.tasks : [];
          expect(given.length).toBeLessThanOrEqual(ordersMax);
          for (const { taskId } of given) {
            expect(owner.has(taskId)).toBe(false);
            owner.set(taskId, pickerId);
          }
        }
        const picked = views(floor).filter(({ status }) => status === 'PICKING');
        expect(new Map(picked.map(({ taskId, pickerId }) => [taskId, pickerId]))).toEqual(owner);
        // Whoever comes next, until all is claimed.
        for (let n = 2; views(floor).some(({ status }) => status === 'ACCEPTED'); n += 1) {
          expect(wave(floor, asUserId(`usr_${String(n).padStart(26, '0')}`)).tasks.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 15 },
    );
  });
});
