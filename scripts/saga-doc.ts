import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fillTables, sagaTables } from './saga-doc/saga-tables.ts';
import { statePicture } from './saga-doc/state-picture.ts';

const HELP = `node scripts/saga-doc.ts [--check]

Draws the state machine of an order (docs/order-states.svg) and fills the tables of docs/saga.md, from the tables the code
runs by.

  --check   writes nothing; exits 1 when a file is not what would be written
  --help    this text`;

const DOCS = resolve(import.meta.dirname, '../docs');

function main(): number {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const page = join(DOCS, 'saga.md');
  const wanted = {
    [join(DOCS, 'order-states.svg')]: statePicture(),
    [page]: fillTables(readFileSync(page, 'utf8'), sagaTables()),
  };
  const stale = Object.entries(wanted).filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  if (values.check) {
    for (const [path] of stale) console.error(`${path} is not what the code says: run node scripts/saga-doc.ts.`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const [path, text] of stale) writeFileSync(path, text);
  return 0;
}

process.exitCode = main();
