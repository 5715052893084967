import type { World } from './world.ts';

/** How long somebody waits for an answer, and before trying again. */
const PATIENCE_MS = 12_000;
const PAUSE_MS = 2000;
const PAUSE_MS_MAX = 20_000;
const TRIES = 200;

/** Asks until there is an answer, the same every time: as clients and outboxes do. */
export async function insist<T>(world: World, ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      return await withPatience(world, PATIENCE_MS, ask());
    } catch {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await world.clock.wait(Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** tries));
    }
  }
  throw new Error('there is never an answer');
}

/** Whoever waits too long gives up and does not know. */
export function withPatience<T>(world: World, ms: number, asked: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  world.clock.at(world.nowMs + ms, () => {
    late.reject(new Error('no answer'));
  });
  return Promise.race([asked, late.promise]);
}
