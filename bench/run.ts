import { availableParallelism } from 'node:os';
import { gitCommit } from '../scripts/shared/git-commit.ts';
import { ProgressLines } from '../scripts/terminal/progress-lines.ts';
import { table } from '../scripts/terminal/table.ts';
import { judge, type Goal } from './bench.ts';
import { catalogBench } from './catalog.ts';
import { countRiskBench } from './count-risk.ts';
import { helloBench } from './hello.ts';
import { holdBench } from './hold/hold-bench.ts';
import { largeStoreBench } from './hold/large-store.ts';
import { orderBench } from './order/order-bench.ts';
import { parseBenchOptions } from './options.ts';
import { pickPathBench } from './pick-path.ts';
import { sagaRecoveryBench } from './saga-recovery.ts';
import { startBench } from './start.ts';
import { trackingBench } from './tracking/tracking-bench.ts';

const BENCHES = [
  startBench,
  helloBench,
  catalogBench,
  holdBench,
  orderBench,
  trackingBench,
  sagaRecoveryBench,
  largeStoreBench,
  pickPathBench,
  countRiskBench,
];

const HELP = `npm run bench -- <name> [options]

Measures this machine's Kirana, on a private system of its own that is removed afterwards. Exits 1 when a goal is missed.
${BENCHES.map(({ name, what }) => `  ${name.padEnd(17)}${what}`).join('\n')}

  --seconds N      how long each load lasts (5; hold: 2)
  --connections C  how many clients at the same time (64)
  --json           JSON lines on stdout, the last one the verdict
  --help           this text

hold, and --rounds also large-store:
  --rounds N       how often each contender is measured, in turns (5)
  --seed S         what is drawn is drawn from this (7)
  --workloads A,B  these workloads only, and none of the measurements beside them
  --contenders A,B these contenders only
  --picture        also write docs/hold-bench.svg`;

async function main(): Promise<number> {
  const options = parseBenchOptions(process.argv.slice(2), BENCHES);
  if (!options.ok) {
    console.error(options.error);
    return 2;
  }
  if (options.value === undefined) {
    console.log(HELP);
    return 0;
  }
  const { bench, settings, json } = options.value;
  const { seconds, connections, rounds, seed } = settings;
  const progress = new ProgressLines();
  const about = {
    command: `bench ${bench.name}`,
    git: await gitCommit(),
    cores: availableParallelism(),
    seed,
    seconds,
    connections,
    rounds,
  };
  function tell(record: object, text: string): void {
    console.log(json ? JSON.stringify(record) : text);
  }
  try {
    const figures = await bench.run(settings, (line) => progress.say(line), tell);
    const goals = judge(bench.goals ?? [], figures);
    const ok = goals.every((goal) => goal.ok);
    if (json) console.log(JSON.stringify({ ...about, ok, goals, figures }));
    else {
      console.log(table(Object.entries(figures).map(([name, value]) => [name, String(value)])));
      if (goals.length > 0) console.log(`\n${table(goals.map(goalRow))}`);
    }
    return ok ? 0 : 1;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    console.error(reason);
    if (json) console.log(JSON.stringify({ ...about, ok: false, goals: [], error: reason }));
    return 1;
  }
}

function goalRow({ name, wanted, isMost, got, ok }: Goal): readonly string[] {
  const aim = wanted === null ? 'measured' : `${isMost === true ? 'at most' : 'at least'} ${wanted}`;
  return [ok ? 'ok' : 'MISSED', name, got === null ? 'not measured' : String(got), aim];
}

process.exitCode = await main();
