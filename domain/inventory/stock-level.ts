/**
 * Where units of a SKU can be. Every movement takes units from one place and puts them in another, so for each SKU, always:
 * received + adjusted + transferredIn = available + blocked + held + allocated + picked + sold + writtenOff + transferredOut.
 */
export const SOURCES = ['received', 'adjusted', 'transferredIn'] as const;
export const PLACES = [
  'available',
  'blocked',
  'held',
  'allocated',
  'picked',
  'sold',
  'writtenOff',
  'transferredOut',
] as const;
export type Source = (typeof SOURCES)[number];
export type Place = (typeof PLACES)[number];
export type Bucket = Source | Place;

/** The units of one SKU by bucket. `adjusted` may be below zero; nothing else may. */
export type StockLevel = { readonly [B in Bucket]: number };

export const NO_STOCK: StockLevel = {
  received: 0,
  adjusted: 0,
  transferredIn: 0,
  available: 0,
  blocked: 0,
  held: 0,
  allocated: 0,
  picked: 0,
  sold: 0,
  writtenOff: 0,
  transferredOut: 0,
};

/** Zero while stock is conserved; anything else is a discrepancy of that many units. Longhand: once for every movement. */
export function conservationGap(level: StockLevel): number {
  const sources = level.received + level.adjusted + level.transferredIn;
  const inStore = level.available + level.blocked + level.held + level.allocated + level.picked;
  return sources - inStore - level.sold - level.writtenOff - level.transferredOut;
}
