import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { StoreEntry } from '../contracts/snapshots.ts';
import type { StoreId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { storeStub } from '../durable/stubs.ts';
import type { CatalogIndex } from './catalog-index.ts';
import { Catalogs } from './catalogs.ts';
import type { CatalogSource } from './catalogs.ts';
import type { EdgeEnv } from './env.ts';
import { HoldCoalescer } from './hold-coalescer.ts';
import { NetworkCache } from './network.ts';
import type { NetworkSource, StoreNetwork } from './network.ts';
import { StoreBreakers } from './store-breakers.ts';
import { StockReplica } from './replica.ts';
import type { StockReading, StockSource } from './replica.ts';

/** What an isolate remembers from one request to the next: data, and of promises only those of queued holds. Never a stub. */
interface IsolateCache {
  readonly network: NetworkCache;
  readonly catalogs: Catalogs;
  readonly stock: StockReplica;
  readonly holds: HoldCoalescer;
  readonly breakers: StoreBreakers;
}

const caches = new WeakMap<EdgeEnv, IsolateCache>();

export function isolateCacheOf(env: EdgeEnv): IsolateCache {
  const known = caches.get(env);
  if (known !== undefined) return known;
  const cache = {
    network: new NetworkCache(),
    catalogs: new Catalogs(),
    stock: new StockReplica(),
    holds: new HoldCoalescer(),
    breakers: new StoreBreakers(),
  };
  caches.set(env, cache);
  return cache;
}

/** The part of a request's context by which it reaches what is behind the API. */
export interface Reader {
  readonly env: EdgeEnv;
  readonly executionCtx: { waitUntil(work: Promise<unknown>): void };
}

/** What customers see, as far as this request may ask for it. */
export class Storefront {
  readonly #cache: IsolateCache;
  readonly #source: NetworkSource & CatalogSource & StockSource;

  constructor({ env, executionCtx }: Reader) {
    this.#cache = isolateCacheOf(env);
    this.#source = {
      read: (key) => env.CATALOG.get(key),
      ask: (storeId, since) =>
        this.#cache.breakers.call(storeId, this.#source, () => storeStub(env, storeId).availability({ since })),
      waitUntil: (work) => {
        executionCtx.waitUntil(work);
      },
      wait: (ms) => scheduler.wait(ms),
      nowMs: () => Date.now(),
    };
  }

  network(): Promise<Result<StoreNetwork, Refusal<'UNAVAILABLE'>>> {
    return this.#cache.network.get(this.#source);
  }

  /** Only stores of the network are asked for anything: a made-up id must not bring an object into being. */
  async store(storeId: StoreId): Promise<Result<StoreEntry, Refusal<'NOT_FOUND' | 'UNAVAILABLE'>>> {
    const network = await this.network();
    if (!network.ok) return network;
    const store = network.value.store(storeId);
    return store === undefined ? err(NO_STORE) : ok(store);
  }

  /** Whether a store answers, as far as this isolate has seen: one that does not is left out for a while. */
  isTrusted(storeId: StoreId): boolean {
    return this.#cache.breakers.isTrusted(storeId, this.#source.nowMs());
  }

  stock(storeId: StoreId): Promise<Result<StockReading, Refusal<'STORE_BUSY'>>> {
    return this.#cache.stock.read(storeId, this.#source);
  }

  /** For showing, the version before will do while the new one is loaded; for pricing it will not. */
  catalog(
    storeId: StoreId,
    version: number,
    use: 'show' | 'price',
  ): Promise<Result<CatalogIndex, Refusal<'UNAVAILABLE'>>> {
    return this.#cache.catalogs.get(storeId, version, this.#source, { mayBeOlder: use === 'show' });
  }
}

const NO_STORE = refuse('NOT_FOUND', 'There is no such store.');
