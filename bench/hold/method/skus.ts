/** The SKU that everybody wants at once. */
export const HOT_SKU = 'HOT-1';
/** What the oracle sells out. */
export const SCARCE_SKU = 'SCARCE-1';
/** A marketplace's real inventory numbers its SKUs from 1 to this. At most six units of each are there: a run restocks. */
export const INVENTORY_SKUS = 3_732;
/** Ranks of the inventory whose stock a run tops up before each window; the others have enough from the start. */
export const POPULAR_SKUS = 40;

export function inventorySkus(): readonly string[] {
  return Array.from({ length: INVENTORY_SKUS }, (_, index) => String(index + 1));
}

/** One drop a round. */
export function flashSku(round: number): string {
  return `FLASH-${round}`;
}

export function allSkus(rounds: number): readonly string[] {
  const flash = Array.from({ length: rounds + 1 }, (_, round) => flashSku(round));
  return [HOT_SKU, SCARCE_SKU, ...flash, ...inventorySkus()];
}
