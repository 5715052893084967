import type { SqlRow, SqlValue } from '../../../durable/kit/sql.ts';
import { nodeSql } from '../node-sql.ts';
import type { NodeSql } from '../node-sql.ts';
import type { HostedSocket } from './hosted-socket.ts';

/** What an object must have to be hosted: `alarm` is called by the host's clock. */
export interface Hostable {
  alarm(): Promise<void>;
}
type Make<Instance> = (ctx: DurableObjectState, life: Life) => Instance;

/** What is left of an instance that was killed meets this wherever it turns. */
export class ObjectDied extends Error {
  constructor() {
    super('the object died');
    this.name = 'ObjectDied';
  }
}

/** One instance from waking up to its end. What it began goes on in the runtime, but reaches neither storage nor anybody else. */
export class Life {
  readonly #end = Promise.withResolvers<never>();
  #isOver = false;

  constructor() {
    // Most lives are not waited for.
    this.#end.promise.catch(() => undefined);
  }
  get isOver(): boolean {
    return this.#isOver;
  }
  /** What comes first: what is awaited, or the end of this life, which throws. */
  orEnd<T>(awaited: Promise<T>): Promise<T> {
    return Promise.race([awaited, this.#end.promise]);
  }
  end(): void {
    this.#isOver = true;
    this.#end.reject(new ObjectDied());
  }
}

/** A statement that failed because the test wanted it to. */
export class StorageFault extends Error {
  constructor(query: string) {
    super(`the storage failed at ${query.trim().slice(0, 60)}`);
    this.name = 'StorageFault';
  }
}
const READS = /^\s*(?:SELECT|WITH)\b/i;
/** What was sent is marked within whatever commits next: no write of the call's own. */
const MARKS = /^\s*UPDATE (?:outbox SET sent_at_ms|ledger_cursor SET published_to)\b/;

/**
 * One object on a platform in Node: its SQLite, alarm and sockets stay when the instance goes. What is not here, such as the
 * output gate, the object must not rest on.
 */
export class HostedObject<Instance extends Hostable> {
  readonly sql: NodeSql;
  readonly sockets: HostedSocket[] = [];
  alarmAtMs: number | null = null;
  /** Writes of calls and transactions that still succeed before one fails, once; null when none will. */
  writesBeforeFault: number | null = null;
  /** Told after each transaction that was committed, still within its turn. */
  committed: (() => void) | null = null;
  /** Calls and transactions that are under way in this turn. */
  #underway = 0;
  readonly #name: string;
  readonly #make: Make<Instance>;
  #instance: Instance | undefined;
  #life = new Life();
  #ringing = false;
  #work = new Set<Promise<unknown>>();

  /** `sql`: what the object has written in an earlier life. */
  constructor(name: string, make: Make<Instance>, sql: NodeSql = nodeSql()) {
    this.#name = name;
    this.#make = make;
    this.sql = sql;
  }

  /** The running instance; a call wakes the object up. */
  async awake(): Promise<Instance> {
    if (this.#instance === undefined) {
      this.#life = new Life();
      this.#instance = this.#make(this.#context(this.#life), this.#life);
      await this.settle();
    }
    return this.#instance;
  }

  /** Waits until nothing that the object began is under way. */
  async settle(): Promise<void> {
    while (this.#work.size > 0) {
      // oxlint-disable-next-line no-await-in-loop -- work begins work
      await Promise.all(this.#work);
    }
  }

  /** What the object does in this turn for whoever calls it. */
  calling<T>(body: () => T): T {
    this.#underway += 1;
    try {
      return body();
    } finally {
      this.#underway -= 1;
    }
  }

  /** Everything in memory is gone; what was written is not. */
  async evict(): Promise<void> {
    await this.settle();
    this.#instance = undefined;
  }

  /** The instance is killed in the midst of what it does: what it has committed stays, what it has begun comes to nothing. */
  kill(): void {
    this.#life.end();
    this.#instance = undefined;
    this.#work = new Set();
  }

  /** A call as it comes over a wire; it throws when the instance dies before its answer. */
  async call(act: (instance: Instance) => unknown): Promise<unknown> {
    const instance = await this.awake();
    const life = this.#life;
    return life.orEnd(Promise.resolve(this.calling(() => act(instance))));
  }

  /** The platform rings once, and takes the alarm away first. */
  async ring(): Promise<void> {
    this.alarmAtMs = null;
    await (await this.awake()).alarm();
    await this.settle();
  }

  /** Whether the platform would ring now: it runs one alarm at a time. */
  isDue(nowMs: number): boolean {
    return !this.#ringing && this.alarmAtMs !== null && this.alarmAtMs <= nowMs;
  }

  /** Rings, and does not wait for what comes of it. A ring that is cut short is followed by another one. */
  async ringOnce(retryAtMs: number): Promise<void> {
    this.#ringing = true;
    this.alarmAtMs = null;
    try {
      await this.call((instance) => instance.alarm());
    } catch {
      this.alarmAtMs ??= retryAtMs;
    } finally {
      this.#ringing = false;
    }
  }

  close(): void {
    this.kill();
    this.sql.close();
  }

  #track(work: Promise<unknown>): void {
    this.#work.add(work);
    void work.catch(() => undefined).finally(() => this.#work.delete(work));
  }

  #context(life: Life): DurableObjectState {
    const context = {
      id: { name: this.#name, toString: () => this.#name },
      storage: this.#storage(life),
      blockConcurrencyWhile: <T>(body: () => Promise<T>) => {
        const ready = body();
        if (!life.isOver) this.#track(ready);
        return ready;
      },
      waitUntil: (work: Promise<unknown>) => {
        if (life.isOver) void work.catch(() => undefined);
        else this.#track(work);
      },
      setWebSocketAutoResponse: () => undefined,
      getWebSocketAutoResponseTimestamp: () => null,
      acceptWebSocket: (socket: HostedSocket) => {
        this.sockets.push(socket);
      },
      getWebSockets: () => this.sockets.filter(({ closedWith }) => closedWith === null),
    };
    return context as unknown as DurableObjectState;
  }

  #storage(life: Life) {
    function living(): void {
      if (life.isOver) throw new ObjectDied();
    }
    return {
      sql: {
        exec: (query: string, ...bindings: SqlValue[]) => {
          living();
          return this.#exec(query, bindings);
        },
      },
      transactionSync: <T>(body: () => T) => {
        living();
        const value = this.calling(() => this.sql.transaction(body));
        this.committed?.();
        return value;
      },
      getAlarm: () => Promise.resolve(this.alarmAtMs),
      setAlarm: (atMs: number) => {
        if (!life.isOver) this.alarmAtMs = atMs;
        return Promise.resolve();
      },
      deleteAlarm: () => {
        if (!life.isOver) this.alarmAtMs = null;
        return Promise.resolve();
      },
    };
  }

  #fail(query: string): void {
    if (this.writesBeforeFault === null || this.#underway === 0 || READS.test(query) || MARKS.test(query)) return;
    this.writesBeforeFault -= 1;
    if (this.writesBeforeFault >= 0) return;
    this.writesBeforeFault = null;
    throw new StorageFault(query);
  }

  #exec(query: string, bindings: SqlValue[]): { toArray(): SqlRow[]; one(): SqlRow | undefined } {
    this.#fail(query);
    // A script of several statements has no bindings and no rows.
    const rows = bindings.length > 0 || READS.test(query) ? this.sql.all(query, ...bindings) : null;
    if (rows === null) this.sql.run(query);
    return { toArray: () => rows ?? [], one: () => rows?.[0] };
  }
}
