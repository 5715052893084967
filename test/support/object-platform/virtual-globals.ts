import { seededRandom } from '../../../scripts/shared/seeded-random.ts';
import { HostedSocket } from './hosted-socket.ts';

export interface VirtualGlobals {
  readonly nowMs: () => number;
  /** Answers what objects send out by HTTP. */
  readonly fetch: (url: string, init: RequestInit) => Promise<unknown>;
  /** Timers in the caller's time. Absent: the machine's own, and a wait is one turn of the loop. */
  readonly timers?: Timers;
}

export interface Timers {
  setTimeout(run: () => void, ms?: number): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * Puts what objects take from the runtime under the caller's hand while `body` runs: the time, chance, HTTP and sockets. One
 * at a time in a process.
 */
export async function withVirtualGlobals<T>(globals: VirtualGlobals, body: () => Promise<T>): Promise<T> {
  const { timers } = globals;
  const kept = Object.getOwnPropertyDescriptors(globalThis);
  const { now } = Date;
  const { random } = Math;
  // What objects report, of faults that were made on purpose.
  const { warn } = console;
  // oxlint-disable-next-line no-console -- see above
  console.warn = () => undefined;
  Date.now = globals.nowMs;
  Math.random = seededRandom(1);
  const own = {
    fetch: globals.fetch,
    WebSocketRequestResponsePair: Object,
    WebSocketPair: class {
      readonly 0 = new HostedSocket();
      readonly 1 = this[0];
    },
    Response: UpgradeResponse,
    scheduler: { wait: timers === undefined ? nextTurn : waitBy(timers) },
    ...timers,
    crypto: seededCrypto(),
  };
  for (const [name, value] of Object.entries(own)) replace(name, value);
  try {
    return await body();
  } finally {
    // oxlint-disable-next-line no-console -- as it was
    console.warn = warn;
    Date.now = now;
    Math.random = random;
    for (const name of Object.keys(own)) restore(name, kept[name as keyof typeof kept]);
  }
}

/** A wait of the runtime's, in the loop's own time: the virtual clock does not run on meanwhile. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function waitBy(timers: Timers): (ms: number) => Promise<void> {
  return (ms) =>
    new Promise((resolve) => {
      timers.setTimeout(resolve, ms);
    });
}

/** Draws the same bytes in every run. */
function seededCrypto() {
  const random = seededRandom(2);
  function getRandomValues(bytes: Uint8Array): Uint8Array {
    bytes.set(bytes.map(() => Math.floor(random() * 256)));
    return bytes;
  }
  return { getRandomValues, randomUUID: () => Buffer.from(getRandomValues(new Uint8Array(16))).toString('hex') };
}

function replace(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

function restore(name: string, descriptor: PropertyDescriptor | undefined): void {
  if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
  else Object.defineProperty(globalThis, name, descriptor);
}

/** Node's own refuses 101, which only an upgrade has. */
class UpgradeResponse {
  readonly status: number;
  readonly webSocket: HostedSocket | undefined;
  constructor(_body: null, { status, webSocket }: { readonly status: number; readonly webSocket?: HostedSocket }) {
    this.status = status;
    this.webSocket = webSocket;
  }
}
