import { demoAssortment } from '../db/seed/assortment.ts';
import type { DemoStore } from '../db/seed/network.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { ApiProblem } from './client/api-problem.ts';
import { closeBooks, openBooks, type Closing } from './demo/close-books.ts';
import type { OrderOutcome } from './demo/customer.ts';
import { DEMO_HELP, parseDemoOptions, type DemoOptions } from './demo/options.ts';
import { chooseStore } from './demo/people.ts';
import { bootSystem } from './demo/private-system.ts';
import { report } from './demo/report.ts';
import { liveADay } from './demo/shopping-day.ts';
import { importInto } from './demo/stocking.ts';
import { findSystem, type DemoSystem } from './demo/system.ts';
import { Timeline } from './demo/timeline.ts';
import { judge, type Verdict } from './demo/verdict.ts';
import { gitCommit } from './shared/git-commit.ts';
import { seededRandom } from './shared/seeded-random.ts';
import { ProgressBar } from './terminal/progress-bar.ts';

/** With more orders only the big steps are told. */
const WATCHED_CLOSELY_MAX = 3;

async function main(): Promise<number> {
  const options = parseDemoOptions(process.argv.slice(2));
  if (!options.ok) {
    console.error(options.error);
    return 2;
  }
  if (options.value.help) {
    console.log(DEMO_HELP);
    return 0;
  }
  const { json, seed, orders } = options.value;
  const write = json ? (line: string) => console.error(line) : (line: string) => console.log(line);
  const timeline = new Timeline(write, orders <= WATCHED_CLOSELY_MAX);
  const outcome = await withSystem(options.value, timeline);
  const git = await gitCommit();
  if (!outcome.ok) {
    console.error(outcome.error);
    if (json) console.log(JSON.stringify({ command: 'demo', ok: false, seed, git, orders, error: outcome.error }));
    return 1;
  }
  const { verdict, closing, outcomes } = outcome.value;
  write(report(verdict, closing, outcomes));
  const { ok: fine, ...figures } = verdict;
  if (json) console.log(JSON.stringify({ command: 'demo', ok: fine, seed, git, ...figures }));
  return fine ? 0 : 1;
}

interface DemoOutcome {
  readonly verdict: Verdict;
  readonly closing: Closing;
  readonly outcomes: readonly OrderOutcome[];
}

async function withSystem(options: DemoOptions, timeline: Timeline): Promise<Result<DemoOutcome, string>> {
  const store = chooseStore(options.store, seededRandom(options.seed));
  if (!store.ok) return store;
  if (!options.boot) {
    const system = findSystem(options.stateFolder, options.url);
    return system.ok ? guarded(() => play(options, system.value, store.value, timeline)) : system;
  }
  timeline.say('system', 'starting a private one');
  const booted = await bootSystem(options, (line) => timeline.say('system', line));
  if (!booted.ok) return booted;
  const { stop, url, stateFolder } = booted.value;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(130)));
  timeline.say('system', `runs at ${url}, its state is in ${stateFolder}`);
  try {
    return await guarded(() => play(options, booted.value, store.value, timeline));
  } finally {
    await stop();
  }
}

/** A refusal that nobody expected ends the demo with its own words; a fault in the demo with the place where it is. */
async function guarded(work: () => Promise<DemoOutcome>): Promise<Result<DemoOutcome, string>> {
  try {
    return ok(await work());
  } catch (cause) {
    if (cause instanceof ApiProblem) return err(cause.message);
    return err(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  }
}

async function play(
  options: DemoOptions,
  system: DemoSystem,
  store: DemoStore,
  timeline: Timeline,
): Promise<DemoOutcome> {
  if (options.csv !== undefined) await stock(system, store, options.csv, timeline);
  const before = await openBooks(system, store);
  const { outcomes, troubles, reconnects } = await liveADay({
    url: system.url,
    store,
    orders: options.orders,
    concurrency: options.concurrency,
    seed: options.seed,
    // With a file of one's own, the demo is about what is in it.
    unwanted: new Set(options.csv === undefined ? [] : demoAssortment(store).map(({ sku }) => sku)),
    timeline,
    onOutcome: (outcome) => {
      if (options.json) console.log(JSON.stringify(orderLine(outcome)));
    },
  });
  if (reconnects > 0) timeline.say('everybody', `${reconnects} sockets had to be opened again`);
  const closing = await closeBooks({ system, before, outcomes, alone: options.boot, timeline });
  const verdict = judge({
    orders: options.orders,
    delivered: outcomes.filter(({ order, trouble }) => order?.status === 'CLOSED' && trouble === null).length,
    answersMs: outcomes.flatMap(({ answerMs }) => answerMs ?? []),
    oversoldUnits: closing.oversoldUnits,
    missingEvents: closing.missingEvents,
    strandedEvents: closing.strandedEvents,
    troubles: [...troubles, ...closing.troubles],
  });
  return { verdict, closing: { ...closing, troubles: [...troubles, ...closing.troubles] }, outcomes };
}

async function stock(system: DemoSystem, store: DemoStore, file: string, timeline: Timeline): Promise<void> {
  const bar = new ProgressBar();
  const imported = await importInto(system, store.id, file, (done, doing) => bar.show(done, doing)).finally(() =>
    bar.end(),
  );
  const { created, changed, unchanged, received, receivedBefore, bad } = imported;
  const units = received + receivedBefore;
  timeline.say(
    `store ${store.name}`,
    `${file}: ${created + changed + unchanged} articles and ${units} units are in, ${bad} lines were bad`,
  );
}

function orderLine({ number, order, answerMs, live, positions, reconnects, tookMs, trouble }: OrderOutcome) {
  return {
    event: 'order',
    number,
    orderId: order?.id ?? null,
    orderNumber: order?.number ?? null,
    storeId: order?.storeId ?? null,
    status: order?.status ?? null,
    answerMs: answerMs === null ? null : Math.round(answerMs),
    tookMs: Math.round(tookMs),
    live,
    positions,
    reconnects,
    trouble,
  };
}

process.exitCode = await main();
