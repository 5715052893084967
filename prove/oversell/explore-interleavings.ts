import fc from 'fast-check';
import type { StockLine } from '../../contracts/rpc/store.ts';
import { nodeSql } from '../../test/support/node-sql.ts';
import { OPENING_UNITS, SKUS } from '../history/cast.ts';
import { brokenRules } from '../history/conservation.ts';
import { onStage } from '../history/stage.ts';
import { CrowdRecord, runErrand } from './crowd.ts';
import type { Errand } from './crowd.ts';
import { inWords } from '../history/found.ts';
import type { Found, Look } from '../history/found.ts';
import { StoreHolds, UnlockedHolds } from './hold-port.ts';
import type { HoldPort } from './hold-port.ts';
import { Wire } from './wire.ts';

const CLIENTS_MAX = 10;
const STOCK: readonly StockLine[] = SKUS.map((sku) => ({ sku, quantity: OPENING_UNITS }));

const again = fc.constantFrom(0, 0, 1, 2);
/** One SKU each, so that the answers can be checked for an order that explains them. */
const anySingle: fc.Arbitrary<Errand> = fc.record({
  lines: fc
    .record({ sku: fc.constantFrom(...SKUS.slice(0, 2)), quantity: fc.integer({ min: 1, max: 4 }) })
    .map((line) => [line]),
  givesBack: fc.boolean(),
  again,
});
/** Baskets that meet crosswise: {x, y} against {y, x}. */
const anyCrossing: fc.Arbitrary<Errand> = fc.record({
  lines: fc
    .tuple(fc.shuffledSubarray([...SKUS], { minLength: 2 }), fc.integer({ min: 1, max: 4 }))
    .map(([skus, quantity]) => skus.map((sku) => ({ sku, quantity }))),
  givesBack: fc.boolean(),
  again,
});
const anyCrowd = fc.oneof(
  fc.array(anySingle, { minLength: 2, maxLength: CLIENTS_MAX, size: 'max' }),
  fc.array(anyCrossing, { minLength: 2, maxLength: CLIENTS_MAX, size: 'max' }),
);

/** Plays crowds at the real store, their requests arriving in any order the scheduler draws. */
export function exploreInterleavings(look: Look): Promise<Found> {
  return explore(look, (play) =>
    onStage(async (stage) => {
      const broken = await play(new StoreHolds(stage));
      await stage.platform.settle();
      return [...broken, ...(await brokenRules(stage))];
    }),
  );
}

/** The same crowds at a desk without a transaction: the number of those in which it broke a promise. */
export async function exploreControl({ seed, runs }: Look): Promise<number> {
  let violations = 0;
  const property = fc.asyncProperty(anyCrowd, fc.scheduler(), async (crowd, scheduler) => {
    const desk = new UnlockedHolds(nodeSql(), STOCK, () => Promise.resolve());
    const { broken } = await playCrowd(desk, crowd, scheduler);
    if (broken.length > 0) violations += 1;
  });
  await fc.check(property, { seed, numRuns: runs });
  return violations;
}

async function explore(
  { seed, runs }: Look,
  onDesk: (play: (desk: HoldPort) => Promise<string[]>) => Promise<string[]>,
): Promise<Found> {
  let acts = 0;
  const property = fc.asyncProperty(anyCrowd, fc.scheduler(), async (crowd, scheduler) => {
    let lines: readonly string[] = [];
    const broken = await onDesk(async (desk) => {
      const played = await playCrowd(desk, crowd, scheduler);
      ({ lines } = played);
      return played.broken;
    });
    acts += lines.length;
    if (broken.length > 0) throw new Error([...lines, `then ${broken.join('; ')}`].join('\n'));
  });
  const { failed, numRuns, numShrinks, errorInstance } = await fc.check(property, { seed, numRuns: runs });
  const said = errorInstance instanceof Error ? errorInstance.message : 'it failed without a word';
  return {
    cases: numRuns,
    acts,
    tally: new Map(),
    counterexample: failed ? inWords(seed, numShrinks, said) : null,
  };
}

async function playCrowd(
  desk: HoldPort,
  crowd: readonly Errand[],
  scheduler: fc.Scheduler,
): Promise<{ readonly lines: readonly string[]; readonly broken: string[] }> {
  const record = new CrowdRecord(STOCK);
  const wire = new Wire(scheduler);
  const errands = crowd.map((errand, i) =>
    runErrand(desk, record, { id: i + 1, errand, ask: (...asked) => wire.ask(...asked) }),
  );
  await scheduler.waitFor(Promise.all(errands));
  // Late answers to what was asked twice.
  await scheduler.waitIdle();
  return { lines: record.lines, broken: [...record.broken, ...record.unexplained()] };
}
