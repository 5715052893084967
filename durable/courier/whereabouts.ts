import { isWorthTelling, judge, KEEP_ROW_MS, NO_TRACK } from '../../domain/dispatch/position.ts';
import type { Fix, Track } from '../../domain/dispatch/position.ts';
import type { LatLng } from '../../domain/shared/geo.ts';

/** What a new position calls for beyond being the last one. */
export type Sighting = 'refused' | 'noted' | 'keep row' | 'tell zone';

/** Where the courier is, in memory: pings are not rows. */
export class Whereabouts {
  #track: Track = NO_TRACK;
  /** When the last position became a row, and when the zone was last told one, as far as this instance knows. */
  #keptAtMs = 0;
  #toldAtMs = 0;

  newest(): Fix | null {
    return this.#track.last;
  }

  /** After a restart: the newest position that the row and the sockets remember. */
  recall(fixes: readonly Fix[]): void {
    for (const fix of fixes) {
      if (this.#track.last === null || this.#track.last.atMs < fix.atMs) this.#track = { last: fix, doubted: null };
    }
  }

  /** The last position wins, unless nobody can have come there. */
  see(fix: Fix): boolean {
    const judged = judge(this.#track, fix);
    this.#track = judged.track;
    return judged.accepted;
  }

  /** A ping of a courier at work. `told`: where the zone believes the courier to be; `null` off shift, when it is not told. */
  ping(fix: Fix, told: LatLng | null): Sighting {
    if (!this.see(fix)) return 'refused';
    if (told !== null && isWorthTelling({ position: told, atMs: this.#toldAtMs }, fix)) {
      this.#toldAtMs = fix.atMs;
      this.#keptAtMs = fix.atMs;
      return 'tell zone';
    }
    if (fix.atMs - this.#keptAtMs < KEEP_ROW_MS) return 'noted';
    this.#keptAtMs = fix.atMs;
    return 'keep row';
  }
}
