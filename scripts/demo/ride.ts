import { setTimeout as sleep } from 'node:timers/promises';
import type { LatLng } from '../../domain/shared/geo.ts';
import { positionsAlong } from './route.ts';

/** Oftener than the 5 s that apps keep, because the demo's rides last seconds. */
const MOVING_PING_MS = 1_000;
/** A phone that waits says so as often as one that moves is asked to. */
const WAITING_PING_MS = 5_000;
/** A scooter on an empty street: 54 km/h. */
const SPEED_M_PER_S = 15;

/** Where a courier is: moves along straight lines and tells each position. */
export class Ride {
  readonly #tell: (position: LatLng) => void;
  #position: LatLng;
  #waiting: NodeJS.Timeout | undefined;

  constructor(startsAt: LatLng, tell: (position: LatLng) => void) {
    this.#position = startsAt;
    this.#tell = tell;
  }

  get position(): LatLng {
    return this.#position;
  }

  begin(): void {
    this.#waiting = setInterval(() => this.#tell(this.#position), WAITING_PING_MS);
  }

  end(): void {
    clearInterval(this.#waiting);
  }

  async to(goal: LatLng): Promise<void> {
    for (const position of positionsAlong(this.#position, goal, SPEED_M_PER_S, MOVING_PING_MS)) {
      await sleep(MOVING_PING_MS);
      this.#position = position;
      this.#tell(position);
    }
  }
}
