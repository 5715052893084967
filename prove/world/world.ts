import type { CustomerRpc } from '../../contracts/rpc/customer.ts';
import type { NotePayment, OrderRpc } from '../../contracts/rpc/order.ts';
import type { StoreRpc } from '../../contracts/rpc/store.ts';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { ObjectEnv } from '../../durable/env.ts';
import { asOpId, asOrderId } from '../../domain/shared/ids.ts';
import type { OrderId, StoreId, UserId } from '../../domain/shared/ids.ts';
import type { SandboxPspEnv } from '../../integrations/payments/sandbox/sandbox-psp.ts';
import { Clockwork, quiet } from '../../test/support/object-platform/clockwork.ts';
import { HostedObject, ObjectDied } from '../../test/support/object-platform/hosted-object.ts';
import type { Hostable, Life } from '../../test/support/object-platform/hosted-object.ts';
import type { ObjectClasses } from '../../test/support/object-platform/load-objects.ts';
import { withVirtualGlobals } from '../../test/support/object-platform/virtual-globals.ts';
import { nodeSql } from '../../test/support/node-sql.ts';
import type { NodeSql } from '../../test/support/node-sql.ts';
import type { People } from './people.ts';

type Kind = 'store' | 'order' | 'customer' | 'psp';
export type Hosted = HostedObject<Hostable>;
export interface Address {
  readonly kind: Kind;
  readonly id: string;
}
/** A message on its way. `from` is `null` for what comes from people. */
export interface Passage {
  readonly from: Address | null;
  readonly to: Address;
  readonly method: string;
  readonly args: readonly unknown[];
}
/** What becomes of it. */
export interface Fate {
  /** How long it is on its way, there and back each. */
  readonly delayMs?: number;
  /** Nothing arrives; whoever asked is told so, or (`silent`) hears nothing. */
  readonly lost?: 'there' | 'back' | 'there, silent' | 'back, silent';
  /** Answered by the wire itself. */
  readonly answer?: unknown;
  /** The object that is called dies: before it begins, or when it has done it and not answered. */
  readonly kills?: 'before' | 'after';
  /** Called when it is done, before the answer leaves. */
  readonly whenDone?: () => void;
  /** What whoever asked is told instead of what was answered, or not answered. */
  readonly instead?: unknown;
}
export type Wire = (passage: Passage) => Fate;

/** Where an object keeps what it writes, and finds what it wrote in an earlier life; a store, its shelves. */
export type Storage = (address: Address) => NodeSql;

const LATENCY_MS = 2;
/** When the platform rings again after an alarm that was cut short. */
const ALARM_RETRY_MS = 2000;
/** When somebody who does not wait for an answer goes on. */
const GUESS_MS = 100;
const NEVER = new Promise<never>(() => undefined);

/**
 * Real orders, stores, customers and books of the sandbox provider in one process, with the clock and the wires between them in the
 * caller's hand: what goes on between them is the same for the same wire.
 */
export class World {
  readonly clock: Clockwork;
  readonly #hosts = new Map<string, Hosted>();
  readonly #downUntilMs = new Map<Hosted, number>();
  readonly #classes: ObjectClasses;
  readonly #storage: Storage;
  readonly #people: People;
  wire: Wire = () => ({});
  /** Told of every new object, before it is called. */
  opened: (address: Address, host: Hosted) => void = () => undefined;

  constructor(classes: ObjectClasses, people: People, nowMs: number, storage: Storage = () => nodeSql()) {
    this.#classes = classes;
    this.#people = people;
    this.#storage = storage;
    this.clock = new Clockwork(nowMs);
  }

  get nowMs(): number {
    return this.clock.nowMs;
  }

  host(address: Address): Hosted {
    const { kind, id } = address;
    const known = this.#hosts.get(`${kind} ${id}`);
    if (known !== undefined) return known;
    const host: Hosted = new HostedObject(id, (ctx, life) => this.#make(ctx, address, life), this.#storage(address));
    this.#hosts.set(`${kind} ${id}`, host);
    this.opened(address, host);
    return host;
  }

  /** Objects of a kind that were ever called. */
  all(kind: Kind): readonly { readonly id: string; readonly host: Hosted }[] {
    return [...this.#hosts]
      .filter(([name]) => name.startsWith(`${kind} `))
      .map(([name, host]) => ({ id: name.slice(kind.length + 1), host }));
  }

  /** The object dies, and nothing wakes it up for so long. */
  strike(host: Hosted, downMs = 0): void {
    host.kill();
    if (downMs > 0) this.#downUntilMs.set(host, this.nowMs + downMs);
  }

  /** An order as people call it, whom nothing kills. */
  order(id: OrderId): OrderRpc {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stub takes any method
    return this.#asked({ kind: 'order', id }) as OrderRpc;
  }
  customer(id: UserId): CustomerRpc {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    return this.#asked({ kind: 'customer', id }) as CustomerRpc;
  }
  store(id: StoreId): StoreRpc {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    return this.#asked({ kind: 'store', id }) as StoreRpc;
  }

  /** Runs on until `done`, or until nothing is due before `untilMs`; says whether it is done. */
  async run(untilMs: number, done: () => boolean = () => false): Promise<boolean> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one event after the other
      await quiet();
      if (done()) return true;
      const ringing = this.#nextRing();
      const ringMs = ringing === null ? Infinity : Math.max(this.nowMs, ringing.atMs);
      const eventMs = this.clock.nextMs() ?? Infinity;
      if (Math.min(ringMs, eventMs) > untilMs) break;
      if (eventMs <= ringMs) this.clock.step();
      else if (ringing !== null) {
        this.clock.nowMs = ringMs;
        void ringing.host.ringOnce(this.nowMs + ALARM_RETRY_MS);
      }
    }
    this.clock.nowMs = Math.max(this.nowMs, untilMs);
    return done();
  }

  close(): void {
    for (const host of this.#hosts.values()) host.close();
  }

  #nextRing(): { readonly host: Hosted; readonly atMs: number } | null {
    let next: { readonly host: Hosted; readonly atMs: number } | null = null;
    for (const host of this.#hosts.values()) {
      if (host.alarmAtMs === null || !host.isDue(Infinity)) continue;
      const atMs = Math.max(host.alarmAtMs, this.#downUntilMs.get(host) ?? 0);
      if (next === null || atMs < next.atMs) next = { host, atMs };
    }
    return next;
  }

  async #carry(passage: Passage, life: Life | null): Promise<unknown> {
    // What was written goes before what is sent: the output gate.
    await Promise.resolve();
    if (life?.isOver === true) return NEVER;
    const fate = this.wire(passage);
    if (fate.instead === undefined) return this.#meet(passage, life, fate);
    void this.#meet(passage, life, fate).catch(() => undefined);
    await this.clock.wait(GUESS_MS);
    return structuredClone(fate.instead);
  }

  async #meet(passage: Passage, life: Life | null, fate: Fate): Promise<unknown> {
    const delayMs = fate.delayMs ?? LATENCY_MS;
    await this.clock.wait(delayMs);
    if (fate.lost === 'there, silent') return NEVER;
    if (fate.lost === 'there') throw new Error('the wire was cut on the way there');
    const answer = fate.answer ?? (await this.#perform(passage, fate));
    fate.whenDone?.();
    await this.clock.wait(delayMs);
    if (life?.isOver === true || fate.lost === 'back, silent') return NEVER;
    if (fate.lost === 'back') throw new Error('the wire was cut on the way back');
    return structuredClone(answer);
  }

  async #perform({ to, method, args }: Passage, { kills }: Fate): Promise<unknown> {
    const host = this.host(to);
    if ((this.#downUntilMs.get(host) ?? 0) > this.nowMs) throw new Error('the object is away');
    if (kills === 'before') {
      host.kill();
      throw new ObjectDied();
    }
    const answer = await host.call((instance) =>
      Reflect.apply(methodOf(instance, method), instance, [...structuredClone(args)]),
    );
    if (kills !== 'after') return answer;
    host.kill();
    throw new ObjectDied();
  }

  #make(ctx: DurableObjectState, self: Address, life: Life): Hostable {
    const { OrderObject, StoreObject, CustomerObject, SandboxPsp } = this.#classes;
    switch (self.kind) {
      case 'order':
        return new OrderObject(ctx, this.#env(self, life));
      case 'store':
        return new StoreObject(ctx, this.#env(self, life));
      case 'customer':
        return new CustomerObject(ctx, this.#env(self, life));
      case 'psp':
        return new SandboxPsp(ctx, this.#pspEnv(self, life));
    }
  }

  #env(from: Address, life: Life): ObjectEnv {
    const env = {
      STORE: this.#objects(from, life, 'store'),
      ORDER: this.#objects(from, life, 'order'),
      CUSTOMER: this.#objects(from, life, 'customer'),
      SANDBOX_PSP: this.#objects(from, life, 'psp'),
      ZONE: this.#outsiders('zone'),
      COURIER: this.#outsiders('courier'),
      GATEWAY_URL: 'http://log',
      GATEWAY_TOKEN: '',
      ENVIRONMENT: 'test',
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- namespaces whose stubs take any method
    return env as unknown as ObjectEnv;
  }

  #asked(to: Address): unknown {
    return stub((method, args) => this.#carry({ from: null, to, method, args }, null));
  }

  #objects(from: Address, life: Life, kind: Kind) {
    return {
      getByName: (id: string) => stub((method, args) => this.#carry({ from, to: { kind, id }, method, args }, life)),
    };
  }

  #outsiders(kind: 'zone' | 'courier') {
    return {
      getByName: (id: string) =>
        stub((method, args) =>
          Promise.resolve(this.#people.hear(kind, id, method, { ...structuredClone(args[0] ?? {}) })),
        ),
    };
  }

  /** The provider's webhooks, as the edge hands them on once it has checked them. */
  #pspEnv(from: Address, life: Life): SandboxPspEnv {
    const fetch = async (_url: string, { body }: { readonly body: string }): Promise<{ readonly ok: boolean }> => {
      const { id, orderId } = readOwnJson<{ readonly id: string; readonly orderId: string }>(body);
      const to: Address = { kind: 'order', id: orderId };
      const sent = { from, to, method: 'notePayment', args: [noticeOf(orderId, id)] };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the order's method returns
      return (await this.#carry(sent, life)) as { readonly ok: boolean };
    };
    const env = { SELF: { fetch }, ENVIRONMENT: 'test', SANDBOX_WEBHOOK_SECRET: 'secret' };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    return env as unknown as SandboxPspEnv;
  }
}

/** Takes any method. */
function stub(send: (method: string, args: readonly unknown[]) => Promise<unknown>): unknown {
  return new Proxy(
    {},
    {
      get:
        (_target, method: string) =>
        (...args: readonly unknown[]) =>
          send(method, args),
    },
  );
}

/** What the edge makes of a signed notice. */
export function noticeOf(order: string, providerEventId: string): NotePayment {
  const id = asOrderId(order);
  return {
    v: RPC_VERSION,
    actor: { kind: 'object', object: 'order', id },
    opId: asOpId(`notice:${providerEventId}`),
    provider: 'sandbox',
    providerEventId,
  };
}

/** Opens a world for the time of `body`; one at a time in a process. */
export async function inWorld<T>(world: World, body: () => Promise<T>): Promise<T> {
  // What an instance had begun when it was killed fails with nobody left to hear it.
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', ignoreTheDead);
  try {
    return await withVirtualGlobals(
      {
        nowMs: () => world.nowMs,
        fetch: (_url, init) => Promise.resolve(takeRecords(init)),
        timers: world.clock.timers,
      },
      body,
    );
  } finally {
    world.close();
    await quiet();
    process.off('unhandledRejection', ignoreTheDead);
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
}

function ignoreTheDead(cause: unknown): void {
  if (!(cause instanceof ObjectDied)) throw cause;
}

/** The log: takes what it gets. */
function takeRecords({ body }: RequestInit): unknown {
  const { records } = readOwnJson<{ readonly records: readonly unknown[] }>(typeof body === 'string' ? body : '');
  const offsets = records.map((_, offset) => ({ offset }));
  return { ok: true, status: 200, json: () => Promise.resolve({ offsets }) };
}

/** A method that is called by its name. */
export function methodOf(instance: Hostable, name: string): (...args: readonly unknown[]) => unknown {
  const method: unknown = Reflect.get(instance, name);
  if (typeof method !== 'function') throw new Error(`there is no method ${name}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a function is all that can be known here
  return method as (...args: readonly unknown[]) => unknown;
}
