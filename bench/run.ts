import { availableParallelism } from 'node:os';
import { gitCommit } from '../scripts/shared/git-commit.ts';
import { ProgressLines } from '../scripts/terminal/progress-lines.ts';
import { table } from '../scripts/terminal/table.ts';
import { catalogBench } from './catalog.ts';
import { helloBench } from './hello.ts';
import { holdBench } from './hold.ts';
import { parseBenchOptions } from './options.ts';
import { pickPathBench } from './pick-path.ts';
import { startBench } from './start.ts';

const BENCHES = [startBench, helloBench, catalogBench, holdBench, pickPathBench];

const HELP = `npm run bench -- <name> [options]

Measures this machine's Kirana, on a private system of its own that is removed afterwards.
${BENCHES.map(({ name, what }) => `  ${name.padEnd(17)}${what}`).join('\n')}

  --seconds N      how long each load lasts (5)
  --connections C  how many clients at the same time (64)
  --json           JSON lines on stdout, the last one the verdict
  --help           this text`;

async function main(): Promise<number> {
  const options = parseBenchOptions(
    process.argv.slice(2),
    BENCHES.map(({ name }) => name),
  );
  if (!options.ok) {
    console.error(options.error);
    return 2;
  }
  const bench = BENCHES.find(({ name }) => name === options.value?.name);
  if (options.value === undefined || bench === undefined) {
    console.log(HELP);
    return 0;
  }
  const { seconds, connections, json } = options.value;
  const progress = new ProgressLines();
  const about = {
    command: `bench ${bench.name}`,
    git: await gitCommit(),
    cores: availableParallelism(),
    seconds,
    connections,
  };
  try {
    const figures = await bench.run({ seconds, connections }, (line) => progress.say(line));
    if (json) console.log(JSON.stringify({ ...about, ok: true, goals: [], figures }));
    else console.log(table(Object.entries(figures).map(([name, value]) => [name, String(value)])));
    return 0;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    console.error(reason);
    if (json) console.log(JSON.stringify({ ...about, ok: false, goals: [], error: reason }));
    return 1;
  }
}

process.exitCode = await main();
