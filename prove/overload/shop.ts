import { DEMO_STORES } from '../../db/seed/network.ts';
import { openingStock } from '../../db/seed/assortment.ts';
import { receiveStock } from '../../scripts/client/admin.ts';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import { hold } from '../../scripts/start/held-parts.ts';
import { endProcess, readRecord } from '../../scripts/start/process-record.ts';
import { readSecrets } from '../../scripts/start/secrets.ts';
import { stateFolder, type StateFolder } from '../../scripts/start/state-folder.ts';
import { STREAMS } from '../../scripts/start/streams-part.ts';
import { WORKERD } from '../../scripts/start/worker-part.ts';
import { RECEIPT_QUANTITY_MAX } from '../../contracts/http/admin.ts';
import { Requests } from '../../bench/hold/method/requests.ts';

const STREAMS_GRACE_MS = 5_000;
const RECEIPTS = 20;
/** What stands in a built request where its key comes. */
const KEY = 'KEY-COMES-HERE';

/** One store, and one SKU of which there is more than any run can sell. */
export interface Shop {
  readonly system: PrivateSystem;
  readonly storeId: string;
  readonly workerdPid: number;
  /** POST of a hold of one unit, as bytes; every key is used once. */
  readonly holdRequest: () => string;
  /** Holds that were asked for so far. */
  readonly asked: () => number;
  readonly helloRequest: () => string;
}

/**
 * The log is away meanwhile, and events wait in the store's outbox: what publishes them and what reads them would take the
 * processors of this machine from the store, the more of them the more it has just sold.
 */
export async function openShop(system: PrivateSystem): Promise<Shop> {
  const state = stateFolder(system.stateFolder);
  const secrets = readSecrets(state);
  const workerd = readRecord(state.run, WORKERD);
  const [store] = DEMO_STORES;
  const sku = store === undefined ? undefined : openingStock(store.id)[0]?.sku;
  if (!secrets.ok || store === undefined || sku === undefined || workerd === undefined) {
    throw new Error('the private system is not whole');
  }
  for (let receipt = 1; receipt <= RECEIPTS; receipt += 1) {
    const note = { receiptId: `overload-${receipt}`, lines: [{ sku, quantity: RECEIPT_QUANTITY_MAX }] };
    await receiveStock(system.operator, store.id, note);
  }
  await takeLogAway(state);
  const authorization = `Bearer ${secrets.value.channelKey}`;
  const operatorAuthorization = `Bearer ${secrets.value.operatorKey}`;
  const requests = new Requests({ origin: system.url, storeId: store.id, authorization, operatorAuthorization });
  const [before = '', after = ''] = requests.hold(KEY, [{ sku, quantity: 1 }]).split(KEY);
  const hello = `GET /api/v1/hello HTTP/1.1\r\nhost: ${new URL(system.url).host}\r\n\r\n`;
  let holds = 0;
  return {
    system,
    storeId: store.id,
    workerdPid: workerd.pid,
    holdRequest: () => `${before}overload-${(holds += 1)}${after}`,
    asked: () => holds,
    helloRequest: () => hello,
  };
}

async function takeLogAway(state: StateFolder): Promise<void> {
  hold(state, STREAMS);
  const streams = readRecord(state.run, STREAMS);
  if (streams !== undefined) await endProcess(streams, STREAMS_GRACE_MS);
}
