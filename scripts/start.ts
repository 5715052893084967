import { parseStartOptions, START_HELP, type StartOptions } from './start/options.ts';
import { Supervisor } from './start/supervisor.ts';
import { readyTable } from './start/ready-table.ts';
import { ProgressLines } from './terminal/progress-lines.ts';

async function main(): Promise<number> {
  const options = parseStartOptions(process.argv.slice(2));
  if (!options.ok) {
    console.error(options.error);
    return 2;
  }
  if (options.value.help) {
    console.log(START_HELP);
    return 0;
  }
  return run(options.value);
}

async function run(options: StartOptions): Promise<number> {
  const progress = new ProgressLines();
  const supervisor = new Supervisor(options, (line) => progress.say(line));
  const asked = signalled();
  const starting = supervisor.start();
  const outcome = await Promise.race([starting, asked]);
  let code = 0;
  if (typeof outcome !== 'string') {
    if (outcome.ok) {
      const ms = Math.round(progress.elapsedMs);
      if (options.json) {
        const { databaseUrl: _secret, ...system } = outcome.value;
        console.log(
          JSON.stringify({
            command: 'start',
            ok: true,
            ms,
            pid: process.pid,
            stateFolder: supervisor.state.path,
            ...system,
          }),
        );
      } else {
        console.log(readyTable(outcome.value, supervisor.state));
      }
      await asked;
    } else {
      console.error(outcome.error);
      if (options.json) console.log(JSON.stringify({ command: 'start', ok: false, error: outcome.error }));
      code = 1;
    }
  }
  if (code === 0) progress.say('stopping');
  const stopping = supervisor.stop();
  // What was being started when the signal came is stopped as well.
  await starting;
  await stopping;
  await supervisor.stop();
  return code;
}

/** Settles at the first request to stop; a second one ends the process at once, and the next start clears up. */
function signalled(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve(signal);
      });
    }
  });
}

process.exit(await main());
