import { serve, type ServerType } from '@hono/node-server';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiKeys } from '../../../edge/auth/api-key.ts';
import type { RunningContender } from '../contenders/contender.ts';
import { makeChannelKey } from '../shop/channel-key.ts';
import { sameLines } from '../shop/shelf.ts';
import type { HoldOutcome, HoldRecord, Shelf, ShelfLine, WantedHold } from '../shop/shelf.ts';
import { createShop } from '../shop/shop.ts';
import { consultOracle, type OracleVerdict } from './oracle.ts';

/** A shelf in memory. What a subclass leaves out is a fault that the oracle has to find. */
class MemoryShelf implements Shelf {
  readonly #received = new Map<string, number>();
  readonly #available = new Map<string, number>();
  protected readonly holds = new Map<string, HoldRecord>();

  hold(wanted: WantedHold): Promise<HoldOutcome> {
    const known = this.known(wanted);
    if (known !== undefined) {
      return Promise.resolve(sameLines(known.lines, wanted.lines) ? { kind: 'held', hold: known } : { kind: 'reused' });
    }
    if (!wanted.lines.every((line) => this.has(line))) return Promise.resolve({ kind: 'short', shortages: [] });
    for (const { sku, quantity } of wanted.lines) this.#available.set(sku, this.units(sku) - quantity);
    const hold: HoldRecord = { status: 'HELD', lines: wanted.lines, expiresAtMs: wanted.expiresAtMs };
    this.holds.set(wanted.holdId, hold);
    return Promise.resolve({ kind: 'held', hold });
  }

  /** Called when the process would have been killed. */
  survive(): void {}

  protected known({ holdId }: WantedHold): HoldRecord | undefined {
    return this.holds.get(holdId);
  }

  protected has({ sku, quantity }: ShelfLine): boolean {
    return this.units(sku) >= quantity;
  }

  protected units(sku: string): number {
    return this.#available.get(sku) ?? 0;
  }

  release(): Promise<null> {
    return Promise.resolve(null);
  }

  find(_: string, holdId: string): Promise<HoldRecord | null> {
    return Promise.resolve(this.holds.get(holdId) ?? null);
  }

  available(_: string, skus: readonly string[]): Promise<readonly number[]> {
    return Promise.resolve(skus.map((sku) => this.units(sku)));
  }

  receive(_: string, lines: readonly ShelfLine[]): Promise<void> {
    for (const { sku, quantity } of lines) {
      this.#received.set(sku, (this.#received.get(sku) ?? 0) + quantity);
      this.#available.set(sku, this.units(sku) + quantity);
    }
    return Promise.resolve();
  }

  audit(): ReturnType<Shelf['audit']> {
    const units = [...this.#available.values()];
    return Promise.resolve({ available: units.reduce((sum, one) => sum + one, 0), discrepancies: [] });
  }

  expireDue(): Promise<void> {
    return Promise.resolve();
  }
}

class Oversells extends MemoryShelf {
  protected override has(): boolean {
    return true;
  }
}

class Forgets extends MemoryShelf {
  override survive(): void {
    const [first] = this.holds.keys();
    if (first !== undefined) this.holds.delete(first);
  }
}

class HoldsTwice extends MemoryShelf {
  protected override known(): undefined {
    return undefined;
  }
}

/** Four servers and thousands of requests on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const servers: ServerType[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function ask(shelf: MemoryShelf): Promise<OracleVerdict> {
  const { authorization, entry } = makeChannelKey();
  const keys = new ApiKeys({ operatorKeys: [], channelKeys: [entry] });
  let origin = '';
  let server: ServerType | undefined;
  async function listen(): Promise<void> {
    const app = createShop(() => ({ keys, shelf }));
    await new Promise<void>((resolve) => {
      server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
        origin = `http://127.0.0.1:${port}`;
        resolve();
      });
      servers.push(server);
    });
  }
  await listen();
  const contender: RunningContender = {
    get origin() {
      return origin;
    },
    storeId: 'sto_TEST',
    authorization,
    operatorAuthorization: authorization,
    pids: [],
    kill: () => {
      shelf.survive();
      if (server !== undefined && 'closeAllConnections' in server) server.closeAllConnections();
      server?.close();
      return Promise.resolve();
    },
    revive: listen,
    stop: () => Promise.resolve(),
  };
  return consultOracle(contender, { seconds: 0.2, connections: 8, seed: 7, nonce: 'test-oracle', scarceUnits: 3 });
}

test('finds no fault where there is none', async () => {
  const verdict = await ask(new MemoryShelf());
  expect(verdict.problems).toEqual([]);
  expect(verdict.acknowledged).toBeGreaterThan(3);
});

test('sees more sold than was there', async () => {
  const verdict = await ask(new Oversells());
  expect(verdict.oversold).toBeGreaterThan(0);
  expect(verdict.problems).not.toEqual([]);
});

test('misses an acknowledged hold that a restart lost', async () => {
  const verdict = await ask(new Forgets());
  expect(verdict.lost).toBe(1);
  expect(verdict.problems).not.toEqual([]);
});

test('notices that a repeated request takes stock again', async () => {
  const verdict = await ask(new HoldsTwice());
  expect(verdict.twice).toBeGreaterThan(0);
  expect(verdict.problems).not.toEqual([]);
});
