import * as v from 'valibot';
import type { Bucket } from '../domain/inventory/stock-level.ts';
import { Count } from './wire.ts';

/** Units of stock bucket by bucket. An event's reader lets a field it does not know pass, an answer has none: each says so itself. */
export const stockLevelEntries = {
  received: Count,
  /** May be below zero; nothing else may. */
  adjusted: v.pipe(v.number(), v.safeInteger()),
  transferredIn: Count,
  available: Count,
  blocked: Count,
  held: Count,
  allocated: Count,
  picked: Count,
  sold: Count,
  writtenOff: Count,
  transferredOut: Count,
} satisfies Record<Bucket, v.GenericSchema<number>>;
