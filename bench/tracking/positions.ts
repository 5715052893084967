import type { LatLng } from '../../domain/shared/geo.ts';

/** Of a degree: to the third decimal is how exactly a position is shown before the bags are picked up. */
const CELL = 0.001;
/** Around a square: each step is about 110 m, which a courier may have come since the last one, and none goes far. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/**
 * Rides around a square so that a position, however coarse, tells which of the last four pings it shows: one that is shown later than
 * the fourth after it counts as that one, so that no latency comes out above four pauses between pings.
 */
export class SquareRide {
  readonly #lat: number;
  readonly #lng: number;
  readonly #sentAtMs: (number | undefined)[] = CORNERS.map(() => undefined);
  #pings = 0;

  constructor(from: LatLng) {
    this.#lat = Math.round(from.lat / CELL);
    this.#lng = Math.round(from.lng / CELL);
  }

  get pings(): number {
    return this.#pings;
  }

  /** Where the courier is now: the next corner. */
  next(nowMs: number): LatLng {
    const corner = this.#pings % CORNERS.length;
    const [north, east] = CORNERS[corner] ?? CORNERS[0];
    this.#pings += 1;
    this.#sentAtMs[corner] = nowMs;
    return { lat: round((this.#lat + north) * CELL), lng: round((this.#lng + east) * CELL) };
  }

  /** When the ping that this position shows was sent; undefined for one that was never sent. */
  sentAtMs({ lat, lng }: LatLng): number | undefined {
    const north = Math.round(lat / CELL) - this.#lat;
    const east = Math.round(lng / CELL) - this.#lng;
    const corner = CORNERS.findIndex(([itsNorth, itsEast]) => itsNorth === north && itsEast === east);
    return this.#sentAtMs[corner];
  }
}

function round(degrees: number): number {
  return Number(degrees.toFixed(3));
}
