import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { asCourierId, asHoldId, asOpId, asOrderId, asStoreId, asUserId } from '../../domain/shared/ids.ts';
import { closeSockets, until } from './support/socket.ts';
import type { Frame, HandSocket } from './support/socket.ts';
import { barcodeOf, by, line, must, OPERATOR, orderActor, storeAt } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { staffOf, tablet } from './support/tablet.ts';
import recorded from '../../docs/protocols/tablet-session.jsonl?raw';

// docs/protocols/tablet-session.jsonl, line by line: what the tablet says is said again to a real store, and what the store
// says to that must be what is written there. To write down anew what the store says, run this test with `-u`.

const BODY = '1'.padStart(26, '0');
const ORDER = asOrderId(`ord_${BODY}`);
const OPENS_AT_MS = Date.parse('2027-01-15T08:00:00.000Z');
const MINUTE_MS = 60_000;

type Line =
  | { readonly tablet: Frame }
  | { readonly store: Frame }
  | { readonly happens: 'connected'; readonly after: number | 'last' | null }
  | { readonly happens: 'minutes pass'; readonly minutes: number }
  | { readonly happens: 'courier announced'; readonly code: string }
  | { readonly happens: 'cut' | 'evicted' | 'closed' };

beforeEach(() => {
  // The clock is the session's.
  vi.useFakeTimers({ toFake: ['Date'], now: OPENS_AT_MS });
  // The order of this session is an id only: the store says that nobody took its reports.
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

test('the recorded session of a tablet is what a store says today, frame by frame [F7] [F8] [X3]', async () => {
  const lines = recorded
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);
  const said: Line[] = [];
  const session = new Session(await openStore());
  for (const each of lines) {
    if ('store' in each) continue;
    said.push(each);
    const frames = 'tablet' in each ? await session.say(each.tablet) : await session.happens(each);
    said.push(...frames.map((store) => ({ store })));
  }
  expect(said.filter((each) => 'store' in each).length).toBeGreaterThan(20);
  const text = said.map((each) => `${JSON.stringify(each)}\n`).join('');
  await expect(text).toMatchFileSnapshot('../../docs/protocols/tablet-session.jsonl');
});

/** An order of two EGGS and one TEA waits on the floor. */
async function openStore(): Promise<TestStore> {
  const store = storeAt(asStoreId(`sto_${BODY}`));
  const cards = ['EGGS', 'TEA', 'MILK'].map((sku, i) => ({
    sku: line(sku, 1).sku,
    name: `${sku} of the house`,
    bin: `A01-1-${i + 1}`,
    barcodes: [barcodeOf(sku)],
  }));
  must(await store.rpc.publishCatalog({ ...by(OPERATOR), storeName: 'Indiranagar', catalogVersion: 1, cards }));
  const goods = [line('EGGS', 6), line('TEA', 6), line('MILK', 6)];
  must(await store.rpc.receive({ ...by(OPERATOR), receiptId: 'GRN-0', lines: goods }));
  const order = { ...by(orderActor(ORDER), asOpId('hold-00000001')), holdId: asHoldId(`hld_${BODY}`), orderId: ORDER };
  must(await store.rpc.hold({ ...order, kind: 'order', lines: [line('EGGS', 2), line('TEA', 1)] }));
  const terms = { orderNumber: 'K-0001', promisedAtMs: OPENS_AT_MS + 30 * MINUTE_MS };
  must(await store.rpc.commit({ ...order, opId: asOpId('commit-00000001'), ...terms }));
  return store;
}

class Session {
  readonly #store: TestStore;
  #socket: HandSocket | undefined;
  #seen = 0;
  #lastSeq: number | null = null;
  #barriers = 0;

  constructor(store: TestStore) {
    this.#store = store;
  }

  /** Says a frame of the tablet's; what the store says until it has answered it. */
  async say(frame: Frame): Promise<Frame[]> {
    const socket = this.#open();
    const before = socket.frames.length;
    // This tablet's clock is right: what it does now, it does by its own time.
    const { at } = (frame['t'] === 'device' ? frame : (frame['device'] ?? {})) as { readonly at?: string };
    const atMs = Date.parse(at ?? '');
    if (atMs > Date.now()) vi.setSystemTime(atMs);
    socket.send(frame);
    await until(() =>
      socket.frames.slice(before).find(({ t, id }) => t === 'pong' || (t === 'answer' && id === frame['id'])),
    );
    return this.#new();
  }

  /** Lets something happen; what the store says of it. */
  async happens(event: Exclude<Line, { readonly tablet: Frame } | { readonly store: Frame }>): Promise<Frame[]> {
    switch (event.happens) {
      case 'connected': {
        const after = event.after === 'last' ? this.#lastSeq : event.after;
        this.#socket = await tablet(this.#store, staffOf(this.#store, asUserId(`usr_${BODY}`)), after);
        this.#seen = 0;
        return this.#heard();
      }
      case 'cut':
      case 'closed':
        this.#open().close();
        this.#socket = undefined;
        return [];
      case 'minutes pass':
        vi.setSystemTime(Date.now() + event.minutes * MINUTE_MS);
        await runInDurableObject(this.#store.stub, (object) => object.alarm());
        return [];
      case 'evicted':
        await evictDurableObject(this.#store.stub);
        return [];
      case 'courier announced': {
        const courier = { orderId: ORDER, courierId: asCourierId(`cou_${BODY}`), handoverCode: event.code };
        must(await this.#store.rpc.announceCourier({ ...by(orderActor(ORDER)), ...courier }));
        return this.#heard();
      }
    }
  }

  /** What was said before a question that is no part of the session was answered. */
  async #heard(): Promise<Frame[]> {
    this.#barriers += 1;
    const id = `barrier-${this.#barriers}`;
    const at = new Date(Date.now()).toISOString();
    const frames = await this.say({ t: 'device', id, device: 'no-device', at });
    return frames.filter((frame) => frame['id'] !== id);
  }

  #new(): Frame[] {
    const frames = this.#open().frames.slice(this.#seen);
    this.#seen += frames.length;
    for (const { seq } of frames) if (typeof seq === 'number') this.#lastSeq = seq;
    return frames;
  }

  #open(): HandSocket {
    if (this.#socket === undefined) throw new Error('the tablet is not connected');
    return this.#socket;
  }
}
