import type { SqlRow, SqlValue } from '../../../durable/kit/sql.ts';
import { nodeSql } from '../node-sql.ts';
import type { NodeSql } from '../node-sql.ts';
import type { HostedSocket } from './hosted-socket.ts';

/** What an object must have to be hosted: `alarm` is called by the host's clock. */
export interface Hostable {
  alarm(): Promise<void>;
}
type Make<Instance> = (ctx: DurableObjectState) => Instance;

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
  /** Calls and transactions that are under way in this turn. */
  #underway = 0;
  readonly #name: string;
  readonly #make: Make<Instance>;
  #instance: Instance | undefined;
  #work = new Set<Promise<unknown>>();

  /** `image`: what the object has written in an earlier life. */
  constructor(name: string, make: Make<Instance>, image?: Uint8Array) {
    this.#name = name;
    this.#make = make;
    this.sql = nodeSql(image);
  }

  /** The running instance; a call wakes the object up. */
  async awake(): Promise<Instance> {
    if (this.#instance === undefined) {
      this.#instance = this.#make(this.#context());
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

  /** The platform rings once, and takes the alarm away first. */
  async ring(): Promise<void> {
    this.alarmAtMs = null;
    await (await this.awake()).alarm();
    await this.settle();
  }

  #track(work: Promise<unknown>): void {
    this.#work.add(work);
    void work.catch(() => undefined).finally(() => this.#work.delete(work));
  }

  #context(): DurableObjectState {
    const context = {
      id: { name: this.#name, toString: () => this.#name },
      storage: this.#storage(),
      blockConcurrencyWhile: <T>(body: () => Promise<T>) => {
        const ready = body();
        this.#track(ready);
        return ready;
      },
      waitUntil: (work: Promise<unknown>) => {
        this.#track(work);
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

  #storage() {
    return {
      sql: { exec: (query: string, ...bindings: SqlValue[]) => this.#exec(query, bindings) },
      transactionSync: <T>(body: () => T) => this.calling(() => this.sql.transaction(body)),
      getAlarm: () => Promise.resolve(this.alarmAtMs),
      setAlarm: (atMs: number) => {
        this.alarmAtMs = atMs;
        return Promise.resolve();
      },
      deleteAlarm: () => {
        this.alarmAtMs = null;
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

  #exec(query: string, bindings: SqlValue[]): { toArray(): SqlRow[] } {
    this.#fail(query);
    // A script of several statements has no bindings and no rows.
    const rows = bindings.length > 0 || READS.test(query) ? this.sql.all(query, ...bindings) : null;
    if (rows === null) this.sql.run(query);
    return { toArray: () => rows ?? [] };
  }
}
