import type { Actor } from '../../../contracts/actor.ts';
import type { MoveInLine, ReportPick } from '../../../contracts/rpc/order.ts';
import type { StoreRpc } from '../../../contracts/rpc/store.ts';
import { writeUpgrade } from '../../../contracts/ws/upgrade.ts';
import type { StoreId } from '../../../domain/shared/ids.ts';
import type { ObjectEnv } from '../../../durable/env.ts';
import type { StoreObject } from '../../../durable/store/store-object.ts';
import { nodeSql } from '../node-sql.ts';
import { HostedObject } from './hosted-object.ts';
import type { HostedSocket } from './hosted-socket.ts';
import { loadStoreObject } from './load-objects.ts';
import { withVirtualGlobals } from './virtual-globals.ts';

export type HostedStore = HostedObject<StoreObject>;

/** Real store objects in one process, with the clock, the log and the orders in the caller's hand. */
export class StorePlatform {
  nowMs: number;
  /** What the log has taken, as the objects wrote it, by topic. */
  readonly log = new Map<string, string[]>();
  /** What orders were told, in order of arrival. */
  readonly reports: ReportPick[] = [];
  /** Where orders were told that they stand in a line, in order of arrival. */
  readonly moves: { readonly orderId: string; readonly command: MoveInLine }[] = [];
  readonly #stores = new Map<string, HostedStore>();
  readonly #env: ObjectEnv;
  readonly #StoreClass: typeof StoreObject;
  readonly #emptyStore: Uint8Array | undefined;
  #tickets = 0;

  /** `emptyStore`: tables that were made before, which saves their migrations. */
  constructor(StoreClass: typeof StoreObject, nowMs: number, emptyStore?: Uint8Array) {
    this.#StoreClass = StoreClass;
    this.#emptyStore = emptyStore;
    this.nowMs = nowMs;
    this.#env = {
      STORE: { getByName: (id: string) => this.rpc(id) },
      ORDER: {
        getByName: (orderId: string) => ({
          reportPick: (command: ReportPick) => this.#hear(command),
          moveInLine: (command: MoveInLine) => this.#hearMove(orderId, command),
        }),
      },
      GATEWAY_URL: 'http://log',
      GATEWAY_TOKEN: '',
    } as unknown as ObjectEnv;
  }

  store(id: string): HostedStore {
    const known = this.#stores.get(id);
    if (known !== undefined) return known;
    const store = new HostedObject(id, (ctx) => new this.#StoreClass(ctx, this.#env), nodeSql(this.#emptyStore));
    this.#stores.set(id, store);
    return store;
  }

  /** Calls as they come over a wire: nothing is shared with the caller. */
  rpc(id: string): StoreRpc {
    const host = this.store(id);
    return new Proxy({} as StoreRpc, {
      get: (_target, method: keyof StoreRpc) => async (command: unknown) => {
        const store = await host.awake();
        const answer: unknown = await host.calling(() =>
          Reflect.apply(store[method], store, [structuredClone(command)]),
        );
        return structuredClone(answer);
      },
    });
  }

  /** A tablet's socket; what it says is answered before the call returns. */
  async openTablet(id: StoreId, actor: Actor): Promise<HostedSocket> {
    this.#tickets += 1;
    const headers = new Headers({ upgrade: 'websocket' });
    writeUpgrade(headers, {
      actor,
      ticketId: `ticket-${this.#tickets}`,
      ticketExpiresAtMs: this.nowMs + 30_000,
      after: null,
    });
    const store = await this.store(id).awake();
    const response = store.fetch({ headers } as unknown as Request) as unknown as { webSocket?: HostedSocket };
    if (response.webSocket === undefined) throw new Error('the store refused the tablet');
    return response.webSocket;
  }

  /** One frame of the tablet's; the object's answer is among what the socket then has to read. */
  async sayOn(tablet: HostedSocket, id: StoreId, frame: string): Promise<void> {
    const host = this.store(id);
    const store = await host.awake();
    host.calling(() => {
      store.webSocketMessage(tablet as unknown as WebSocket, frame);
    });
  }

  async settle(): Promise<void> {
    // A settled store may have called another one.
    for (let round = 0; round < 3; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- see above
      for (const store of this.#stores.values()) await store.settle();
    }
  }

  /** Runs the clock on, ringing each alarm when it is due. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (let due = this.#nextAlarm(untilMs); due !== undefined; due = this.#nextAlarm(untilMs)) {
      this.nowMs = Math.max(this.nowMs, due.alarmAtMs ?? 0);
      // oxlint-disable-next-line no-await-in-loop -- one alarm after the other
      await due.ring();
    }
    this.nowMs = untilMs;
    await this.settle();
  }

  #nextAlarm(untilMs: number): HostedStore | undefined {
    const due = [...this.#stores.values()].filter(({ alarmAtMs }) => alarmAtMs !== null && alarmAtMs <= untilMs);
    return due.toSorted((a, b) => (a.alarmAtMs ?? 0) - (b.alarmAtMs ?? 0))[0];
  }

  async #hear(command: ReportPick): Promise<{ readonly ok: true; readonly value: null }> {
    this.reports.push(command);
    return { ok: true, value: null };
  }

  async #hearMove(orderId: string, command: MoveInLine): Promise<{ readonly ok: true; readonly value: null }> {
    this.moves.push({ orderId, command });
    return { ok: true, value: null };
  }

  /** The gateway: takes what it gets. */
  append(url: string, body: string): unknown {
    const topic = url.slice(url.lastIndexOf('/') + 1);
    const { records } = JSON.parse(body) as { readonly records: readonly { readonly value: string }[] };
    const taken = this.log.get(topic) ?? [];
    this.log.set(topic, taken);
    for (const { value } of records) taken.push(Buffer.from(value, 'base64').toString('utf8'));
    const offsets = records.map((_, i) => ({ offset: taken.length - records.length + i }));
    return { ok: true, status: 200, json: () => Promise.resolve({ offsets }) };
  }
}

let emptyStore: Promise<Uint8Array> | undefined;

/** Opens a platform for the time of `body`; one at a time in a process. */
export async function onStorePlatform<T>(nowMs: number, body: (platform: StorePlatform) => Promise<T>): Promise<T> {
  const StoreClass = await loadStoreObject();
  emptyStore ??= onPlatform(new StorePlatform(StoreClass, nowMs), async (platform) => {
    const store = platform.store(`sto_${'0'.repeat(26)}`);
    await store.awake();
    return store.sql.image();
  });
  return onPlatform(new StorePlatform(StoreClass, nowMs, await emptyStore), body);
}

function onPlatform<T>(platform: StorePlatform, body: (platform: StorePlatform) => Promise<T>): Promise<T> {
  return withVirtualGlobals(
    {
      nowMs: () => platform.nowMs,
      fetch: (url, init) => Promise.resolve(platform.append(url, init.body as string)),
    },
    () => body(platform),
  );
}
