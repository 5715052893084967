import { describe, expect, test } from 'vitest';
import { nodeSql } from '../../test/support/node-sql.ts';
import { STORE_EVENTS } from '../../contracts/events/stores.ts';
import { parseEvent } from '../../contracts/events/topic.ts';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { invariant } from '../../domain/shared/assert.ts';
import { asOpId, asUserId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { Deadlines } from './deadlines.ts';
import { Feed } from './feed.ts';
import { KIT_MIGRATIONS } from './kit-migrations.ts';
import { migrate } from './migrate.ts';
import { OP_KEPT_MS, OpJournal } from './ops.ts';
import { Outbox, SENT_KEPT_MS } from './outbox.ts';
import type { SqlPort } from './sql.ts';

const USER = asUserId('usr_00000000000000000000000001');
const ORDER = 'ord_00000000000000000000000001';

function kitSql(): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  return sql;
}

describe('migrations', () => {
  const first = { id: '001_init', sql: 'CREATE TABLE a (x INTEGER) STRICT' };
  const second = { id: '002_more', sql: 'CREATE TABLE b (x INTEGER) STRICT' };

  test('apply what is new, once', () => {
    const sql = nodeSql();
    migrate(sql, 'store', [first]);
    sql.run('INSERT INTO a VALUES (1)');
    migrate(sql, 'store', [first, second]);
    migrate(sql, 'store', [first, second]);
    expect(sql.all('SELECT x FROM a')).toEqual([{ x: 1 }]);
    expect(sql.all('SELECT count(*) AS n FROM b')).toEqual([{ n: 0 }]);
  });

  test('refuse a list that was rewritten', () => {
    const sql = nodeSql();
    migrate(sql, 'store', [first]);
    expect(() => migrate(sql, 'store', [second])).toThrow('append-only');
  });

  test('leave no trace of one that fails', () => {
    const sql = nodeSql();
    const broken = { id: '002_broken', sql: 'CREATE TABLE c (x INTEGER) STRICT; CREATE TABLE a (x INTEGER)' };
    expect(() => migrate(sql, 'store', [first, broken])).toThrow('already exists');
    migrate(sql, 'store', [first, { id: '002_broken', sql: 'CREATE TABLE c (x INTEGER) STRICT' }]);
    expect(sql.all('SELECT count(*) AS n FROM c')).toEqual([{ n: 0 }]);
  });
});

describe('the journal of answers', () => {
  const command = { v: RPC_VERSION, actor: { kind: 'customer', userId: USER }, opId: asOpId('op-0000001') } as const;

  test('decides once and gives the same answer again, refusals too [X3]', () => {
    const journal = new OpJournal(kitSql());
    let decided = 0;
    function decide() {
      decided += 1;
      return decided === 1 ? ok({ n: decided }) : err({ code: 'NOT_FOUND', detail: 'x' } as const);
    }
    const first = journal.once('hold', command, 1, decide);
    expect(journal.once('hold', { ...command, traceparent: '00-other' }, 2, decide)).toEqual(first);
    // A sender that was deployed anew between two attempts still means the same command.
    expect(journal.once('hold', { ...command, v: RPC_VERSION + 1 }, 2, decide)).toEqual(first);
    const refusal = { ...command, opId: asOpId('op-0000002') };
    expect(journal.once('hold', refusal, 3, decide)).toEqual(journal.once('hold', refusal, 4, decide));
    expect(decided).toBe(2);
    expect(journal.find('op-0000001')).toEqual({ method: 'hold', answer: first });
    expect(journal.find('op-unknown')).toBeNull();
  });

  test('refuses the same id with another body or for another method [X3]', () => {
    const journal = new OpJournal(kitSql());
    const [one, two] = [1, 2].map((quantity) => ({ ...command, quantity }));
    invariant(one !== undefined && two !== undefined, 'two commands');
    journal.once('hold', one, 1, () => ok(1));
    const reused = { ok: false, error: { code: 'OP_ID_REUSED' } };
    expect(journal.once('hold', two, 1, () => ok(1))).toMatchObject(reused);
    expect(journal.once('release', one, 1, () => ok(1))).toMatchObject(reused);
  });

  test('forgets after 30 days, not before', () => {
    const journal = new OpJournal(kitSql());
    journal.once('hold', command, 1000, () => ok(1));
    journal.prune(1000 + OP_KEPT_MS);
    expect(journal.find(command.opId)).not.toBeNull();
    journal.prune(1001 + OP_KEPT_MS);
    expect(journal.find(command.opId)).toBeNull();
  });
});

describe('the outbox', () => {
  const data = { orderId: ORDER, lines: 1, units: 2, promisedAt: '2026-01-01T00:00:00.000Z' };
  function announce(outbox: Outbox, subject: string): void {
    outbox.announce({ topic: STORE_EVENTS, type: 'pick_task.created', subject, key: 'store-1', data, atMs: 0 });
  }

  test('numbers events without gaps per subject and writes an envelope that parses [E1 E2]', () => {
    const outbox = new Outbox(kitSql(), 'store/s1');
    for (const subject of ['s1', 's2', 's1']) announce(outbox, subject);
    const lane = 'topic stores.events.v1';
    expect(outbox.openLanes()).toEqual([lane]);
    const events = outbox.batch(lane).map((row) => parseEvent(STORE_EVENTS, row.body));
    expect(events.map((event) => event.ok && event.value.id)).toEqual([
      'stores.events.v1/s1/1',
      'stores.events.v1/s2/1',
      'stores.events.v1/s1/2',
    ]);
  });

  test('reads a derived lane like any other: in order, from where it was, closed when it is empty [E1]', () => {
    const sql = kitSql();
    const lane = 'topic stores.events.v1';
    const derived = { written: 3, sent: 1 };
    function open(): Outbox {
      const outbox = new Outbox(sql, 'store/s1');
      outbox.derive({
        topic: STORE_EVENTS,
        batch: (limit) =>
          Array.from({ length: derived.written - derived.sent }, (_, i) => derived.sent + i + 1)
            .slice(0, limit)
            .map((seq) => ({ seq, recordKey: 'store-1', body: '{}' })),
        markSent: (upToSeq) => {
          derived.sent = upToSeq;
        },
        unsent: () => ({ rows: derived.written - derived.sent, oldestAtMs: 5 }),
      });
      return outbox;
    }
    const outbox = open();
    expect(outbox.openLanes()).toEqual([lane]);
    expect(outbox.unsent()).toEqual({ rows: 2, oldestAtMs: 5 });
    expect(outbox.batch(lane).map(({ seq }) => seq)).toEqual([2, 3]);
    outbox.markSent(lane, 2, 9);
    expect(
      open()
        .batch(lane)
        .map(({ seq }) => seq),
    ).toEqual([3]);
    outbox.markSent(lane, 3, 9);
    expect(outbox.batch(lane)).toEqual([]);
    expect(outbox.openLanes()).toEqual([]);
    expect(open().openLanes()).toEqual([]);
    derived.written = 4;
    outbox.appended(STORE_EVENTS);
    expect(outbox.openLanes()).toEqual([lane]);
  });

  test('finds its unsent rows again after a restart, and closes a lane that is empty', () => {
    const sql = kitSql();
    const outbox = new Outbox(sql, 'store/s1');
    announce(outbox, 's1');
    const [lane = ''] = new Outbox(sql, 'store/s1').openLanes();
    const [row] = outbox.batch(lane);
    outbox.markSent(lane, row?.seq ?? 0, 5);
    expect(outbox.batch(lane)).toEqual([]);
    expect(outbox.openLanes()).toEqual([]);
    expect(new Outbox(sql, 'store/s1').openLanes()).toEqual([]);
  });

  test('keeps sent rows for 72 hours so that a lost log can be refilled', () => {
    const sql = kitSql();
    const outbox = new Outbox(sql, 'store/s1');
    announce(outbox, 's1');
    outbox.markSent('topic stores.events.v1', 1, 1000);
    function rows(): number {
      return sql.all('SELECT seq FROM outbox').length;
    }
    outbox.prune(1000 + SENT_KEPT_MS);
    expect(rows()).toBe(1);
    outbox.prune(1001 + SENT_KEPT_MS);
    expect(rows()).toBe(0);
  });

  test('a rolled back transaction sends nothing', () => {
    const sql = kitSql();
    const outbox = new Outbox(sql, 'store/s1');
    expect(() =>
      sql.transaction(() => {
        announce(outbox, 's1');
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect(outbox.batch('topic stores.events.v1')).toEqual([]);
    announce(outbox, 's1');
    expect(outbox.batch('topic stores.events.v1')).toHaveLength(1);
  });
});

test('deadlines come due in order, move, and survive being set anew while served', () => {
  const deadlines = new Deadlines(kitSql());
  deadlines.set('hold', 'b', 20);
  deadlines.set('hold', 'a', 10);
  deadlines.set('offer', 'c', 30);
  expect(deadlines.next()).toBe(10);
  const due = deadlines.due(20, 10);
  expect(due.map(({ ref }) => ref)).toEqual(['a', 'b']);
  deadlines.set('hold', 'a', 50);
  for (const deadline of due) deadlines.served(deadline);
  expect(deadlines.due(100, 10).map(({ ref }) => ref)).toEqual(['c', 'a']);
  deadlines.clear('hold', 'a');
  expect(deadlines.due(100, 1).map(({ ref }) => ref)).toEqual(['c']);
});

test('a feed resumes after a number, and admits when it no longer can [T2]', () => {
  const feed = new Feed(kitSql());
  expect([feed.head(), feed.since(0)]).toEqual([0, []]);
  for (let n = 1; n <= 1200; n += 1) feed.append({ n });
  expect(feed.head()).toBe(1200);
  expect(feed.since(1198)).toEqual([
    { seq: 1199, delta: '{"n":1199}' },
    { seq: 1200, delta: '{"n":1200}' },
  ]);
  expect(feed.since(1)).toBeNull();
  expect(feed.since(1201)).toBeNull();
});
