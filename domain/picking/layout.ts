import { byBinPath } from './pick-list.ts';

/**
 * A store's floor: one block of parallel aisles between a front and a back cross-aisle, the common model of picking areas
 * (de Koster, Le-Duc and Roodbergen, "Design and control of warehouse order picking", EJOR 182, 2007). Aisles are narrow:
 * both sides and all shelves of a rack are reached from the middle of the aisle.
 */
export interface StoreLayout extends FloorMeasures {
  /** In capitals, from left to right as seen from the front, in even steps. */
  readonly aisles: readonly string[];
  /** Of every aisle; rack 1 is next to the front cross-aisle. */
  readonly racks: number;
}

export interface FloorMeasures {
  /** From the middle of an aisle to the middle of the next. */
  readonly aislePitchM: number;
  /** Along the aisle from one rack number to the next; half of it where odd racks face even ones. */
  readonly rackPitchM: number;
  /** From the middle of a cross-aisle to the first rack's edge. */
  readonly crossAisleM: number;
  /** The packing station is on the front cross-aisle, this far to the right of the first aisle. */
  readonly packingXM: number;
  readonly walkMPerS: number;
  /** Stopping, finding the place and reading the label. */
  readonly stopS: number;
  /** One unit from the shelf over the scanner into the tote. */
  readonly scanS: number;
}

/**
 * For a store that has given none, working figures until it is measured. A retail bay is 0.9-1.0 m wide; an aisle of 1.2 m
 * and half a metre of shelf on either side are 2.2 m. A person walks 1.3-1.4 m/s freely; a trolley and corners take a quarter
 * of it. With these a basket of five units in four places takes about three minutes.
 */
export const DEFAULT_MEASURES: FloorMeasures = {
  aislePitchM: 2.2,
  rackPitchM: 1,
  crossAisleM: 1,
  packingXM: 0,
  walkMPerS: 1,
  stopS: 4,
  scanS: 3,
};

/** Where the picker stands: metres right of the first aisle and metres from the front cross-aisle. */
export interface Place {
  readonly xM: number;
  readonly yM: number;
}

/** The layout that a store's bins speak of: their aisles in the order of their names, as deep as the highest rack. */
export function layoutOfBins(bins: Iterable<string>, measures: FloorMeasures = DEFAULT_MEASURES): StoreLayout {
  const aisles = new Set<string>();
  let racks = 0;
  for (const bin of bins) {
    const address = parseBin(bin);
    if (address === undefined) continue;
    aisles.add(address.aisle);
    racks = Math.max(racks, address.rack);
  }
  const inOrder = [...aisles].toSorted((a, b) => byBinPath({ bin: a, sku: '' }, { bin: b, sku: '' }));
  return { ...measures, aisles: inOrder, racks };
}

export function packingPlace({ packingXM }: StoreLayout): Place {
  return { xM: packingXM, yM: 0 };
}

/** Middle of the back cross-aisle. */
export function depthM({ crossAisleM, racks, rackPitchM }: StoreLayout): number {
  return 2 * crossAisleM + racks * rackPitchM;
}

/** Where to stand for a bin; undefined when the layout does not know its aisle or its rack. */
export function placeOfBin(layout: StoreLayout, bin: string): Place | undefined {
  const address = parseBin(bin);
  if (address === undefined) return undefined;
  const aisle = layout.aisles.indexOf(address.aisle);
  if (aisle < 0 || address.rack < 1 || address.rack > layout.racks) return undefined;
  return { xM: aisle * layout.aislePitchM, yM: layout.crossAisleM + (address.rack - 0.5) * layout.rackPitchM };
}

/** The shortest way on foot: along the aisle, or by the nearer cross-aisle. */
export function walkM(layout: StoreLayout, from: Place, to: Place): number {
  if (from.xM === to.xM) return Math.abs(from.yM - to.yM);
  const along = from.yM + to.yM;
  return Math.abs(from.xM - to.xM) + Math.min(along, 2 * depthM(layout) - along);
}

/** `A03-2-1` is rack 2 of aisle `A03`; older bins are `A-2-1`, or `A-2` without a shelf. */
function parseBin(bin: string): { readonly aisle: string; readonly rack: number } | undefined {
  const [, aisle, rack] = /^([A-Z]\d{0,2})-(\d{1,2})(?:-\d{1,2})?$/.exec(bin.toUpperCase()) ?? [];
  return aisle === undefined || rack === undefined ? undefined : { aisle, rack: Number(rack) };
}
