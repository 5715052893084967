import { readOwnJson } from '../../../contracts/own-json.ts';
import { NO_STOCK, PLACES, SOURCES } from '../../../domain/inventory/stock-level.ts';
import type { Bucket, StockLevel } from '../../../domain/inventory/stock-level.ts';

/** Every bucket, in the order of the tables' columns. */
export const BUCKETS = [...SOURCES, ...PLACES] as const;

/** A bucket's column in `stock`. */
const COLUMN_OF = {
  received: 'received',
  adjusted: 'adjusted',
  transferredIn: 'transferred_in',
  available: 'available',
  blocked: 'blocked',
  held: 'held',
  allocated: 'allocated',
  picked: 'picked',
  sold: 'sold',
  writtenOff: 'written_off',
  transferredOut: 'transferred_out',
} as const satisfies Record<Bucket, string>;

export type LevelRow = { [B in Bucket as (typeof COLUMN_OF)[B]]: number };

export const LEVEL_COLUMNS = BUCKETS.map((bucket) => COLUMN_OF[bucket]);

export function toLevel(row: LevelRow): StockLevel {
  return {
    received: row.received,
    adjusted: row.adjusted,
    transferredIn: row.transferred_in,
    available: row.available,
    blocked: row.blocked,
    held: row.held,
    allocated: row.allocated,
    picked: row.picked,
    sold: row.sold,
    writtenOff: row.written_off,
    transferredOut: row.transferred_out,
  };
}

/** A level as the ledger keeps it, the balance after a movement: in the order of the columns. Longhand: once a movement. */
export function levelUnits(level: StockLevel): readonly number[] {
  const { received, adjusted, transferredIn, available, blocked, held, allocated, picked, sold, writtenOff } = level;
  return [
    received,
    adjusted,
    transferredIn,
    available,
    blocked,
    held,
    allocated,
    picked,
    sold,
    writtenOff,
    level.transferredOut,
  ];
}

export function readLevel(text: string): StockLevel {
  const units = readOwnJson<readonly number[]>(text);
  const level: { -readonly [B in Bucket]: number } = { ...NO_STOCK };
  for (const [i, bucket] of BUCKETS.entries()) level[bucket] = units[i] ?? 0;
  return level;
}
