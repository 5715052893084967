import { readOwnJson } from '../contracts/own-json.ts';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import { catalogKey } from '../contracts/snapshots.ts';
import type { CatalogSnapshot } from '../contracts/snapshots.ts';
import type { StoreId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { CatalogIndex } from './catalog-index.ts';

/** Stores whose catalogs one isolate keeps: at 4,000 products each about 3 MB a store, of the isolate's 128 MB. */
const CATALOGS_MAX = 16;
const LOOK_EVERY_MS = 10;
const LOOKS = 100;
/** A load that has not come back after this is taken for lost. */
const LOAD_LOST_MS = 2_000;

export interface CatalogSource {
  /** The snapshot as text, or `null` when it is not there (yet). */
  read(key: string): Promise<string | null>;
  waitUntil(work: Promise<unknown>): void;
  wait(ms: number): Promise<void>;
  nowMs(): number;
}

interface Slot {
  index: CatalogIndex | null;
  loadingSinceMs: number | null;
}

/**
 * Catalogs by store, each parsed once a version and isolate. A version is immutable, so there is nothing to refresh: the
 * store's availability answer names the current one. While that is loaded, requests that can live with it see the one before.
 */
export class Catalogs {
  /** In order of use, so that the first key is the one to forget. */
  readonly #slots = new Map<StoreId, Slot>();

  async get(
    storeId: StoreId,
    version: number,
    source: CatalogSource,
    options: { readonly mayBeOlder: boolean },
  ): Promise<Result<CatalogIndex, Refusal<'UNAVAILABLE'>>> {
    const slot = this.#slotOf(storeId);
    if (slot.index?.version === version) return ok(slot.index);
    if (!this.#isLoading(slot, source.nowMs())) {
      const load = this.#load(slot, storeId, version, source);
      source.waitUntil(load);
      await load;
    } else if (slot.index === null || !options.mayBeOlder) {
      await this.#follow(slot, storeId, version, source);
    }
    // An older version is better than none: KV may not show the new one everywhere yet.
    return slot.index === null ? err(NO_CATALOG) : ok(slot.index);
  }

  /** Waits for what another request loads by looking, not by its promise, and loads itself in the end. */
  async #follow(slot: Slot, storeId: StoreId, version: number, source: CatalogSource): Promise<void> {
    for (let look = 0; look < LOOKS; look += 1) {
      await source.wait(LOOK_EVERY_MS);
      if (slot.index?.version === version) return;
      if (slot.loadingSinceMs === null) break;
    }
    await this.#load(slot, storeId, version, source);
  }

  async #load(slot: Slot, storeId: StoreId, version: number, source: CatalogSource): Promise<void> {
    const sinceMs = source.nowMs();
    slot.loadingSinceMs = sinceMs;
    try {
      const text = await source.read(catalogKey(storeId, version));
      if (text === null || slot.index?.version === version) return;
      // Written by the publication in this Worker and by nobody else.
      slot.index = new CatalogIndex(readOwnJson<CatalogSnapshot>(text));
    } finally {
      if (slot.loadingSinceMs === sinceMs) slot.loadingSinceMs = null;
    }
  }

  #isLoading({ loadingSinceMs }: Slot, nowMs: number): boolean {
    return loadingSinceMs !== null && nowMs - loadingSinceMs < LOAD_LOST_MS;
  }

  #slotOf(storeId: StoreId): Slot {
    const slot = this.#slots.get(storeId) ?? { index: null, loadingSinceMs: null };
    this.#slots.delete(storeId);
    this.#slots.set(storeId, slot);
    const oldest = this.#slots.keys().next();
    if (this.#slots.size > CATALOGS_MAX && oldest.done !== true) this.#slots.delete(oldest.value);
    return slot;
  }
}

const NO_CATALOG = refuse('UNAVAILABLE', "The store's catalog is not published yet.");
