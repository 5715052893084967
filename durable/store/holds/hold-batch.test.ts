import { describe, expect, it } from 'vitest';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { Actor } from '../../../contracts/actor.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { HoldRefusal, HoldStock, HoldView } from '../../../contracts/rpc/store.ts';
import { asChannelId, asHoldId, asOpId, asOrderId, asSku, asStoreId, asUserId } from '../../../domain/shared/ids.ts';
import { err } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { booksOver, openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { holdAll } from './hold-batch.ts';
import type { HoldOp } from './hold-batch.ts';
import { expireDue, serveExpiry } from './hold-expiry.ts';
import { commitToOrder, findOutcome, promoteToOrder, releaseStock, renewCart, viewHold } from './hold-commands.ts';
import { HoldQueue } from './hold-queue.ts';
import { HOLD_KEPT_MS } from './hold-rows.ts';

const ASHA: Actor = { kind: 'customer', userId: asUserId(`usr_${'1'.padStart(26, '0')}`) };
const RAVI: Actor = { kind: 'customer', userId: asUserId(`usr_${'2'.padStart(26, '0')}`) };
const KIOSK = asChannelId('kiosk');
const OPERATOR: Actor = { kind: 'operator', userId: asUserId(`usr_${'9'.padStart(26, '0')}`) };

function ids(n: number) {
  const body = String(n).padStart(26, '0');
  return { holdId: asHoldId(`hld_${body}`), orderId: asOrderId(`ord_${body}`) };
}
function orderActor(n: number): Actor {
  return { kind: 'object', object: 'order', id: ids(n).orderId };
}
let used = 0;
function by(actor: Actor) {
  used += 1;
  return { v: RPC_VERSION, actor, opId: asOpId(`op-${String(used).padStart(8, '0')}`) };
}
function basket(units: Readonly<Record<string, number>>): HoldOp['lines'] {
  return Object.entries(units).map(([sku, quantity]) => ({ sku: asSku(sku), quantity }));
}
/** An order's hold. */
function order(n: number, units: Readonly<Record<string, number>>): HoldOp {
  const lines = basket(units);
  return { lines, command: { ...by(orderActor(n)), ...ids(n), kind: 'order', lines } };
}
function cart(n: number, actor: Actor, units: Readonly<Record<string, number>>, over: Partial<HoldStock> = {}): HoldOp {
  const lines = basket(units);
  return { lines, command: { ...by(actor), holdId: ids(n).holdId, kind: 'cart', lines, ...over } };
}
function codes(answers: readonly Result<HoldView, HoldRefusal>[]): string[] {
  return answers.map((answer) => (answer.ok ? answer.value.status : answer.error.code));
}
function level({ books }: StoreWorld, sku: string) {
  return books.stock.accounts([asSku(sku)]).get(asSku(sku))?.level;
}
/** Every row that a hold writes, for comparing two stores. */
function rows(sql: SqlPort): unknown {
  return {
    stock: sql.all('SELECT * FROM stock ORDER BY sku'),
    ledger: sql.all('SELECT * FROM ledger ORDER BY position'),
    holds: sql.all('SELECT * FROM holds ORDER BY position'),
    fences: sql.all('SELECT * FROM channel_allocations ORDER BY sku, channel'),
    deadlines: sql.all("SELECT * FROM deadlines WHERE kind = 'hold'"),
  };
}

describe('a batch of holds', () => {
  it('is decided one after another: the last unit is sold once, a refused one changes nothing [I3] [I5]', () => {
    const world = openStoreWorld({ TEA: 3, EGGS: 1 });
    const batch = [
      order(1, { TEA: 2 }),
      order(2, { EGGS: 1, TEA: 2 }),
      order(3, { EGGS: 1, TEA: 1 }),
      order(4, { TEA: 1 }),
    ];
    const answers = holdAll(world.books, batch, 10);
    expect(codes(answers)).toEqual(['HELD', 'INSUFFICIENT_STOCK', 'HELD', 'INSUFFICIENT_STOCK']);
    expect(answers[1]).toMatchObject({
      error: { numbers: { shortages: [{ sku: 'TEA', requested: 2, available: 1 }] } },
    });
    expect(level(world, 'TEA')).toMatchObject({ available: 0, held: 3 });
    expect(level(world, 'EGGS')).toMatchObject({ available: 0, held: 1 });
    expect(world.books.holds.find(ids(2).holdId)).toBeUndefined();
    expect(world.books.audit().discrepancies).toEqual([]);
  });

  it('leaves what the same holds leave one by one', () => {
    const batch = [
      order(1, { TEA: 2 }),
      order(2, { EGGS: 1, TEA: 2 }),
      order(3, { EGGS: 2 }),
      cart(4, ASHA, { TEA: 9 }),
    ];
    const [together, oneByOne] = [openStoreWorld({ TEA: 5, EGGS: 4 }), openStoreWorld({ TEA: 5, EGGS: 4 })];
    const answers = holdAll(together.books, batch, 10);
    expect(batch.flatMap((op) => holdAll(oneByOne.books, [op], 10))).toEqual(answers);
    expect(rows(oneByOne.sql)).toEqual(rows(together.sql));
  });

  it('knows a hold that came twice in it, and refuses another basket under a used id [X3]', () => {
    const world = openStoreWorld({ TEA: 9 });
    const op = order(1, { TEA: 2 });
    const other = { ...order(1, { TEA: 3 }) };
    const sameOp = { ...order(2, { TEA: 2 }).command, opId: op.command.opId };
    const sameIds = { ...op, lines: other.lines };
    const answers = holdAll(world.books, [op, op, other, sameIds, { lines: op.lines, command: sameOp }], 10);
    expect(codes(answers)).toEqual(['HELD', 'HELD', 'HOLD_ID_REUSED', 'HOLD_ID_REUSED', 'OP_ID_REUSED']);
    expect(answers[1]).toMatchObject({ value: { repeated: true } });
    expect(codes(holdAll(world.books, [op, { ...op, command: sameOp }], 20))).toEqual(['HELD', 'OP_ID_REUSED']);
    expect(level(world, 'TEA')).toMatchObject({ held: 2 });
  });

  it('finds an operation that is named after its hold, and one that is named after another’s [X3]', () => {
    const world = openStoreWorld({ TEA: 9 });
    const named = { ...order(1, { TEA: 2 }).command, opId: asOpId(`hold:${ids(1).holdId}`) };
    const crossed = { ...order(2, { TEA: 1 }).command, opId: asOpId(`hold:${ids(3).holdId}`) };
    const third = { ...order(3, { TEA: 1 }).command, opId: crossed.opId };
    const batch = [named, crossed, third, named].map((command) => ({ command, lines: command.lines }));
    expect(codes(holdAll(world.books, batch, 10))).toEqual(['HELD', 'HELD', 'OP_ID_REUSED', 'HELD']);
    expect(codes(holdAll(world.books, batch, 20))).toEqual(['HELD', 'HELD', 'OP_ID_REUSED', 'HELD']);
    expect(world.sql.all('SELECT position, count(*) AS names FROM hold_names_new GROUP BY position')).toEqual([
      { position: 1, names: 1 },
      { position: 2, names: 2 },
    ]);
    expect(findOutcome(world.books, named.opId)).toMatchObject({ value: { holdId: ids(1).holdId } });
    expect(findOutcome(world.books, crossed.opId)).toMatchObject({ value: { holdId: ids(2).holdId } });
    expect(findOutcome(world.books, asOpId(`hold:${ids(2).holdId}`))).toBeNull();
    expect(level(world, 'TEA')).toMatchObject({ held: 3 });
  });

  it('tells a closed store’s callers of what they hold, and makes no new hold [X3]', () => {
    const world = openStoreWorld({ TEA: 9 });
    const [known, other] = [order(1, { TEA: 2 }), order(2, { TEA: 2 })];
    holdAll(world.books, [known], 10);
    const late = [known, other].map((op) => ({ ...op, command: { ...op.command, onlyKnown: true } }));
    expect(codes(holdAll(world.books, late, 20))).toEqual(['HELD', 'STORE_CLOSED']);
    expect(world.books.holds.find(ids(2).holdId)).toBeUndefined();
    expect(level(world, 'TEA')).toMatchObject({ held: 2 });
  });

  it('finds the answer to a command on a hold, and takes no other command’s for one [X3]', () => {
    const { books } = openStoreWorld({ TEA: 9 });
    const refused = err(refuse('FORBIDDEN', 'Only staff of this store.'));
    const [count, renewal] = [by(OPERATOR), by(OPERATOR)];
    books.ops.once('execute', count, 1, () => refused);
    books.ops.once('renew', renewal, 1, () => refused);
    expect(findOutcome(books, count.opId)).toBeNull();
    expect(findOutcome(books, renewal.opId)).toEqual(refused);
  });

  it('does not take an opId that another command has used [X3]', () => {
    const world = openStoreWorld({ TEA: 9 });
    const op = order(1, { TEA: 2 });
    world.books.ops.once('release', op.command, 1, () => ({ ok: true, value: null }));
    expect(codes(holdAll(world.books, [op], 10))).toEqual(['OP_ID_REUSED']);
  });

  it('expires what is over before it decides, for the clock may be late [I4]', () => {
    const world = openStoreWorld({ TEA: 2 });
    const [held] = holdAll(world.books, [order(1, { TEA: 2 })], 10);
    const endsAtMs = held?.ok === true ? (held.value.expiresAtMs ?? 0) : 0;
    expect(codes(holdAll(world.books, [order(2, { TEA: 1 })], endsAtMs - 1))).toEqual(['INSUFFICIENT_STOCK']);
    expect(codes(holdAll(world.books, [order(3, { TEA: 2 })], endsAtMs))).toEqual(['HELD']);
    expect(world.books.holds.find(ids(1).holdId)?.status).toBe('EXPIRED');
  });

  it('sells nothing of a quarantined SKU and leaves the safety stock, and the feed says so at once [I9]', () => {
    const { sql, books } = openStoreWorld({ TEA: 5, EGGS: 5 });
    const before = books.stock.version();
    sql.run('UPDATE stock SET safety_units = 2 WHERE sku = ?', 'TEA');
    sql.run('UPDATE stock SET quarantined = 1 WHERE sku = ?', 'EGGS');
    expect(books.stock.changedSince(before)).toEqual([
      ['EGGS', 0],
      ['TEA', 3],
    ]);
    expect(books.stock.inStock()).toEqual([['TEA', 3]]);
    expect(holdAll(books, [order(1, { EGGS: 1, TEA: 4 })], 10)).toMatchObject([
      { error: { numbers: { shortages: [{ available: 0 }, { sku: 'TEA', requested: 4, available: 3 }] } } },
    ]);
  });
});

/** Counts statements and runs into an exception at one of them. */
class Breaking implements SqlPort {
  statements = 0;
  breaksAt: number | null = null;
  /** Every statement that has this in it breaks. */
  poison: string | null = null;
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }
  all: SqlPort['all'] = (query, ...bindings) => {
    this.#step(bindings);
    return this.#sql.all(query, ...bindings);
  };
  run: SqlPort['run'] = (query, ...bindings) => {
    this.#step(bindings);
    this.#sql.run(query, ...bindings);
  };
  transaction: SqlPort['transaction'] = (body) => this.#sql.transaction(body);

  #step(bindings: readonly unknown[]): void {
    this.statements += 1;
    if (this.poison !== null && bindings.some((value) => String(value).includes(this.poison ?? ''))) {
      throw new Error('poisoned');
    }
    if (this.statements !== this.breaksAt) return;
    throw new Error(`statement ${this.statements} broke`);
  }
}

/** Holds as the object does: queued, in one transaction, each by itself when that breaks. */
async function holdQueued(sql: Breaking, batch: readonly HoldOp[], breaksAt: number | null = null): Promise<string[]> {
  const books = booksOver(sql, asStoreId(`sto_${'0'.repeat(26)}`));
  sql.statements = 0;
  sql.breaksAt = breaksAt;
  const queue = new HoldQueue({
    decide: (ops) => sql.transaction(() => holdAll(books, ops, 10)),
    nowMs: () => 10,
    nextTurn: () => Promise.resolve(),
    report: () => undefined,
  });
  const settled = await Promise.allSettled(queue.hold(batch));
  return settled.map((answer) => (answer.status === 'fulfilled' ? (codes([answer.value])[0] ?? '') : 'BROKEN'));
}
const BATCH = [order(1, { TEA: 1 }), order(2, { TEA: 1, EGGS: 1 }), order(3, { TEA: 9 }), order(4, { EGGS: 1 })];

describe('an exception inside a batch', () => {
  it('at any statement rolls back the whole of it, and each hold is then made by itself [C.4 row 4]', async () => {
    const whole = openStoreWorld({ TEA: 4, EGGS: 4 });
    const counting = new Breaking(whole.sql);
    const answers = await holdQueued(counting, BATCH);
    expect(answers).toEqual(['HELD', 'HELD', 'INSUFFICIENT_STOCK', 'HELD']);
    expect(counting.statements).toBeGreaterThan(10);
    for (let at = 1; at <= counting.statements; at += 1) {
      const world = openStoreWorld({ TEA: 4, EGGS: 4 });
      const sql = new Breaking(world.sql);
      expect(await holdQueued(sql, BATCH, at)).toEqual(answers);
      expect(rows(world.sql)).toEqual(rows(whole.sql));
    }
  });

  it('that one hold always causes takes that one alone [C.4 row 4]', async () => {
    const world = openStoreWorld({ TEA: 4, EGGS: 4 });
    const sql = new Breaking(world.sql);
    sql.poison = ids(2).holdId;
    expect(await holdQueued(sql, BATCH)).toEqual(['HELD', 'BROKEN', 'INSUFFICIENT_STOCK', 'HELD']);
    expect(level(world, 'TEA')).toMatchObject({ held: 1 });
    expect(level(world, 'EGGS')).toMatchObject({ held: 1 });
    expect(world.books.holds.find(ids(2).holdId)).toBeUndefined();
    expect(world.books.audit().discrepancies).toEqual([]);
  });
});

describe('the clock of holds', () => {
  it('has one deadline, which only moves earlier until it rings, and then is the next end [I4]', () => {
    const world = openStoreWorld({ TEA: 9 });
    const { books, sql } = world;
    function ringsAt(): unknown {
      return sql.all("SELECT ref, due_at_ms AS at FROM deadlines WHERE kind = 'hold'");
    }
    holdAll(books, [order(1, { TEA: 1 })], 0);
    holdAll(books, [order(2, { TEA: 1 })], 1000);
    expect(ringsAt()).toEqual([{ ref: 'earliest', at: 600_000 }]);
    holdAll(books, [cart(3, { kind: 'channel', channelId: KIOSK }, { TEA: 1 }, { forMs: 30_000 })], 2000);
    expect(ringsAt()).toEqual([{ ref: 'earliest', at: 32_000 }]);
    releaseStock(books, { ...by(OPERATOR), holdId: ids(3).holdId, reason: 'left' }, 3000);
    serveExpiry(books, 32_000);
    expect(ringsAt()).toEqual([{ ref: 'earliest', at: 600_000 }]);
    serveExpiry(books, 600_999);
    expect(ringsAt()).toEqual([{ ref: 'earliest', at: 601_000 }]);
    expect([1, 2, 3].map((n) => books.holds.find(ids(n).holdId)?.status)).toEqual(['EXPIRED', 'HELD', 'RELEASED']);
  });

  it('expires at most 500 in one transaction and rings again at once for the rest', () => {
    const { books, sql } = openStoreWorld({ TEA: 600 });
    holdAll(
      books,
      Array.from({ length: 501 }, (_, i) => order(i + 1, { TEA: 1 })),
      0,
    );
    serveExpiry(books, 700_000);
    const left = sql.all("SELECT count(*) AS held FROM holds WHERE status = 'HELD'");
    expect(left).toEqual([{ held: 1 }]);
    expect(sql.all("SELECT due_at_ms AS at FROM deadlines WHERE kind = 'hold'")).toEqual([{ at: 700_001 }]);
    serveExpiry(books, 700_001);
    expect(sql.all("SELECT count(*) AS held FROM holds WHERE status = 'HELD'")).toEqual([{ held: 0 }]);
    const causes = sql.all("SELECT DISTINCT op_id FROM ledger WHERE kind = 'expired'");
    expect(causes).toHaveLength(501);
    serveExpiry(books, 800_000);
    expect(books.audit().discrepancies).toEqual([]);
  });

  it('forgets ended holds after 30 days, not before, and never one that is held', () => {
    const { books } = openStoreWorld({ TEA: 9 });
    const ended = order(1, { TEA: 1 });
    holdAll(books, [ended], 0);
    expireDue(books, 600_000);
    holdAll(books, [order(2, { TEA: 1 })], 600_001);
    books.holds.prune(600_000 + HOLD_KEPT_MS);
    expect(findOutcome(books, ended.command.opId)).toMatchObject({ error: { code: 'HOLD_EXPIRED' } });
    books.holds.prune(600_001 + HOLD_KEPT_MS);
    expect(findOutcome(books, ended.command.opId)).toBeNull();
    books.holds.prune(9e15);
    expect(books.holds.find(ids(2).holdId)?.status).toBe('HELD');
  });
});

describe('a customer’s cart', () => {
  it('sets aside what the policy says, and the rest when an order takes it over [K2] [I3]', () => {
    const world = openStoreWorld({ TEA: 50, EGGS: 3 });
    const { books } = world;
    const [held] = holdAll(books, [cart(1, ASHA, { EGGS: 2, TEA: 4 })], 0);
    expect(held).toMatchObject({ value: { lines: basket({ EGGS: 2, TEA: 4 }), setAside: basket({ EGGS: 2 }) } });
    expect([level(world, 'EGGS')?.held, level(world, 'TEA')?.held]).toEqual([2, 0]);
    const promote = { ...by(orderActor(7)), ...ids(7), holdId: ids(1).holdId };
    expect(promoteToOrder(books, promote, 9)).toMatchObject({ error: { code: 'HOLD_NOT_FOUND' } });
    const owned = { ...promote, owner: asUserId(`usr_${'1'.padStart(26, '0')}`) };
    expect(promoteToOrder(books, owned, 9)).toMatchObject({
      value: { kind: 'order', setAside: basket({ EGGS: 2, TEA: 4 }) },
    });
    expect([level(world, 'EGGS')?.held, level(world, 'TEA')?.held]).toEqual([2, 4]);
    books.policies.setPolicy({ holdOn: 'checkout', scarceAtUnits: 0 });
    expect(holdAll(books, [cart(2, RAVI, { EGGS: 1 })], 9)).toMatchObject([{ value: { setAside: [] } }]);
    expect(holdAll(books, [cart(3, RAVI, { EGGS: 2 })], 9)).toMatchObject([{ error: { code: 'INSUFFICIENT_STOCK' } }]);
  });

  it('is nobody else’s: to them there is no such hold', () => {
    const { books } = openStoreWorld({ TEA: 5 });
    const { holdId } = ids(1);
    holdAll(books, [cart(1, ASHA, { TEA: 1 })], 0);
    const none = { error: { code: 'HOLD_NOT_FOUND' } };
    for (const actor of [RAVI, orderActor(1), { kind: 'channel', channelId: KIOSK } as const]) {
      expect(viewHold(books, { actor, holdId })).toMatchObject(none);
      expect(releaseStock(books, { ...by(actor), holdId, reason: 'mine' }, 1)).toMatchObject(none);
      expect(renewCart(books, { ...by(actor), holdId }, 1)).toMatchObject(none);
    }
    expect(renewCart(books, { ...by(ASHA), holdId }, 100)).toMatchObject({ value: { expiresAtMs: 300_100 } });
    expect(renewCart(books, { ...by(ASHA), holdId }, 200)).toMatchObject({ error: { code: 'HOLD_NOT_RENEWABLE' } });
    expect(viewHold(books, { actor: OPERATOR, holdId })).toMatchObject({ value: { status: 'HELD' } });
    expect(releaseStock(books, { ...by(ASHA), holdId, reason: 'changed mind' }, 300)).toMatchObject({
      value: { status: 'RELEASED' },
    });
  });

  it('is out of its owner’s hands once an order has it, who still sees what became of it', () => {
    const { books } = openStoreWorld({ TEA: 5 });
    const { holdId } = ids(1);
    holdAll(books, [cart(1, ASHA, { TEA: 2 })], 0);
    const owner = asUserId(`usr_${'1'.padStart(26, '0')}`);
    promoteToOrder(books, { ...by(orderActor(7)), orderId: ids(7).orderId, holdId, owner }, 1);
    expect(releaseStock(books, { ...by(ASHA), holdId, reason: 'x' }, 2)).toMatchObject({
      error: { code: 'HOLD_NOT_FOUND' },
    });
    expect(viewHold(books, { actor: ASHA, holdId })).toMatchObject({ value: { kind: 'order', status: 'HELD' } });
    const commit = { ...by(orderActor(7)), orderId: ids(7).orderId, holdId, orderNumber: 'K-7', promisedAtMs: 9 };
    expect(commitToOrder(books, { ...commit, lines: basket({ TEA: 1 }) }, 3)).toMatchObject({
      value: { status: 'COMMITTED', lines: basket({ TEA: 2 }), setAside: basket({ TEA: 1 }) },
    });
    expect(books.queue.find(ids(7).orderId)?.lines).toMatchObject([{ sku: 'TEA', quantity: 1 }]);
    expect(books.audit()).toMatchObject({ discrepancies: [], totals: { available: 4, allocated: 1, held: 0 } });
  });
});

describe('a channel', () => {
  const KIOSK_ACTOR: Actor = { kind: 'channel', channelId: KIOSK };

  it('keeps what is ring-fenced for it, leaves its buffer, and its movements carry its name [I10]', () => {
    const world = openStoreWorld({ TEA: 6, EGGS: 6 });
    const { books, sql } = world;
    books.policies.setTerms(KIOSK, 2, [{ sku: asSku('TEA'), allocationUnits: 4 }]);
    expect(books.stock.inStock()).toEqual([
      ['EGGS', 6],
      ['TEA', 2],
    ]);
    const asked = [
      order(1, { TEA: 3 }),
      cart(2, KIOSK_ACTOR, { EGGS: 5 }),
      cart(3, KIOSK_ACTOR, { EGGS: 4, TEA: 3 }),
      order(4, { TEA: 2 }),
      cart(5, KIOSK_ACTOR, { TEA: 2 }),
      cart(6, KIOSK_ACTOR, { TEA: 1 }),
    ];
    expect(codes(holdAll(books, asked, 0))).toEqual([
      'INSUFFICIENT_STOCK',
      'INSUFFICIENT_STOCK',
      'HELD',
      'HELD',
      'INSUFFICIENT_STOCK',
      'HELD',
    ]);
    function unused(): unknown {
      return sql.all('SELECT unused_units AS units FROM channel_allocations');
    }
    expect(unused()).toEqual([{ units: 0 }]);
    releaseStock(books, { ...by(KIOSK_ACTOR), holdId: ids(3).holdId, reason: 'left' }, 1);
    expect(unused()).toEqual([{ units: 3 }]);
    expireDue(books, 9e9);
    expect(unused()).toEqual([{ units: 4 }]);
    expect(sql.all("SELECT DISTINCT channel FROM ledger WHERE kind = 'held' ORDER BY 1")).toEqual([
      { channel: 'app' },
      { channel: 'kiosk' },
    ]);
    expect(books.audit().discrepancies).toEqual([]);
  });

  it('moves the feed when its terms change, for the SKUs that they are about [I10]', () => {
    const { books } = openStoreWorld({ TEA: 6, EGGS: 6 });
    let version = books.stock.version();
    books.policies.setTerms(KIOSK, 0, [{ sku: asSku('TEA'), allocationUnits: 4 }]);
    expect(books.stock.changedSince(version)).toEqual([['TEA', 2]]);
    version = books.stock.version();
    books.policies.setTerms(KIOSK, 0, []);
    expect(books.stock.changedSince(version)).toEqual([['TEA', 6]]);
    version = books.stock.version();
    books.policies.setTerms(asChannelId('app'), 1, []);
    expect(books.stock.version()).toBeGreaterThan(version);
    expect(books.stock.changedSince(version)).toBeNull();
  });
});
