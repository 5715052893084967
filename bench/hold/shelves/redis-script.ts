import type { RedisClientType } from '@redis/client';
import { RedisScript } from './redis-call.ts';
import type { HoldOutcome, Shelf, ShelfAudit, ShelfLine, WantedHold } from '../shop/shelf.ts';

/** As system design guides show it: one key, a check and a decrement. */
const RESERVE = `
local current = redis.call('GET', KEYS[1])
if current and tonumber(current) >= tonumber(ARGV[1]) then
  return redis.call('DECRBY', KEYS[1], ARGV[1])
else
  return nil
end`;

/**
 * Stock as one number a SKU, and nothing else: no record of a hold, so no answer to who holds what, no release, no expiry
 * and a second decrement for a repeated request. It takes baskets of one line only.
 */
export class RedisScriptShelf implements Shelf {
  readonly #redis: RedisClientType;
  readonly #reserve: RedisScript;

  constructor(redis: RedisClientType) {
    this.#redis = redis;
    this.#reserve = new RedisScript(redis, RESERVE);
  }

  async hold({ storeId, lines, expiresAtMs }: WantedHold): Promise<HoldOutcome> {
    const [line, ...more] = lines;
    if (line === undefined || more.length > 0) throw new Error('one line only');
    const left = await this.#reserve.run([stockKey(storeId, line.sku)], [String(line.quantity)]);
    if (left !== null) return { kind: 'held', hold: { status: 'HELD', lines, expiresAtMs } };
    const [available = 0] = await this.available(storeId, [line.sku]);
    return { kind: 'short', shortages: [{ sku: line.sku, requested: line.quantity, available }] };
  }

  release(): Promise<null> {
    return Promise.resolve(null);
  }

  find(): Promise<null> {
    return Promise.resolve(null);
  }

  available(storeId: string, skus: readonly string[]): Promise<readonly number[]> {
    return readStock(this.#redis, storeId, skus);
  }

  receive(storeId: string, lines: readonly ShelfLine[]): Promise<void> {
    return receiveStock(this.#redis, storeId, lines);
  }

  async audit(storeId: string): Promise<ShelfAudit> {
    return { available: await sumOfStock(this.#redis, storeId), discrepancies: [] };
  }

  expireDue(): Promise<void> {
    return Promise.resolve();
  }
}

export function stockKey(storeId: string, sku: string): string {
  return `inventory:${storeId}:${sku}`;
}

/** Every SKU that was ever received, with how much. */
export function receivedKey(storeId: string): string {
  return `received:${storeId}`;
}

export async function readStock(
  redis: RedisClientType,
  storeId: string,
  skus: readonly string[],
): Promise<readonly number[]> {
  const units = await redis.mGet(skus.map((sku) => stockKey(storeId, sku)));
  return units.map((text) => Number(text ?? 0));
}

export async function receiveStock(
  redis: RedisClientType,
  storeId: string,
  lines: readonly ShelfLine[],
): Promise<void> {
  await Promise.all(
    lines.map(async ({ sku, quantity }) => {
      await redis.hIncrBy(receivedKey(storeId), sku, quantity);
      await redis.incrBy(stockKey(storeId, sku), quantity);
    }),
  );
}

export async function sumOfStock(redis: RedisClientType, storeId: string): Promise<number> {
  const skus = await redis.hKeys(receivedKey(storeId));
  if (skus.length === 0) return 0;
  const units = await readStock(redis, storeId, skus);
  return units.reduce((sum, one) => sum + one, 0);
}
