import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readPostmaster, stopPostmaster } from '../db/local/postmaster.ts';
import { POSTGRES } from './start/database.ts';
import { hold, isHeld, letGo } from './start/held-parts.ts';
import { DEFAULT_STATE_FOLDER } from './start/options.ts';
import { bornOf, endProcess, isAlive, readRecord, type ProcessRecord } from './start/process-record.ts';
import { stateFolder, type StateFolder } from './start/state-folder.ts';
import { STREAMS } from './start/streams-part.ts';
import { readSystemFile } from './start/system-file.ts';
import { WORKER, WORKERD } from './start/worker-part.ts';
import { table } from './terminal/table.ts';

const PARTS = [POSTGRES, STREAMS, WORKER, WORKERD] as const;
type Part = (typeof PARTS)[number];
const ACTIONS = ['list', 'stop', 'start', 'kill'] as const;
const STOP_GRACE_MS = 10_000;

const HELP = `npm run parts -- [list | stop PART | start PART | kill PART] [options]

The parts of the system that npm start runs: ${PARTS.join(', ')}. For seeing how the rest does without one.
  list     what runs (this is what it does alone)
  stop     ends a part in order and keeps it down
  start    lets it come back
  kill     kill -9; it comes back by itself

  --state-dir PATH   state folder of the running system (${DEFAULT_STATE_FOLDER})
  --json             one JSON line
  --help             this text`;

interface PartState {
  readonly part: Part;
  readonly pid: number | null;
  readonly state: 'runs' | 'held down' | 'gone';
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'state-dir': { type: 'string', default: DEFAULT_STATE_FOLDER },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [action = 'list', name] = positionals;
  const part = PARTS.find((known) => known === name);
  const known = ACTIONS.find((one) => one === action);
  if (values.help || known === undefined || (known !== 'list' && part === undefined)) {
    console.error(HELP);
    return values.help ? 0 : 2;
  }
  if (part === WORKERD && known !== 'kill') {
    console.error(`${WORKERD} is a part of ${WORKER}: ${known} that one.`);
    return 2;
  }
  const state = stateFolder(resolve(values['state-dir']));
  const running = readSystemFile(state);
  if (!running.ok) {
    console.error(running.error);
    return 1;
  }
  if (part !== undefined) await act(state, known, part);
  const states = PARTS.map((one) => stateOf(state, one));
  if (values.json) console.log(JSON.stringify({ command: `parts ${action}`, ok: true, parts: states }));
  else
    console.log(
      table(states.map(({ part: one, pid, state: how }) => [one, how, pid === null ? '' : `process ${pid}`])),
    );
  return 0;
}

async function act(state: StateFolder, action: (typeof ACTIONS)[number], part: Part): Promise<void> {
  const record = recordOf(state, part);
  if (action === 'start') letGo(state, part);
  if (action === 'stop') hold(state, part);
  if (record === undefined || action === 'start' || action === 'list') return;
  if (action === 'stop' && part === POSTGRES) await stopPostmaster(record.pid);
  else await endProcess(record, action === 'stop' ? STOP_GRACE_MS : 0);
}

function stateOf(state: StateFolder, part: Part): PartState {
  const record = recordOf(state, part);
  if (record !== undefined) return { part, pid: record.pid, state: 'runs' };
  return { part, pid: null, state: isHeld(state, part) ? 'held down' : 'gone' };
}

/** The process of a part while it lives. */
function recordOf(state: StateFolder, part: Part): ProcessRecord | undefined {
  const record = part === POSTGRES ? postgresRecord(state) : readRecord(state.run, part);
  return record !== undefined && isAlive(record) ? record : undefined;
}

function postgresRecord(state: StateFolder): ProcessRecord | undefined {
  const pid = readPostmaster(join(state.postgres, 'data'))?.pid;
  const born = pid === undefined ? undefined : bornOf(pid);
  return pid === undefined || born === undefined ? undefined : { pid, born };
}

process.exitCode = await main();
