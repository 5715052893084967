import { readdirSync, readFileSync } from 'node:fs';

/** Of `/proc/<pid>/stat`; Linux tells user space 100 on every architecture. */
const TICKS_PER_S = 100;

interface ProcessTimes {
  readonly parent: number;
  readonly cpuS: number;
}

/** These processes and all their descendants. Empty where there is no `/proc`. */
export function processTree(roots: readonly number[]): readonly number[] {
  const times = readAll();
  const tree = new Set(roots.filter((pid) => times.has(pid)));
  for (let before = -1; before !== tree.size;) {
    before = tree.size;
    for (const [pid, { parent }] of times) if (tree.has(parent)) tree.add(pid);
  }
  return [...tree];
}

/** Processor seconds of the tree so far, those of its ended and collected processes included. */
export function cpuSeconds(roots: readonly number[]): number {
  const times = readAll();
  return processTree(roots).reduce((sum, pid) => sum + (times.get(pid)?.cpuS ?? 0), 0);
}

function readAll(): ReadonlyMap<number, ProcessTimes> {
  const all = new Map<number, ProcessTimes>();
  for (const name of entries()) {
    const times = /^\d+$/.test(name) ? readTimes(name) : undefined;
    if (times !== undefined) all.set(Number(name), times);
  }
  return all;
}

function entries(): readonly string[] {
  try {
    return readdirSync('/proc');
  } catch {
    return [];
  }
}

function readTimes(pid: string): ProcessTimes | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // Field 2 is the program's name in brackets and may hold spaces. From field 3 on: state, parent, …, and 14 to 17 are
  // user and system time of its own and of its collected children.
  const fields = stat.replace(/^.*\) /s, '').split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
  return { parent: Number(fields[1]), cpuS: ticks / TICKS_PER_S };
}
