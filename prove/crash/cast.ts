import { randomBytes } from 'node:crypto';
import type * as v from 'valibot';
import { openingStock } from '../../db/seed/assortment.ts';
import { DEMO_PLACES, DEMO_STORES, type DemoStore } from '../../db/seed/network.ts';
import { asChannelId, asUserId } from '../../domain/shared/ids.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import type { Caller } from '../../contracts/actor.ts';
import { holdIdOf } from '../../edge/hold-id.ts';
import type { ApiRequest } from '../../scripts/client/http.ts';
import { Operator } from '../../scripts/client/operator.ts';
import { PATIENT, retrying } from '../../scripts/client/retry.ts';
import { Session } from '../../scripts/client/session.ts';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import { readSecrets } from '../../scripts/start/secrets.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import type { Asker, Line } from './operation.ts';

/** What a request is tried: once. Trying again is a decision of the client that keeps a ledger. */
const ONCE = { deadlineMs: 0 };
const CUSTOMERS = 3;
/** One store delivers there. */
const DOOR = 'Ulsoor';

interface ApiClient {
  call<Schema extends v.GenericSchema>(request: ApiRequest, schema: Schema): Promise<v.InferOutput<Schema>>;
}

/** Who takes part: clients behind a wire that breaks, and the stores that they ask. */
export interface Cast {
  readonly clients: (asker: Asker) => ApiClient;
  readonly customers: number;
  /** The hold that a key makes at a store. */
  readonly holdIdOf: (asker: Asker, storeId: string, key: string) => string;
  readonly channelKey: string;
  /** Sends goods to the other one and back, and gets the orders. */
  readonly store: DemoStore;
  readonly otherStore: DemoStore;
  /** Nobody asks it anything while its holds expire. */
  readonly quietStore: DemoStore;
  /** Where a client without manners holds stock. */
  readonly controlStore: DemoStore;
  /** Where orders go. */
  readonly door: LatLng;
  /** Sold by both stores, some of them scarce. */
  readonly skus: readonly string[];
}

/** `origin` is the wire's. */
export async function makeCast(system: PrivateSystem, origin: string): Promise<Cast> {
  const secrets = readSecrets(stateFolder(system.stateFolder));
  const [store, otherStore, quietStore, controlStore] = DEMO_STORES;
  const door = DEMO_PLACES.find(({ name }) => name === DOOR)?.location;
  if (!secrets.ok || !store || !otherStore || !quietStore || !controlStore || !door) {
    throw new Error('the private system is not whole');
  }
  const { channelKey, operatorKey } = secrets.value;
  const channel = new Operator(origin, channelKey, ONCE);
  const operator = new Operator(origin, operatorKey, ONCE);
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, (_, index) => signUp(origin, index)));
  const callers = await Promise.all(
    customers.map(async (session): Promise<Caller> => ({
      kind: 'customer',
      userId: asUserId((await session.user()).id),
    })),
  );
  const channelId = asChannelId(channelKey.split('_')[2] ?? '');
  return {
    clients: (asker) => (asker === 'channel' ? channel : asker === 'operator' ? operator : must(customers[asker])),
    customers: CUSTOMERS,
    holdIdOf: (asker, storeId, key) => {
      const caller: Caller = typeof asker === 'number' ? must(callers[asker]) : { kind: 'channel', channelId };
      return holdIdOf(caller, must(DEMO_STORES.find(({ id }) => id === storeId)).id, key);
    },
    channelKey,
    store,
    otherStore,
    quietStore,
    controlStore,
    door,
    skus: soldByBoth(store, otherStore),
  };
}

/** Signs up patiently, and from then on asks once. */
async function signUp(origin: string, index: number): Promise<Session> {
  const phone = `+91555100${String(index).padStart(4, '0')}`;
  const credentials = { phone, password: randomBytes(16).toString('hex') };
  await new Session(origin, credentials).register(`Customer ${index + 1}`);
  const session = new Session(origin, credentials, ONCE);
  await retrying(PATIENT, () => session.user());
  return session;
}

/** Twelve with plenty, four of which there are only a few. */
function soldByBoth(store: DemoStore, other: DemoStore): readonly string[] {
  const there = new Map(openingStock(other.id).map(({ sku, quantity }): [string, number] => [sku, quantity]));
  const both = openingStock(store.id).filter(({ sku }) => there.has(sku));
  const plenty = both.filter(({ sku, quantity }) => quantity >= 20 && (there.get(sku) ?? 0) >= 20).slice(0, 12);
  const scarce = both.filter(({ sku, quantity }) => quantity <= 5 || (there.get(sku) ?? 0) <= 5).slice(0, 4);
  return [...plenty, ...scarce].map(({ sku }) => sku);
}

/** Something of what a store has plenty of. */
export function plentyAt(store: DemoStore): Line {
  return must(openingStock(store.id).find(({ quantity }) => quantity >= 60));
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the seed lacks what this needs');
  return value;
}
