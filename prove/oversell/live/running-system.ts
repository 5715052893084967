import { openingStock } from '../../../db/seed/assortment.ts';
import { DEMO_STORES } from '../../../db/seed/network.ts';
import type { StockLine } from '../../../contracts/rpc/store.ts';
import { auditStore } from '../../../scripts/client/admin.ts';
import { Session } from '../../../scripts/client/session.ts';
import { customersAt } from '../../../scripts/demo/people.ts';
import { channelOf } from '../../../scripts/demo/channel.ts';
import type { PrivateSystem } from '../../../scripts/demo/private-system.ts';
import { drawSome, drawWhole, seededRandom } from '../../../scripts/shared/seeded-random.ts';
import type { HoldPort } from '../hold-port.ts';
import { HttpHolds } from './http-holds.ts';
import { ordersOnFewUnits } from './orders.ts';
import { crossing, mixed, oneUnitEach, playRound, smallHistory } from './round.ts';
import type { Round } from './round.ts';

const CLIENTS = 40;
const CUSTOMERS = 3;

export interface LiveResult {
  readonly rounds: number;
  readonly requests: number;
  readonly broken: readonly string[];
}

/** Crowds at one store of a running system, over HTTP, by a channel's key and by customers, until the time is up. */
export async function crowdTheSystem(
  system: PrivateSystem,
  { seed, untilMs, say }: { readonly seed: number; readonly untilMs: number; readonly say: (line: string) => void },
): Promise<LiveResult> {
  const random = seededRandom(seed);
  const [store] = DEMO_STORES;
  if (store === undefined) throw new Error('the seed has no store');
  const shelves = shelvesOf(openingStock(store.id));
  const channel = new HttpHolds(channelOf(system), store.id, `prove-${seed}-channel`);
  const sessions = customersAt(store, CUSTOMERS).map(({ credentials }) => new Session(system.url, credentials));
  await Promise.all(sessions.slice(1).map((session, i) => session.register(`Customer ${i + 2}`)));
  const customers = sessions.map((session, i) => new HttpHolds(session, store.id, `prove-${seed}-customer-${i}`));
  const before = await auditStore(system.operator, store.id);
  let ids = 0;
  let requests = 0;
  let rounds = 0;
  const broken: string[] = [];
  while (rounds === 0 || (performance.now() < untilMs && broken.length === 0)) {
    for (const { round, ports } of oneOfEach(random, shelves, { channel, customers })) {
      say(round.name);
      // oxlint-disable-next-line no-await-in-loop -- a round begins with full shelves
      const played = await playRound(ports, round, () => (ids += 1));
      rounds += 1;
      requests += played.requests;
      broken.push(...played.broken);
    }
  }
  const after = await auditStore(system.operator, store.id);
  if (after.totals.available !== before.totals.available || after.totals.held !== 0) {
    broken.push(
      `${before.totals.available} units were free before, ${after.totals.available} are, and ${after.totals.held} held`,
    );
  }
  const placed = await ordersOnFewUnits(system, sessions);
  broken.push(
    ...placed.broken,
    ...after.discrepancies.map(({ sku, gapUnits }) => `the audit is ${gapUnits} of ${sku} off`),
  );
  return { rounds: rounds + 1, requests: requests + placed.requests, broken };
}

interface Shelves {
  /** One to five units each. */
  readonly scarce: readonly StockLine[];
  readonly all: readonly StockLine[];
}
function shelvesOf(all: readonly StockLine[]): Shelves {
  return { all, scarce: all.filter(({ quantity }) => quantity <= 5) };
}

function oneOfEach(
  random: () => number,
  { scarce, all }: Shelves,
  { channel, customers }: { readonly channel: HoldPort; readonly customers: readonly HoldPort[] },
): { readonly round: Round; readonly ports: readonly HoldPort[] }[] {
  const [one, x, y, small] = drawSome(random, scarce, 4);
  if (one === undefined || x === undefined || y === undefined || small === undefined) {
    throw new Error('the seed has too few scarce SKUs');
  }
  const clients = drawWhole(random, CLIENTS / 2, CLIENTS);
  return [
    { round: oneUnitEach(one, clients), ports: [channel] },
    { round: crossing(x, y, clients), ports: [channel] },
    { round: smallHistory(random, small), ports: [channel] },
    { round: mixed(random, all, clients), ports: [channel, ...customers] },
  ];
}
