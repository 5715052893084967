import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** Waits until it is so. False when it is not within so long. */
export async function until(waitMs: number, isSo: () => boolean): Promise<boolean> {
  const overMs = performance.now() + waitMs;
  while (!isSo()) {
    if (performance.now() > overMs) return false;
    // oxlint-disable-next-line no-await-in-loop -- looks again and again
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}
