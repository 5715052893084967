import type { RedisClientType } from '@redis/client';
import * as v from 'valibot';
import { readOwnJson } from '../../../contracts/own-json.ts';
import { sameLines } from '../shop/shelf.ts';
import type { HoldOutcome, HoldRecord, Shelf, ShelfAudit, ShelfLine, WantedHold } from '../shop/shelf.ts';
import { RedisScript } from './redis-call.ts';
import { readStock, receivedKey, receiveStock, stockKey, sumOfStock } from './redis-script.ts';

/** KEYS: hold, deadlines, outbox, then one stock a line. ARGV: hold id, lines, expiry, event, then a quantity a line. */
const HOLD = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 'known' end
local short = {}
for i = 4, #KEYS do
  local available = tonumber(redis.call('GET', KEYS[i]) or '0')
  if available < tonumber(ARGV[i + 1]) then
    short[#short + 1] = i - 4
    short[#short + 1] = available
  end
end
if #short > 0 then return short end
for i = 4, #KEYS do redis.call('DECRBY', KEYS[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], 'status', 'HELD', 'lines', ARGV[2], 'expiresAtMs', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('XADD', KEYS[3], '*', 'event', ARGV[4])
return 'held'`;

/**
 * KEYS: hold, deadlines, outbox. ARGV: hold id, status, event, and what the keys of the store's stock begin with: which
 * they are, the hold's record says.
 */
const END = `
local fields = redis.call('HMGET', KEYS[1], 'status', 'lines', 'expiresAtMs')
if not fields[1] then return nil end
if fields[1] ~= 'HELD' then return fields end
for _, line in ipairs(cjson.decode(fields[2])) do redis.call('INCRBY', ARGV[4] .. line.sku, line.quantity) end
redis.call('HSET', KEYS[1], 'status', ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('XADD', KEYS[3], '*', 'event', ARGV[3])
fields[1] = ARGV[2]
return fields`;

const Status = v.picklist(['HELD', 'RELEASED', 'EXPIRED']);
const Fields = v.tuple([Status, v.string(), v.string()]);
const Shortages = v.array(v.number());

/** Whole baskets, a record of each hold, idempotent by its key, released and expired, with an outbox: an honest rival. */
export class RedisBasketShelf implements Shelf {
  readonly #redis: RedisClientType;
  readonly #hold: RedisScript;
  readonly #end: RedisScript;

  constructor(redis: RedisClientType) {
    this.#redis = redis;
    this.#hold = new RedisScript(redis, HOLD);
    this.#end = new RedisScript(redis, END);
  }

  async hold(wanted: WantedHold): Promise<HoldOutcome> {
    const { storeId, holdId, lines, linesText, expiresAtMs } = wanted;
    const quantities = lines.map(({ quantity }) => String(quantity));
    const event = `{"type":"held","holdId":"${holdId}","lines":${linesText}}`;
    const answer = await this.#hold.run(keysOf(storeId, holdId, lines), [
      holdId,
      linesText,
      String(expiresAtMs),
      event,
      ...quantities,
    ]);
    if (answer === 'held') return { kind: 'held', hold: { status: 'HELD', lines, expiresAtMs } };
    if (answer === 'known') return this.#repeated(wanted);
    const pairs = v.parse(Shortages, answer);
    const shortages = lines.flatMap(({ sku, quantity }, index) => {
      const at = pairs.findIndex((value, place) => place % 2 === 0 && value === index);
      return at === -1 ? [] : [{ sku, requested: quantity, available: pairs[at + 1] ?? 0 }];
    });
    return { kind: 'short', shortages };
  }

  release(storeId: string, holdId: string): Promise<HoldRecord | null> {
    return this.#finish(storeId, holdId, 'RELEASED');
  }

  async find(storeId: string, holdId: string): Promise<HoldRecord | null> {
    const fields = await this.#redis.hGetAll(holdKey(storeId, holdId));
    const { lines } = fields;
    if (lines === undefined) return null;
    return {
      status: v.parse(Status, fields['status']),
      lines: readOwnJson<ShelfLine[]>(lines),
      expiresAtMs: Number(fields['expiresAtMs']),
    };
  }

  available(storeId: string, skus: readonly string[]): Promise<readonly number[]> {
    return readStock(this.#redis, storeId, skus);
  }

  async receive(storeId: string, lines: readonly ShelfLine[]): Promise<void> {
    await this.#redis.sAdd('stores', storeId);
    await receiveStock(this.#redis, storeId, lines);
  }

  async audit(storeId: string, deep: boolean): Promise<ShelfAudit> {
    const available = await sumOfStock(this.#redis, storeId);
    if (!deep) return { available, discrepancies: [] };
    const held = new Map<string, number>();
    const holdIds = await this.#redis.zRange(deadlinesKey(storeId), 0, -1);
    const holds = await Promise.all(holdIds.map((holdId) => this.find(storeId, holdId)));
    for (const { sku, quantity } of holds.flatMap((hold) => hold?.lines ?? []))
      held.set(sku, (held.get(sku) ?? 0) + quantity);
    const received = await this.#redis.hGetAll(receivedKey(storeId));
    const skus = Object.keys(received);
    const units = await readStock(this.#redis, storeId, skus);
    const discrepancies = skus
      .map((sku, index) => ({
        sku,
        gapUnits: Number(received[sku]) - (units[index] ?? 0) - (held.get(sku) ?? 0),
      }))
      .filter(({ gapUnits }) => gapUnits !== 0);
    return { available, discrepancies };
  }

  async expireDue(nowMs: number): Promise<void> {
    for (const storeId of await this.#redis.sMembers('stores')) {
      const due = await this.#redis.zRangeByScore(deadlinesKey(storeId), 0, nowMs, {
        LIMIT: { offset: 0, count: 1_000 },
      });
      for (const holdId of due) await this.#finish(storeId, holdId, 'EXPIRED');
    }
  }

  async #repeated({ storeId, holdId, lines }: WantedHold): Promise<HoldOutcome> {
    const hold = await this.find(storeId, holdId);
    if (hold === null) throw new Error('the hold that was there is gone');
    return sameLines(hold.lines, lines) ? { kind: 'held', hold } : { kind: 'reused' };
  }

  async #finish(storeId: string, holdId: string, status: 'RELEASED' | 'EXPIRED'): Promise<HoldRecord | null> {
    const event = `{"type":"${status}","holdId":"${holdId}"}`;
    const answer = await this.#end.run(keysOf(storeId, holdId, []), [holdId, status, event, stockKey(storeId, '')]);
    if (answer === null) return null;
    const [now, lines, expiresAtMs] = v.parse(Fields, answer);
    return { status: now, lines: readOwnJson<ShelfLine[]>(lines), expiresAtMs: Number(expiresAtMs) };
  }
}

function keysOf(storeId: string, holdId: string, lines: readonly ShelfLine[]): string[] {
  const stocks = lines.map(({ sku }) => stockKey(storeId, sku));
  return [holdKey(storeId, holdId), deadlinesKey(storeId), `outbox:${storeId}`, ...stocks];
}

function holdKey(storeId: string, holdId: string): string {
  return `hold:${storeId}:${holdId}`;
}

function deadlinesKey(storeId: string): string {
  return `deadlines:${storeId}`;
}
