import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { readPromises } from './contract/promises.ts';
import type { PromiseLine } from './contract/promises.ts';
import { testsWithIds } from './contract/test-names.ts';
import { gitCommit } from './shared/git-commit.ts';

const HELP = `npm run contract -- [--open] [--json]

Prints every promise of docs/contract.md as proved by a test that names its id, as proved in part, or as open.
Exits 1 if a test names an id that the contract does not have.

  --open     only what is open
  --json     JSON lines on stdout, one a promise, the last one the verdict
  --help     this text`;

const ROOT = resolve(import.meta.dirname, '..');

interface Proof {
  readonly file: string;
  readonly test: string;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      open: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const promises = readPromises(readFileSync(join(ROOT, 'docs/contract.md'), 'utf8'));
  const proofs = findProofs();
  const unknown = [...proofs].filter(([id]) => !promises.some((promise) => promise.id === id));
  const shown = values.open ? promises.filter(({ id }) => !proofs.has(id)) : promises;
  const states = promises.map((promise) => stateOf(promise, proofs));
  if (values.json) {
    for (const promise of shown) {
      const by = proofs.get(promise.id) ?? [];
      console.log(JSON.stringify({ id: promise.id, state: stateOf(promise, proofs), by }));
    }
  } else {
    printByArea(shown, proofs);
  }
  for (const [id, [first]] of unknown) {
    console.error(`${first?.file}: "${first?.test}" names ${id}, which docs/contract.md does not have.`);
  }
  const ok = unknown.length === 0;
  const totals = {
    proved: states.filter((state) => state === 'proved').length,
    in_part: states.filter((state) => state === 'in part').length,
    open: states.filter((state) => state === 'open').length,
    unknown: unknown.map(([id]) => id),
  };
  if (values.json) console.log(JSON.stringify({ command: 'contract', ok, git: await gitCommit(), ...totals }));
  else
    console.log(
      `\n${totals.proved} of ${promises.length} promises proved, ${totals.in_part} in part, ${totals.open} open.`,
    );
  return ok ? 0 : 1;
}

/** Promise id -> the tests that name it. */
function findProofs(): Map<string, Proof[]> {
  const proofs = new Map<string, Proof[]>();
  const files = globSync('**/*.test.ts', { cwd: ROOT, exclude: ['node_modules', 'dist', '.*'] });
  for (const file of files.toSorted()) {
    for (const { name, ids } of testsWithIds(readFileSync(join(ROOT, file), 'utf8'))) {
      for (const id of ids) proofs.set(id, [...(proofs.get(id) ?? []), { file, test: name }]);
    }
  }
  return proofs;
}

function stateOf({ id, inPart }: PromiseLine, proofs: ReadonlyMap<string, unknown>): 'proved' | 'in part' | 'open' {
  if (!proofs.has(id)) return 'open';
  return inPart ? 'in part' : 'proved';
}

function printByArea(promises: readonly PromiseLine[], proofs: ReadonlyMap<string, readonly Proof[]>): void {
  for (const [area, lines] of Map.groupBy(promises, (promise) => promise.area)) {
    console.log(`\n${area}`);
    for (const { id, inPart } of lines) {
      const [first, ...more] = (proofs.get(id) ?? []).map(({ file, test }) => `${file}: ${test}`);
      console.log(
        `  ${id.padEnd(4)}${first === undefined ? 'open' : `${inPart ? 'proved in part' : 'proved'} by ${first}`}`,
      );
      for (const proof of more) console.log(`      and by ${proof}`);
    }
  }
}

process.exitCode = await main();
