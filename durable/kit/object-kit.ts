import type { Command } from '../../contracts/actor.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { DurableCall } from '../../contracts/rpc/durable-call.ts';
import type { Result } from '../../domain/shared/result.ts';
import { within } from '../../integrations/within.ts';
import type { ObjectEnv } from '../env.ts';
import { deliver } from '../stubs.ts';
import { Deadlines } from './deadlines.ts';
import type { Deadline } from './deadlines.ts';
import { backoffMs, Drainer } from './drain.ts';
import { KIT_MIGRATIONS } from './kit-migrations.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migrate.ts';
import { OpJournal } from './ops.ts';
import { laneTopic, Outbox } from './outbox.ts';
import type { OutboxRow, Unsent } from './outbox.ts';
import { publishEvents } from './publish-events.ts';
import { SentMarks } from './sent-marks.ts';
import { objectSql } from './sql.ts';
import type { SqlPort } from './sql.ts';

/** How long after a commit the alarm looks whether the drain at once did its work. */
const SAFETY_NET_MS = 10_000;
/** Deadlines served by one alarm; the rest follow at once in the next. */
const DEADLINES_PER_ALARM = 500;
/** A deadline whose service failed is tried again as after a third failure: about 4 s. */
const DEADLINE_RETRY = 3;

/** An object answers a message within milliseconds. One that is silent for so long is asked again, under the same opId. */
const DELIVERY_TIMEOUT_MS = 10_000;

export interface KitOptions {
  readonly ctx: DurableObjectState;
  readonly env: ObjectEnv;
  /** `store`, `order`, …: with the object's id it names the source of its events. */
  readonly name: string;
  readonly migrations: readonly Migration[];
  /** Serves one due deadline, idempotently: its row goes after this returns, so a crash in between serves it again. A throw puts it off. */
  onDeadline(deadline: Deadline): void | Promise<void>;
}

/** What every object has: SQLite, the journal of answers, the outbox, deadlines on one alarm. Composed, not inherited. */
export class ObjectKit {
  readonly sql: SqlPort;
  readonly ops: OpJournal;
  readonly outbox: Outbox;
  readonly deadlines: Deadlines;
  readonly id: string;
  readonly #options: KitOptions;
  /** When the alarm will ring, as far as this instance knows; `null` when it is not set. */
  #armedAtMs: number | null = null;
  readonly #drainer: Drainer;
  readonly #marks = new SentMarks();

  constructor(options: KitOptions) {
    const { ctx, name, migrations } = options;
    this.#options = options;
    this.id = ctx.id.name ?? ctx.id.toString();
    this.sql = objectSql(ctx.storage);
    migrate(this.sql, 'kit', KIT_MIGRATIONS);
    migrate(this.sql, name, migrations);
    this.ops = new OpJournal(this.sql);
    this.outbox = new Outbox(this.sql, `${name}/${this.id}`);
    this.deadlines = new Deadlines(this.sql);
    this.#drainer = new Drainer({
      openLanes: () => this.outbox.openLanes(),
      batch: (lane) => this.outbox.batch(lane, this.#marks.sentUpTo(lane)),
      markSent: (lane, seq) => {
        this.#marks.note({ lane, seq, atMs: Date.now() });
      },
      send: (lane, rows) => this.#send(lane, rows),
      report: (lane, cause) => {
        this.report(`outbox ${lane}`, cause);
      },
      rested: () => {
        this.#arm(Date.now());
      },
      nowMs: () => Date.now(),
      jitter: () => Math.random(),
    });
    // An object without an alarm and without traffic sleeps for ever: whatever cut the last one short, this sets it again.
    void ctx.blockConcurrencyWhile(async () => {
      this.#armedAtMs = await ctx.storage.getAlarm();
      this.#arm(Date.now());
    });
  }

  /** One transaction, then the alarm and the drain that its rows need. Nothing in `body` may await. */
  commit<T>(body: () => T): T {
    const value = this.transaction(body);
    this.settle();
    return value;
  }

  /** One transaction without the drain of its rows: for one of several in a row. */
  transaction<T>(body: () => T): T {
    return this.#marks.writeWithin((write) =>
      this.sql.transaction(() => {
        write(({ lane, seq, atMs }) => {
          this.outbox.markSent(lane, seq, atMs);
        });
        return body();
      }),
    );
  }

  /** What waits to be sent. Whoever asks has it sent, too. */
  unsent(): Unsent {
    return this.commit(() => this.outbox.unsent());
  }

  /** One command: answered from the journal when its opId is known, else decided and written once. */
  once<T, E>(
    method: string,
    command: Command,
    decide: (nowMs: number) => Result<T, E>,
  ): Result<T, E | Refusal<'OP_ID_REUSED'>> {
    const nowMs = Date.now();
    return this.commit(() => this.ops.once(method, command, nowMs, () => decide(nowMs)));
  }

  /** After a commit: starts a drain, and arms the alarm if its rows want it earlier. */
  settle(): void {
    this.#options.ctx.waitUntil(this.drain());
    this.#arm(Date.now());
  }

  /** Sends what can be sent now. */
  async drain(): Promise<void> {
    await this.#drainer.kick();
  }

  /** The object's `alarm()`. Never throws: a throwing alarm is given up by the platform after six tries, about two minutes. */
  async alarm(): Promise<void> {
    this.#armedAtMs = null;
    const nowMs = Date.now();
    // The dead man's switch first: if this very run is cut, another one comes.
    if (this.#nextDueMs(nowMs) !== null) this.#ring(nowMs + SAFETY_NET_MS);
    await this.#serveDeadlines(nowMs);
    this.transaction(() => {
      this.ops.prune(nowMs);
      this.outbox.prune(nowMs);
    });
    // Not awaited: the platform runs one alarm at a time, and a slow log must not hold up the next deadline.
    this.settle();
  }

  async #serveDeadlines(nowMs: number): Promise<void> {
    for (const deadline of this.deadlines.due(nowMs, DEADLINES_PER_ALARM)) {
      try {
        // In order: a later deadline may rest on what an earlier one changed.
        // oxlint-disable-next-line no-await-in-loop -- sequence matters
        await this.#options.onDeadline(deadline);
        this.deadlines.served(deadline);
      } catch (cause) {
        this.deadlines.set(deadline.kind, deadline.ref, Date.now() + backoffMs(DEADLINE_RETRY, Math.random()));
        this.report(`deadline ${deadline.kind}`, cause);
      }
    }
  }

  async #send(lane: string, rows: readonly OutboxRow[]): Promise<void> {
    const topic = laneTopic(lane);
    if (topic !== null) return publishEvents(this.#options.env, topic, rows);
    for (const row of rows) {
      // oxlint-disable-next-line no-await-in-loop -- in order per receiver
      const answer = await within(
        DELIVERY_TIMEOUT_MS,
        lane,
        deliver(this.#options.env, readOwnJson<DurableCall>(row.body)),
      );
      if (!answer.ok) this.report(`refused by ${lane}`, answer.error.code);
    }
  }

  #nextDueMs(nowMs: number): number | null {
    const deadline = this.deadlines.next();
    const rests = this.outbox.openLanes().length === 0 && this.#marks.isEmpty();
    const outbox = rests ? null : (this.#drainer.dueAtMs() ?? nowMs + SAFETY_NET_MS);
    if (deadline === null) return outbox;
    return outbox === null ? deadline : Math.min(deadline, outbox);
  }

  /** Moves the alarm only when it must ring earlier: each move is a write. */
  #arm(nowMs: number): void {
    const dueMs = this.#nextDueMs(nowMs);
    // A ring that is long due and did not come is lost: set it anew.
    if (this.#armedAtMs !== null && this.#armedAtMs < nowMs - SAFETY_NET_MS) this.#armedAtMs = null;
    if (dueMs === null || (this.#armedAtMs !== null && this.#armedAtMs <= dueMs)) return;
    this.#ring(dueMs);
  }

  #ring(atMs: number): void {
    // Never at or before now: an alarm set to the present inside an alarm stalls (workerd issue 6866).
    this.#armedAtMs = Math.max(atMs, Date.now() + 1);
    void this.#options.ctx.storage.setAlarm(this.#armedAtMs);
  }

  /** Says that something went wrong. Ids and codes only. */
  report(what: string, cause: unknown): void {
    // The runtime's log is the object's only way to speak; ids and codes only.
    // oxlint-disable-next-line no-console -- structured log line
    console.warn(
      JSON.stringify({ level: 'warn', source: `${this.#options.name}/${this.id}`, what, cause: String(cause) }),
    );
  }
}
