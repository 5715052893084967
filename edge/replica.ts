import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { AvailabilityAnswer, StoreLoad } from '../contracts/rpc/store.ts';
import { FRESH_MS, STALE_MAX_MS } from '../domain/inventory/availability-feed.ts';
import type { StoreId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { logLine } from './log.ts';

/** How long the request that asks the store waits for it before it shows what it has. */
const ASKER_PATIENCE_MS = 100;
/** How often and how long a request without anything to show looks whether another one's question was answered. */
const LOOK_EVERY_MS = 10;
const LOOKS = 25;
/** A question that has not come back after this is taken for lost. */
const QUESTION_LOST_MS = 1_000;
/** Stores whose stock one isolate keeps; the one asked for longest ago goes first. */
const STORES_MAX = 64;

export interface Stock {
  readonly version: number;
  readonly catalogVersion: number;
  readonly open: boolean;
  readonly load: StoreLoad;
  /** Units by SKU; a SKU that is not in it has none. */
  readonly available: ReadonlyMap<string, number>;
}
export interface StockReading {
  readonly stock: Stock;
  /** From when the store was asked: its answer is at least as new as that. */
  readonly ageMs: number;
  /** True when the store was too busy to be asked in time and older stock is shown instead. */
  readonly stale: boolean;
}

export interface StockSource {
  ask(storeId: StoreId, since: number): Promise<AvailabilityAnswer>;
  /** Keeps the isolate working on this after the answer is out. */
  waitUntil(work: Promise<unknown>): void;
  wait(ms: number): Promise<void>;
  nowMs(): number;
}

/** Changed in place, version and units in one go: a copy of every SKU 20 times a second is not free. */
interface MutableStock {
  version: number;
  catalogVersion: number;
  open: boolean;
  load: StoreLoad;
  readonly available: Map<string, number>;
}
interface Copy {
  stock: MutableStock | null;
  askedAtMs: number;
  nextAskAtMs: number;
  /** When the question on its way was asked; `null` when none is. */
  askingSinceMs: number | null;
}

/**
 * What this isolate knows of the stock of the stores it serves: asked for only while customers ask, one question per store at
 * a time. Requests share data and never a promise: the platform ends a request that waits for another one's I/O only, and
 * with the other request its continuations.
 * https://developers.cloudflare.com/workers/runtime-apis/bindings/#making-changes-to-bindings
 */
export class StockReplica {
  readonly #copies = new Map<StoreId, Copy>();

  async read(storeId: StoreId, source: StockSource): Promise<Result<StockReading, Refusal<'STORE_BUSY'>>> {
    const copy = this.#copyOf(storeId);
    const nowMs = source.nowMs();
    const { stock, askedAtMs, nextAskAtMs } = copy;
    // A busy store may ask for more patience than that.
    if (stock !== null && nowMs <= Math.max(askedAtMs + FRESH_MS, nextAskAtMs)) {
      return ok({ stock, ageMs: Math.max(0, nowMs - askedAtMs), stale: false });
    }
    return this.#isAsking(copy, nowMs) ? this.#follow(storeId, copy, source) : this.#ask(storeId, copy, source);
  }

  /** Asks the store and waits for it a moment; the question goes on after that, for those who come next. */
  async #ask(storeId: StoreId, copy: Copy, source: StockSource): Promise<Result<StockReading, Refusal<'STORE_BUSY'>>> {
    const sinceMs = source.nowMs();
    const question = this.#question(storeId, copy, source);
    source.waitUntil(question);
    // With nothing to show there is nothing else to do than to wait.
    await (copy.stock === null ? question : Promise.race([question, source.wait(ASKER_PATIENCE_MS)]));
    const shown = reading(copy, source.nowMs(), sinceMs);
    return shown === null ? err(BUSY) : ok(shown);
  }

  /** Another request's question is on its way: shows what there is, or looks for the answer, or asks itself in the end. */
  async #follow(
    storeId: StoreId,
    copy: Copy,
    source: StockSource,
  ): Promise<Result<StockReading, Refusal<'STORE_BUSY'>>> {
    const sinceMs = source.nowMs();
    for (let look = 0; look < LOOKS; look += 1) {
      const shown = reading(copy, source.nowMs(), sinceMs);
      if (shown !== null) return ok(shown);
      await source.wait(LOOK_EVERY_MS);
    }
    return this.#ask(storeId, copy, source);
  }

  /** Never rejects: a store that cannot be asked leaves the copy as it is. */
  async #question(storeId: StoreId, copy: Copy, source: StockSource): Promise<void> {
    const askedAtMs = source.nowMs();
    copy.askingSinceMs = askedAtMs;
    try {
      const told = await source.ask(storeId, copy.stock?.version ?? 0);
      // An older question that was taken for lost may come back last.
      if (askedAtMs < copy.askedAtMs) return;
      const stock = merge(copy.stock, told);
      if (stock === null) return;
      copy.stock = stock;
      copy.askedAtMs = askedAtMs;
      copy.nextAskAtMs = askedAtMs + Math.min(told.nextAfterMs, STALE_MAX_MS);
    } catch (cause) {
      logLine({ event: 'availability_failed', storeId, cause: String(cause) });
    } finally {
      if (copy.askingSinceMs === askedAtMs) copy.askingSinceMs = null;
    }
  }

  #isAsking(copy: Copy, nowMs: number): boolean {
    return copy.askingSinceMs !== null && nowMs - copy.askingSinceMs < QUESTION_LOST_MS;
  }

  #copyOf(storeId: StoreId): Copy {
    const known = this.#copies.get(storeId);
    if (known !== undefined) return known;
    if (this.#copies.size >= STORES_MAX) this.#forgetOldest();
    const copy: Copy = { stock: null, askedAtMs: 0, nextAskAtMs: 0, askingSinceMs: null };
    this.#copies.set(storeId, copy);
    return copy;
  }

  #forgetOldest(): void {
    const [oldest] = [...this.#copies].toSorted(([, a], [, b]) => a.askedAtMs - b.askedAtMs);
    if (oldest !== undefined) this.#copies.delete(oldest[0]);
  }
}

/** What can be shown, if anything. Stale unless the store was asked since then, or a moment ago. */
function reading({ stock, askedAtMs }: Copy, nowMs: number, sinceMs: number): StockReading | null {
  const ageMs = Math.max(0, nowMs - askedAtMs);
  if (stock === null || ageMs > STALE_MAX_MS) return null;
  return { stock, ageMs, stale: askedAtMs < sinceMs && ageMs > FRESH_MS };
}

const BUSY = refuse('STORE_BUSY', 'The store did not say what it has. Try again shortly.');

/** The stock after an answer. `null` for changes to a version we no longer have: the next question sets it right. */
function merge(known: MutableStock | null, told: AvailabilityAnswer): MutableStock | null {
  const { version, catalogVersion, open, load } = told;
  if (told.full) return { version, catalogVersion, open, load, available: new Map(told.items) };
  if (known === null || version < known.version) return null;
  for (const [sku, units] of told.items) known.available.set(sku, units);
  return Object.assign(known, { version, catalogVersion, open, load });
}
