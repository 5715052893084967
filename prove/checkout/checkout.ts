import type { Proof, ProofResult, ProofSettings } from '../proof.ts';
import { openShelves } from '../world/shelves.ts';
import type { Opening } from '../world/shelves.ts';
import { crowdTheCheckout } from './crowd.ts';
import type { CrowdFound } from './crowd.ts';

/** Units of each article in each store: too few for a crowd. */
export const SCARCE_UNITS = 12;
const CUSTOMERS = 20;
const REQUESTS_MIN = 10_000;
const CONTROL_CROWDS = 2;

/** One order and one charge for what was wanted once, however often and in whatever order it is asked for. */
export const checkout: Proof = {
  name: 'checkout',
  what: 'one order, one authorization and at most one capture a key and a cart, whatever is doubled, cut or overtaken',
  async run({ seed, seconds }: ProofSettings, say: (line: string) => void): Promise<ProofResult> {
    const untilMs = performance.now() + seconds * 1000;
    const opening = await openShelves(SCARCE_UNITS);
    const control = await crowds(opening, { seed, freshKeys: true }, (done) => done.crowds >= CONTROL_CROWDS);
    const found = await crowds(opening, { seed, freshKeys: false }, (done) => {
      say(`${done.requests} requests, ${done.orders} orders`);
      return done.broken.length > 0 || (done.requests >= REQUESTS_MIN && performance.now() >= untilMs);
    });
    const [counterexample] = found.broken;
    return {
      cases: found.requests,
      violations: found.broken.length,
      controlViolations: control.broken.length,
      ...(counterexample !== undefined && { counterexample }),
      figures: {
        crowds: found.crowds,
        customers: found.customers,
        orders: found.orders,
        orders_confirmed: found.confirmed,
        ...Object.fromEntries(
          [...found.answers].map(([what, count]) => [`told_${what.toLowerCase().replaceAll(' ', '_')}`, count]),
        ),
      },
    };
  },
};

type Done = CrowdFound & { readonly crowds: number };

/** Crowd after crowd, each from a seed of its own, until it is enough or something is found. */
async function crowds(
  opening: Opening,
  { seed, freshKeys }: { readonly seed: number; readonly freshKeys: boolean },
  isEnough: (done: Done) => boolean,
): Promise<Done> {
  let done: Done = { crowds: 0, requests: 0, customers: 0, orders: 0, confirmed: 0, answers: new Map(), broken: [] };
  do {
    const terms = { seed: (seed + done.crowds) % SEED_MAX, customers: CUSTOMERS, freshKeys };
    // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
    const found = await crowdTheCheckout(opening, terms);
    done = sumOf(done, found, terms.seed);
  } while (!isEnough(done));
  return done;
}
const SEED_MAX = 2 ** 31 - 1;

function sumOf(done: Done, found: CrowdFound, seed: number): Done {
  const answers = new Map(done.answers);
  for (const [what, count] of found.answers) answers.set(what, (answers.get(what) ?? 0) + count);
  return {
    crowds: done.crowds + 1,
    requests: done.requests + found.requests,
    customers: done.customers + found.customers,
    orders: done.orders + found.orders,
    confirmed: done.confirmed + found.confirmed,
    answers,
    broken: [...done.broken, ...found.broken.map((what) => `seed ${seed}: ${what}`)],
  };
}
