import { setTimeout as sleep } from 'node:timers/promises';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import type { CuttingProxy } from '../faults/cutting-proxy.ts';
import { answersAgain, freezeWorkerd, killWorkerd } from '../faults/worker-faults.ts';
import type { Cast } from './cast.ts';
import type { Storm } from './storm.ts';

/** Every so many replies one is cut. */
const CUT_EVERY = 40;
/** Between an answer after one kill and the next kill: from right away to when everything is warm again. */
const SERVES_MAX_MS = 800;
/** As long as a host may stand still; in a short run no longer than that. */
const FROZEN_MS = 20_000;
/** After that: what came in meanwhile is served, and clients ask again. */
const AFTERMATH_MS = 2_000;
/** A run that is long enough to see holds expire within it. */
const LONG_RUN_S = 20;

export interface Endured {
  /** After each kill, until an object answered. */
  readonly backAfterMs: readonly number[];
  readonly frozenMs: number;
  readonly stormMs: number;
  /** Operations that nobody could be told the outcome of. */
  readonly undecided: number;
}

export interface Endurance {
  readonly system: PrivateSystem;
  readonly wire: CuttingProxy;
  readonly cast: Cast;
  readonly storm: Storm;
  readonly random: () => number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

/** A storm in which workerd is killed again and again and then frozen, replies are cut, and at the end it is killed once more. */
export async function endure(options: Endurance): Promise<Endured> {
  const { system, wire, storm, seconds, say } = options;
  const state = stateFolder(system.stateFolder);
  const startedAtMs = performance.now();
  wire.cutEvery = CUT_EVERY;
  storm.makesShortHolds = seconds >= LONG_RUN_S;
  storm.begin();
  const backAfterMs = await killAgainAndAgain(options);
  storm.makesShortHolds = false;
  const frozenMs = Math.min(FROZEN_MS, seconds * 1_000);
  say(`frozen for ${frozenMs / 1_000} s`);
  await freezeWorkerd(state, frozenMs);
  await sleep(AFTERMATH_MS);
  const undecided = await storm.end();
  wire.cutEvery = 0;
  // What was told last must be on the disk too.
  await killWorkerd(state);
  backAfterMs.push(await answersAgain(`${system.url}/api/v1/hello`));
  return { backAfterMs, frozenMs, stormMs: performance.now() - startedAtMs, undecided: undecided.length };
}

async function killAgainAndAgain({ system, cast, random, seconds, say }: Endurance): Promise<number[]> {
  const state = stateFolder(system.stateFolder);
  const url = `${system.url}/api/v1/stores/${cast.store.id}/availability?skus=${cast.skus[0] ?? ''}`;
  const kills = Math.max(1, Math.round((seconds * 1_000) / (SERVES_MAX_MS / 2)));
  const backAfterMs: number[] = [];
  while (backAfterMs.length < kills) {
    await sleep(random() * SERVES_MAX_MS);
    await killWorkerd(state);
    backAfterMs.push(await answersAgain(url, { authorization: `Bearer ${cast.channelKey}` }));
    if (backAfterMs.length % 10 === 0) say(`killed ${backAfterMs.length} of ${kills} times`);
  }
  return backAfterMs;
}
