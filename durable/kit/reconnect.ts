/** How many watchers an object takes back a second: each costs a ticket, a request and, at worst, a snapshot. */
const TAKEN_BACK_PER_S = 500;
/** Even one alone waits a little: what cut it off may still be going on. */
const SPREAD_MIN_MS = 2_000;

/**
 * How long a watcher should wait before it comes back when it is cut off: spread evenly over the time that all `watchers` take.
 * `random` in 0..1.
 */
export function reconnectAfterMs(watchers: number, random: number): number {
  return Math.round(random * Math.max(SPREAD_MIN_MS, (watchers * 1000) / TAKEN_BACK_PER_S));
}
