import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeSql } from '../../test/support/node-sql.ts';
import { holdStock } from '../../test/support/store-world.ts';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { STOCK_MOVEMENTS } from '../../contracts/events/stock.ts';
import { parseEvent } from '../../contracts/events/topic.ts';
import type { EventOf } from '../../contracts/events/topic.ts';
import type { StockLine } from '../../contracts/rpc/store.ts';
import { toBasket } from '../../domain/inventory/basket-lines.ts';
import { missingUnits, pickedUnits } from '../../domain/picking/pick-task.ts';
import { SHORT_PICK_REASONS } from '../../domain/picking/short-pick.ts';
import {
  asChannelId,
  asCourierId,
  asHoldId,
  asOpId,
  asOrderId,
  asSku,
  asStoreId,
  asUserId,
} from '../../domain/shared/ids.ts';
import { Deadlines } from '../kit/deadlines.ts';
import { KIT_MIGRATIONS } from '../kit/kit-migrations.ts';
import { migrate } from '../kit/migrate.ts';
import { Outbox } from '../kit/outbox.ts';
import type { SqlPort } from '../kit/sql.ts';
import { openStoreBooks } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import { requeueLapsed } from './floor/claims.ts';
import { actOnFloor } from './floor/floor-commands.ts';
import type { FloorCommand } from './floor/floor-commands.ts';
import { receiveGoods, takeOverCatalog } from './goods/operator-commands.ts';
import { HOLD_ON } from '../../domain/inventory/store-policy.ts';
import { holdAll } from './holds/hold-batch.ts';
import { commitToOrder, promoteToOrder, releaseStock, renewCart } from './holds/hold-commands.ts';
import { expireDue } from './holds/hold-expiry.ts';
import { readLevel } from './ledger/stock-columns.ts';
import { auditWholeLedger } from './ledger/stock-audit.ts';
import { cancelPick, expectCourierAt } from './floor/task-commands.ts';
import { STORE_MIGRATIONS } from './store-migrations.ts';

const STORE = asStoreId(`sto_${'0'.repeat(26)}`);
const ASHA = asUserId(`usr_${'0'.repeat(26)}`);
const OPERATOR: Actor = { kind: 'operator', userId: ASHA };
const CUSTOMER: Actor = { kind: 'customer', userId: ASHA };
const KIOSK = { kind: 'channel', channelId: asChannelId('kiosk') } as const;
const SKUS = ['EGGS', 'MILK', 'TEA'].map(asSku);
const [UNITS, PROMISED_AT_MS] = [6, 1_800_000_000_000];

interface World {
  readonly sql: SqlPort;
  readonly books: StoreBooks;
  ops: number;
}
function openWorld(): World {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'store', STORE_MIGRATIONS);
  const books = openStoreBooks(STORE, {
    sql,
    outbox: new Outbox(sql, `store/${STORE}`),
    deadlines: new Deadlines(sql),
  });
  const world = { sql, books, ops: 0 };
  const cards = SKUS.map((sku, i) => ({ sku, name: sku, bin: 'A-1', barcodes: [`2000000${i}`] }));
  takeOverCatalog(books, { ...command(world), storeName: 'Indiranagar', catalogVersion: 1, cards });
  const lines = SKUS.map((sku) => ({ sku, quantity: UNITS }));
  receiveGoods(books, { ...command(world), receiptId: 'GRN-1', lines }, lines, 0);
  return world;
}
function command(world: World): { v: number; actor: Actor; opId: ReturnType<typeof asOpId> } {
  world.ops += 1;
  return { v: RPC_VERSION, actor: OPERATOR, opId: asOpId(`op-${String(world.ops).padStart(8, '0')}`) };
}

interface Step {
  readonly name: string;
  readonly id: number;
  readonly lines: readonly StockLine[];
  readonly nowMs: number;
}
/** Each command as the object runs it inside a transaction; a refusal is as good as an answer. */
const COMMANDS: Record<string, (world: World, step: Step, ids: ReturnType<typeof idsOf>) => unknown> = {
  hold: (world, { lines, nowMs }, { holdId, orderId }) =>
    holdStock(world.books, { ...command(world), holdId, orderId, kind: 'order', lines }, lines, nowMs),
  cart: (world, { id, lines, nowMs }, { holdId }) => {
    const actor = id % 2 === 0 ? CUSTOMER : KIOSK;
    return holdStock(world.books, { ...command(world), actor, holdId, kind: 'cart', lines }, lines, nowMs);
  },
  renew: (world, { nowMs }, { holdId }) => renewCart(world.books, { ...command(world), holdId }, nowMs),
  promote: (world, { nowMs }, ids) => promoteToOrder(world.books, { ...command(world), ...ids }, nowMs),
  commitPart: (world, { lines, nowMs }, ids) => {
    const terms = { orderNumber: 'K-1', promisedAtMs: PROMISED_AT_MS, lines };
    return commitToOrder(world.books, { ...command(world), ...ids, ...terms }, nowMs);
  },
  setPolicy: (world, { id }) => {
    world.books.policies.setPolicy({ holdOn: HOLD_ON[id % 3] ?? 'cart', scarceAtUnits: id });
  },
  setTerms: (world, { lines }) => {
    const allocations = lines.map(({ sku, quantity }) => ({ sku, allocationUnits: quantity }));
    world.books.policies.setTerms(KIOSK.channelId, 1, allocations);
  },
  batch: (world, { lines, nowMs }) => {
    const ops = [5, 6, 7].map((id) => ({
      lines,
      command: { ...command(world), ...idsOf(id), kind: 'order', lines } as const,
    }));
    holdAll(world.books, ops, nowMs);
  },
  commit: (world, { nowMs }, ids) =>
    commitToOrder(world.books, { ...command(world), ...ids, orderNumber: 'K-1', promisedAtMs: PROMISED_AT_MS }, nowMs),
  release: (world, { nowMs }, { holdId }) =>
    releaseStock(world.books, { ...command(world), holdId, reason: 'void' }, nowMs),
  expire: (world, { nowMs }) => {
    expireDue(world.books, nowMs);
  },
  cancel: (world, { nowMs }, { orderId }) =>
    cancelPick(world.books, { ...command(world), orderId, reason: 'customer' }, nowMs),
  expect: (world, { nowMs }, { orderId }) =>
    expectCourierAt(world.books, { ...command(world), orderId, courierId: COURIER, handoverCode: '123456' }, nowMs),
  accept: (world, step, { orderId }) => floor(world, step, { do: 'accept', taskId: orderId }),
  claim: (world, step, { orderId }) => floor(world, step, { do: 'claim', taskId: orderId }),
  scan: (world, step, { orderId }) => {
    for (const { sku, quantity } of step.lines) {
      floor(world, step, { do: 'scan', taskId: orderId, barcode: `2000000${SKUS.indexOf(sku)}`, quantity });
    }
  },
  pickRest: (world, step, { orderId }) => {
    for (const line of world.books.queue.find(orderId)?.lines ?? []) {
      const [barcode, quantity] = [`2000000${SKUS.indexOf(line.sku)}`, missingUnits(line)];
      if (quantity > 0) floor(world, step, { do: 'scan', taskId: orderId, barcode, quantity });
    }
  },
  reject: (world, step, { orderId }) => {
    const notThere = step.lines.map(({ sku }) => sku).filter((sku) => wants(world, orderId, sku));
    return floor(world, step, { do: 'reject', taskId: orderId, reason: 'ITEM_UNAVAILABLE', notThere });
  },
  requeue: (world, { nowMs }) => {
    requeueLapsed(world.books, nowMs);
  },
  giveBack: (world, step, { orderId }) => floor(world, step, { do: 'release', taskId: orderId }),
  short: (world, step, { orderId }) => {
    for (const [i, { sku, quantity }] of step.lines.entries()) {
      const reason = SHORT_PICK_REASONS[(step.id + i) % SHORT_PICK_REASONS.length] ?? 'NOT_FOUND';
      floor(world, step, { do: 'short', taskId: orderId, sku, quantity, reason });
    }
  },
  pack: (world, step, { orderId }) => {
    const task = world.books.queue.find(orderId);
    const seal = { seal: `SEAL-${world.ops}`, size: 'M', zone: 'ambient' } as const;
    return floor(world, step, {
      do: 'pack',
      taskId: orderId,
      bags: task !== undefined && pickedUnits(task) > 0 ? [seal] : [],
    });
  },
  handover: (world, step, { orderId }) => {
    const seals = world.sql.all<{ seal: string }>('SELECT seal FROM sealed_bags WHERE order_id = ?', orderId);
    const frame = { do: 'handover', taskId: orderId, code: '123456', seals: seals.map(({ seal }) => seal) } as const;
    return floor(world, step, frame);
  },
  restock: (world, step, { orderId }) => {
    for (const { sku, quantity } of step.lines) {
      floor(world, step, { do: 'restock', taskId: orderId, barcode: `2000000${SKUS.indexOf(sku)}`, quantity });
    }
  },
};
function wants({ books }: World, orderId: ReturnType<typeof asOrderId>, sku: string): boolean {
  return books.queue.find(orderId)?.lines.some((line) => line.sku === sku) ?? false;
}
const COURIER = asCourierId(`cou_${'0'.repeat(26)}`);

type FloorDo = FloorCommand extends infer C ? (C extends FloorCommand ? Omit<C, 't' | 'id'> : never) : never;
function floor(world: World, { nowMs }: Step, what: FloorDo): unknown {
  const { opId } = command(world);
  const frame = { t: 'command', id: opId, ...what } as const;
  return actOnFloor(world.books, { pickerId: ASHA }, frame, { opId }, { actor: OPERATOR, atMs: nowMs });
}
function idsOf(id: number) {
  const body = String(id).padStart(26, '0');
  return { holdId: asHoldId(`hld_${body}`), orderId: asOrderId(`ord_${body}`) };
}

const anyLines = fc
  .dictionary(fc.constantFrom(...SKUS), fc.integer({ min: 1, max: 3 }), { minKeys: 1 })
  .map((units) => Object.entries(units).map(([sku, quantity]) => ({ sku: asSku(sku), quantity })))
  .map((lines) => {
    const basket = toBasket(lines, { linesMax: 9, quantityMax: 9 });
    return basket.ok ? basket.value : [];
  });
const WAY_TO_THE_DOOR = ['hold', 'commit', 'accept', 'claim', 'pickRest', 'pack', 'expect', 'handover'];
const anyName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WAY_TO_THE_DOOR, 'scan') },
  { weight: 2, arbitrary: fc.constantFrom('release', 'expire', 'cancel') },
  { weight: 4, arbitrary: fc.constantFrom('cart', 'renew', 'promote', 'commitPart', 'batch', 'setPolicy', 'setTerms') },
  { weight: 2, arbitrary: fc.constantFrom('short', 'reject', 'requeue', 'giveBack', 'restock') },
);
/** Single commands in any order, and stretches of an order's way, so that some orders get to the door. */
const anySteps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.record({
      names: fc.oneof(
        anyName.map((name) => [name]),
        fc.integer({ min: 1, max: WAY_TO_THE_DOOR.length }).map((length) => WAY_TO_THE_DOOR.slice(0, length)),
      ),
      id: fc.integer({ min: 1, max: 4 }),
      lines: anyLines,
      nowMs: fc.integer({ min: 0, max: 1_200_000 }),
    }),
    { maxLength: 30, size: 'max' },
  )
  .map((stretches) => stretches.flatMap(({ names, ...step }) => names.map((name) => ({ name, ...step }))));

function holdUnits(sql: SqlPort, status: string): Record<string, number> {
  const rows = sql.all<{ sku: string; units: number }>(
    `SELECT line.value ->> 'sku' AS sku, sum(line.value ->> 'quantity') AS units
    FROM holds, json_each(coalesce(set_aside, lines)) AS line WHERE status = ? GROUP BY 1`,
    status,
  );
  return Object.fromEntries(rows.map(({ sku, units }) => [sku, units]));
}

/** Units that orders have on the floor, as the ledger says. */
function floorLevels({ sql }: World): unknown[] {
  return sql.all('SELECT sku, allocated, picked FROM stock WHERE allocated + picked > 0 ORDER BY sku');
}
/** The same as the tasks say: what is still to be picked, and what is in totes, in bags or on its way back. */
function linesOnFloor(sql: SqlPort): unknown[] {
  return sql.all(`
    SELECT * FROM (SELECT sku, sum(iif(status = 'RESTOCK', 0, quantity - picked - shorted)) AS allocated,
      sum(picked - restocked) AS picked
    FROM pick_tasks JOIN pick_lines USING (order_id)
    WHERE status IN ('QUEUED', 'ACCEPTED', 'PICKING', 'PACKED', 'RESTOCK')
    GROUP BY sku) WHERE allocated + picked > 0 ORDER BY sku`);
}

/** What the log is told, batch by batch until nothing is left. */
function told({ books }: World): EventOf<typeof STOCK_MOVEMENTS>[] {
  const lane = `topic ${STOCK_MOVEMENTS.name}`;
  const events: EventOf<typeof STOCK_MOVEMENTS>[] = [];
  for (let rows = books.outbox.batch(lane); rows.length > 0; rows = books.outbox.batch(lane)) {
    for (const { body } of rows) {
      const event = parseEvent(STOCK_MOVEMENTS, body);
      if (!event.ok) throw new Error(event.error.code);
      events.push(event.value);
    }
    books.outbox.markSent(lane, rows.at(-1)?.seq ?? 0, 0);
  }
  return events;
}

/** Hundreds of stores, on a machine that has other things to do. */
const SLOW_MS = 120_000;

describe('any sequence of commands on the tables', { timeout: SLOW_MS }, () => {
  it('conserves every unit, never oversells, and the ledger explains every level [I1] [I3] [I6]', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const world = openWorld();
        for (const step of steps) {
          world.sql.transaction(() => COMMANDS[step.name]?.(world, step, idsOf(step.id)));
          const { totals, discrepancies } = auditWholeLedger(world.sql);
          expect(discrepancies).toEqual([]);
          expect(totals.received).toBe(UNITS * SKUS.length);
          expect(floorLevels(world)).toEqual(linesOnFloor(world.sql));
        }
        const held = holdUnits(world.sql, 'HELD');
        const levels = world.sql.all<{ sku: string; held: number }>('SELECT sku, held FROM stock WHERE held > 0');
        expect(Object.fromEntries(levels.map((level) => [level.sku, level.held]))).toEqual(held);
        const [ring] = world.sql.all<{ due: number }>("SELECT due_at_ms AS due FROM deadlines WHERE kind = 'hold'");
        const earliest = world.books.holds.earliestExpiry();
        expect(earliest === null || (ring !== undefined && ring.due <= earliest)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('tells the log every movement once, in order, with the balance that the ledger has [E1]', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const world = openWorld();
        for (const step of steps) world.sql.transaction(() => COMMANDS[step.name]?.(world, step, idsOf(step.id)));
        const ledger = world.sql.all<{ sku: string; sequence: number; kind: string; after: string }>(
          'SELECT sku, sequence, kind, after FROM ledger ORDER BY position',
        );
        const events = told(world);
        expect(events.map(({ data, sequence, type }) => [data.sku, sequence, type, data.after])).toEqual(
          ledger.map(({ sku, sequence, kind, after }) => [sku, sequence, `stock.${kind}`, readLevel(after)]),
        );
        for (const sku of SKUS) {
          const sequences = events.filter(({ data }) => data.sku === sku).map(({ sequence }) => sequence);
          expect(sequences).toEqual(sequences.map((_, i) => i + 1));
        }
        expect(world.books.outbox.openLanes()).not.toContain(`topic ${STOCK_MOVEMENTS.name}`);
      }),
      { numRuns: 40 },
    );
  });
});
