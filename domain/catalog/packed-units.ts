import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { checkDigit } from './gtin.ts';

/** What one barcode stands for: `units` of a SKU, 1 or more. A six-pack has a code of its own and is six. */
export interface PackedUnits {
  readonly sku: Sku;
  readonly units: number;
}

/** The codes of a store by GTIN-14. Usually one row a code; of several the pick list decides. */
export type PackTable = ReadonlyMap<string, readonly PackedUnits[]>;

export type PackError =
  | { readonly code: 'UNKNOWN_BARCODE'; readonly gtin: string }
  /** A case of something this store sells, and nobody has said how many are in it: scan one unit instead. */
  | { readonly code: 'CASE_SIZE_UNKNOWN'; readonly gtin: string; readonly skus: readonly Sku[] };

/** What was scanned, in SKUs and units. */
export function packedUnits(gtin: string, table: PackTable): Result<readonly PackedUnits[], PackError> {
  const packed = table.get(gtin) ?? [];
  if (packed.length > 0) return ok(packed);
  const inside = (table.get(unitOf(gtin)) ?? []).map(({ sku }) => sku);
  return err(inside.length > 0 ? { code: 'CASE_SIZE_UNKNOWN', gtin, skus: inside } : { code: 'UNKNOWN_BARCODE', gtin });
}

/**
 * The unit that a case is built of: the same digits behind indicator 0. Cases carry the indicators 1-8; 9 is for goods of
 * varying measure. GS1 General Specifications, 2.1.6.
 */
export function unitOf(gtin: string): string {
  const body = `0${gtin.slice(1, 13)}`;
  return body + checkDigit(body);
}
