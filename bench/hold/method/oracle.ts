import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { seededRandom } from '../../../scripts/shared/seeded-random.ts';
import type { RunningContender } from '../contenders/contender.ts';
import { answersAgain, audit, receive } from './back-office.ts';
import { closedLoop } from './closed-loop.ts';
import { Requests } from './requests.ts';
import { HOT_SKU, SCARCE_SKU } from './skus.ts';
import { Wire } from './wire.ts';

const HOT_UNITS = 100_000;
/** Of the acknowledged requests that are sent once more after the restart. */
const REPEATED = 200;
const CHECK_CONNECTIONS = 16;

export interface OracleSettings {
  readonly seconds: number;
  readonly connections: number;
  readonly seed: number;
  readonly nonce: string;
  /** Of the SKU that is to sell out. */
  readonly scarceUnits: number;
}

export interface OracleVerdict {
  readonly acknowledged: number;
  /** Requests under way when everything was killed. */
  readonly unknown: number;
  /** Acknowledged holds that are not there after the restart. */
  readonly lost: number;
  /** Units acknowledged beyond what was received. */
  readonly oversold: number;
  /** Keys that hold twice, or share a hold. */
  readonly twice: number;
  /** Empty when all of it is well. */
  readonly problems: readonly string[];
}

interface Asked {
  readonly key: string;
  readonly sku: string;
}

interface Acknowledged extends Asked {
  readonly holdId: string;
}

const Acked = v.object({ id: v.string() });

/**
 * Loads with a generator that remembers every acknowledgement, kills everything in the middle of it (kill -9), starts again
 * and asks for each. What it was told is the truth: nothing is believed that the contender says of itself.
 */
export async function consultOracle(contender: RunningContender, settings: OracleSettings): Promise<OracleVerdict> {
  await receive(contender, [
    { sku: HOT_SKU, quantity: HOT_UNITS },
    { sku: SCARCE_SKU, quantity: settings.scarceUnits },
  ]);
  const before = (await audit(contender)).totals.available;
  const { acknowledged, unknown } = await loadAndKill(contender, settings);
  await contender.revive();
  await answersAgain(contender);
  const { totals, discrepancies } = await audit(contender, true);
  const taken = before - totals.available;
  const lost = await countLost(contender, acknowledged);
  const shared = acknowledged.length - new Set(acknowledged.map(({ holdId }) => holdId)).size;
  const repeated = await repeatSome(contender, acknowledged);
  const again = totals.available - (await audit(contender)).totals.available;
  const scarce = acknowledged.filter(({ sku }) => sku === SCARCE_SKU).length;
  const oversold = Math.max(0, scarce - settings.scarceUnits);
  const twice = shared + repeated + again;
  const problems = [
    ...(acknowledged.length === 0 ? ['nothing was acknowledged'] : []),
    ...(lost > 0 ? [`${lost} of ${acknowledged.length} acknowledged holds are not there after kill -9`] : []),
    ...(oversold > 0 ? [`${scarce} of ${settings.scarceUnits} units were sold`] : []),
    ...(twice > 0 ? [`${twice} keys hold twice or share a hold`] : []),
    ...(taken < acknowledged.length ? [`${acknowledged.length} units were acknowledged, ${taken} left the shelf`] : []),
    ...(taken > acknowledged.length + unknown
      ? [`${taken} units left the shelf for ${acknowledged.length} holds`]
      : []),
    ...discrepancies.map(({ sku, gapUnits }) => `${sku}: stock and holds are ${gapUnits} units apart`),
  ];
  return { acknowledged: acknowledged.length, unknown, lost, oversold, twice, problems };
}

async function loadAndKill(
  contender: RunningContender,
  { seconds, connections, seed, nonce }: OracleSettings,
): Promise<{ readonly acknowledged: readonly Acknowledged[]; readonly unknown: number }> {
  const requests = new Requests(contender);
  const random = seededRandom(seed);
  const acknowledged: Acknowledged[] = [];
  let unknown = 0;
  let count = 0;
  let killed = false;
  const load = closedLoop<Asked>({
    origin: contender.origin,
    connections,
    next: () => {
      if (killed) return undefined;
      count += 1;
      const asked = { key: `${nonce}-oracle-${count}`, sku: random() < 0.5 ? HOT_SKU : SCARCE_SKU };
      return { asked, request: requests.hold(asked.key, [{ sku: asked.sku, quantity: 1 }]) };
    },
    onAnswer: (asked, { status, body }) => {
      if (status === 200 || status === 201)
        acknowledged.push({ ...asked, holdId: v.parse(Acked, JSON.parse(body)).id });
    },
    onUnknown: () => {
      unknown += 1;
    },
  });
  await sleep(seconds * 1_000);
  await contender.kill();
  killed = true;
  await load;
  return { acknowledged, unknown };
}

async function countLost(contender: RunningContender, acknowledged: readonly Acknowledged[]): Promise<number> {
  const requests = new Requests(contender);
  const left = [...acknowledged];
  let lost = 0;
  await closedLoop<string>({
    origin: contender.origin,
    connections: CHECK_CONNECTIONS,
    next: () => {
      const one = left.pop();
      return one === undefined ? undefined : { asked: one.holdId, request: requests.find(one.holdId) };
    },
    onAnswer: (holdId, { status, body }) => {
      if (status !== 200 || !body.includes(holdId) || !body.includes('"HELD"')) lost += 1;
    },
  });
  return lost;
}

/** How many of the repeated requests got another hold. */
async function repeatSome(contender: RunningContender, acknowledged: readonly Acknowledged[]): Promise<number> {
  const requests = new Requests(contender);
  const wire = await Wire.open(contender.origin);
  let other = 0;
  for (const { key, sku, holdId } of acknowledged.slice(0, REPEATED)) {
    const { status, body } = await wire.send(requests.hold(key, [{ sku, quantity: 1 }]));
    if (status > 201 || v.parse(Acked, JSON.parse(body)).id !== holdId) other += 1;
  }
  wire.close();
  return other;
}
