import * as v from 'valibot';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import { storeStub } from '../../../durable/stubs.ts';
import type { ObjectEnv } from '../../../durable/env.ts';
import { asChannelId, asHoldId, asOpId, asSku, asStoreId, asUserId } from '../../../domain/shared/ids.ts';
import { invariant } from '../../../domain/shared/assert.ts';

export { StoreObject } from '../../../durable/store/store-object.ts';

const OPERATOR = { kind: 'operator', userId: asUserId('usr_00000000000000000000000001') } as const;
const CHANNEL = { kind: 'channel', channelId: asChannelId('bench') } as const;
const STOCK_UNITS = 1_000_000;
const LINES_PER_NOTE = 2_000;

const Prepare = v.object({ store: v.string(), skus: v.array(v.string()), notes: v.number() });
const Batch = v.object({
  store: v.string(),
  skus: v.array(v.string()),
  from: v.number(),
  size: v.number(),
  forMs: v.number(),
});

const Look = v.object({ store: v.string() });

function stub(env: ObjectEnv, { store }: v.InferOutput<typeof Look>) {
  return storeStub(env, asStoreId(store));
}

/** Calls the store object with many holds at once: what the isolate's coalescer sends, without the HTTP requests. */
export default {
  async fetch(request: Request, env: ObjectEnv): Promise<Response> {
    const body: unknown = await request.json();
    const { pathname } = new URL(request.url);
    if (pathname === '/prepare') return prepare(env, v.parse(Prepare, body));
    if (pathname === '/look') return Response.json(await stub(env, v.parse(Look, body)).load());
    return holdBatch(env, v.parse(Batch, body));
  },
};

async function prepare(env: ObjectEnv, body: v.InferOutput<typeof Prepare>): Promise<Response> {
  const { skus, notes } = body;
  const store = stub(env, body);
  const cards = skus.map((sku) => ({ sku: asSku(sku), name: sku, bin: 'A01-1-1', barcodes: [] }));
  const published = await store.publishCatalog({
    v: RPC_VERSION,
    actor: OPERATOR,
    opId: asOpId('bench:catalog:1'),
    storeName: 'Bench',
    catalogVersion: 1,
    cards,
  });
  invariant(published.ok, 'the catalog was refused');
  for (let note = 1; note <= notes; note += 1) {
    for (let from = 0; from < cards.length; from += LINES_PER_NOTE) {
      const lines = cards.slice(from, from + LINES_PER_NOTE).map(({ sku }) => ({ sku, quantity: STOCK_UNITS }));
      const receiptId = `bench:note:${note}:${from}`;
      // oxlint-disable-next-line no-await-in-loop -- one delivery after the other
      const received = await store.receive({
        v: RPC_VERSION,
        actor: OPERATOR,
        opId: asOpId(receiptId),
        receiptId,
        lines,
      });
      invariant(received.ok, 'the goods were refused');
    }
  }
  return Response.json({ ok: true });
}

async function holdBatch(env: ObjectEnv, body: v.InferOutput<typeof Batch>): Promise<Response> {
  const { skus, from, size, forMs } = body;
  const commands = Array.from({ length: size }, (_, index) => {
    const number = from + index;
    const holdId = asHoldId(`hld_${scattered(number)}`);
    const line = { sku: asSku(skus[number % skus.length] ?? ''), quantity: 1 };
    const opId = asOpId(`hold:${holdId}`);
    return { v: RPC_VERSION, actor: CHANNEL, opId, holdId, kind: 'cart' as const, forMs, lines: [line] };
  });
  const answers = await stub(env, body).holdMany(commands);
  const refused = answers.find(({ ok }) => !ok);
  return Response.json({ held: answers.filter(({ ok }) => ok).length, refused: refused ?? null });
}

/** Like the digests by which the API names holds, two that follow each other are far apart in an index. */
function scattered(number: number): string {
  // Knuth's multiplicative hash: an odd factor near 2^32 divided by the golden ratio.
  return (Math.imul(number, 2_654_435_761) >>> 0).toString().padStart(26, '0');
}
