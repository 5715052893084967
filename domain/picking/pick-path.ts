import type { Storage } from '../catalog/storage.ts';
import { aisleRoutes } from './aisle-route.ts';
import { packingPlace, placeOfBin, walkM } from './layout.ts';
import type { Place, StoreLayout } from './layout.ts';
import { byBinPath } from './pick-list.ts';
import { continued, startAt } from './route.ts';
import type { Route } from './route.ts';
import { shortestRoutes } from './shortest-route.ts';

/** A line as the walk sees it. */
export interface WalkLine extends Storage {
  readonly sku: string;
  /** Empty when nobody has said. */
  readonly bin: string;
  /** Units, at least 1. */
  readonly quantity: number;
}

/** One place where the picker stops, and what is taken there. */
export interface WalkStop<L extends WalkLine> {
  readonly place: Place;
  /** By bin, then by SKU. */
  readonly lines: readonly L[];
  /** From the stop before; of the first from the packing station. */
  readonly walkM: number;
  /** Since the picker set off. */
  readonly arrivesAtS: number;
}

/** From the packing station over all stops and back to it. */
export interface Walk<L extends WalkLine> {
  readonly stops: readonly WalkStop<L>[];
  /** Lines whose bin the layout does not know: after all others, for whoever knows where they are. By bin, then by SKU. */
  readonly unplaced: readonly L[];
  /** What is known of it: the way to unplaced lines is not. */
  readonly distanceM: number;
  /** Median: walking, stopping and scanning; an unplaced line is a stop without a way. */
  readonly durationS: number;
}

/** Up to here the shortest walk is looked for in all orders: 100,000 steps, well below a millisecond. */
const EXACT_PLACES_MAX = 10;

/**
 * In which order goods go into the tote: sturdy things from the shelf first, then from the fridge, fragile ones on top
 * of both. Frozen goods come the very last, fragile or not: the cold chain counts more.
 */
const GROUPS = ['ambient', 'chilled', 'fragile', 'frozen'] as const;
type Group = (typeof GROUPS)[number];

function groupOf({ temperatureZone, fragile }: Storage): Group {
  if (temperatureZone === 'frozen') return 'frozen';
  return fragile ? 'fragile' : temperatureZone;
}

/** Sorts lines as they go into the tote. */
export function byGroup(a: Storage, b: Storage): number {
  return GROUPS.indexOf(groupOf(a)) - GROUPS.indexOf(groupOf(b));
}

/** All lines of one group at one place. */
interface Stop<L extends WalkLine> {
  readonly place: Place;
  readonly lines: readonly L[];
}

/**
 * The walk over the lines: group after group (see `GROUPS`), each starting where the one before it ended. Few places of a
 * group are walked by the shortest way, many aisle by aisle; where a group ends is chosen by what still comes. So a walk
 * in which no group has more than ten places is the shortest there is.
 */
export function planWalk<L extends WalkLine>(lines: readonly L[], layout: StoreLayout): Walk<L> {
  const groups = GROUPS.map((group) =>
    stopsOf(
      lines.filter((line) => groupOf(line) === group),
      layout,
    ),
  );
  const packing = packingPlace(layout);
  let routes: readonly Route[] = [startAt(packing)];
  for (const stops of groups) {
    const places = stops.map(({ place }) => place);
    if (places.length === 0) continue;
    routes =
      places.length <= EXACT_PLACES_MAX ? shortestRoutes(layout, routes, places) : aisleRoutes(layout, routes, places);
  }
  const [first, ...others] = routes.map((route) => continued(layout, route, [packing]));
  const best = others.reduce(
    (a, b) => (b !== undefined && a !== undefined && b.distanceM < a.distanceM ? b : a),
    first,
  );
  // Places are told apart by identity: two groups may stop at the same rack.
  const order = new Map((best?.places ?? []).map((place, index) => [place, index]));
  const stops = groups.flat().toSorted((a, b) => (order.get(a.place) ?? 0) - (order.get(b.place) ?? 0));
  return walkOf(stops, unplacedOf(lines, layout), layout);
}

/** The walk of a list as it stands, line after line: what a planned walk is compared with. */
export function walkInOrder<L extends WalkLine>(lines: readonly L[], layout: StoreLayout): Walk<L> {
  return walkOf(
    lines.flatMap((line) => stopsOf([line], layout)),
    unplacedOf(lines, layout),
    layout,
  );
}

function stopsOf<L extends WalkLine>(lines: readonly L[], layout: StoreLayout): Stop<L>[] {
  const stops = new Map<string, { place: Place; lines: L[] }>();
  for (const line of lines.toSorted(byBinPath)) {
    const place = placeOfBin(layout, line.bin);
    if (place === undefined) continue;
    const key = `${place.xM} ${place.yM}`;
    const stop = stops.get(key);
    if (stop === undefined) stops.set(key, { place, lines: [line] });
    else stop.lines.push(line);
  }
  return [...stops.values()];
}

function unplacedOf<L extends WalkLine>(lines: readonly L[], layout: StoreLayout): L[] {
  return lines.filter(({ bin }) => placeOfBin(layout, bin) === undefined).toSorted(byBinPath);
}

function walkOf<L extends WalkLine>(stops: readonly Stop<L>[], unplaced: readonly L[], layout: StoreLayout): Walk<L> {
  let at = packingPlace(layout);
  let distanceM = 0;
  let durationS = 0;
  const walked: WalkStop<L>[] = [];
  for (const { place, lines } of stops) {
    const stepM = walkM(layout, at, place);
    at = place;
    distanceM += stepM;
    durationS += stepM / layout.walkMPerS;
    walked.push({ place, lines, walkM: stepM, arrivesAtS: durationS });
    durationS += layout.stopS + unitsOf(lines) * layout.scanS;
  }
  const backM = walkM(layout, at, packingPlace(layout));
  durationS += backM / layout.walkMPerS + unplaced.length * layout.stopS + unitsOf(unplaced) * layout.scanS;
  return { stops: walked, unplaced, distanceM: distanceM + backM, durationS };
}

function unitsOf(lines: readonly WalkLine[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}
