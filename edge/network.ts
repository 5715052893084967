import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import { readOwnJson } from '../contracts/own-json.ts';
import { NETWORK_KEY } from '../contracts/snapshots.ts';
import type { CityEntry, NetworkSnapshot, StoreEntry, ZoneEntry } from '../contracts/snapshots.ts';
import { Network } from '../domain/geo/network.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { logLine } from './log.ts';

/** A published change of the network is seen within this, and what KV itself takes. */
const FRESH_MS = 5_000;
/** A refresh that has not come back after this is taken for lost, and another request starts one. */
const REFRESH_LOST_MS = 5_000;

export type StoreNetwork = Network<CityEntry, ZoneEntry, StoreEntry>;

export interface NetworkSource {
  /** The published snapshot as text, or `null` before the first publication. */
  read(key: string): Promise<string | null>;
  /** Keeps the isolate working on this after the answer is out. */
  waitUntil(work: Promise<unknown>): void;
  nowMs(): number;
}

/**
 * The network as this isolate knows it: parsed once a version, served at once, and refreshed behind the answer. With KV
 * away it goes on as it was: an old network sells, none at all does not.
 */
export class NetworkCache {
  #network: StoreNetwork | null = null;
  #checkedAtMs = 0;
  #refreshingSinceMs: number | null = null;

  async get(source: NetworkSource): Promise<Result<StoreNetwork, Refusal<'UNAVAILABLE'>>> {
    const nowMs = source.nowMs();
    if (this.#network === null) await this.#refresh(source);
    else if (nowMs - this.#checkedAtMs > FRESH_MS && !this.#isRefreshing(nowMs))
      source.waitUntil(this.#refresh(source));
    return this.#network === null ? err(NO_NETWORK) : ok(this.#network);
  }

  /** After a publication by this very isolate. */
  replace(snapshot: NetworkSnapshot, nowMs: number): void {
    if (snapshot.version > (this.#network?.version ?? 0)) this.#network = new Network(snapshot);
    this.#checkedAtMs = nowMs;
  }

  #isRefreshing(nowMs: number): boolean {
    return this.#refreshingSinceMs !== null && nowMs - this.#refreshingSinceMs < REFRESH_LOST_MS;
  }

  async #refresh(source: NetworkSource): Promise<void> {
    this.#refreshingSinceMs = source.nowMs();
    try {
      const text = await source.read(NETWORK_KEY);
      // Written by the publication in this Worker and by nobody else.
      if (text !== null) this.replace(readOwnJson<NetworkSnapshot>(text), source.nowMs());
    } catch (cause) {
      logLine({ event: 'network_refresh_failed', cause: String(cause) });
    } finally {
      this.#checkedAtMs = source.nowMs();
      this.#refreshingSinceMs = null;
    }
  }
}

const NO_NETWORK = refuse('UNAVAILABLE', 'The network of stores is not published yet.');
