import type { SqlPort } from '../../kit/sql.ts';
import { fields, pages, ROWS } from '../ledger/set-wise.ts';

/** Rows between two moves to the large table: the names of so many fit on some 25 pages, which is what a batch writes at most. */
const ROWS_PER_MOVE = 8_192;

/** What a row of `holds` is called: by its own id, and by the operation that asked for it. */
export interface HoldNamed {
  readonly holdId: string;
  readonly opId: string | null;
}

const ADD = `INSERT INTO hold_names_new (hash, position) SELECT ${fields(2)} FROM ${ROWS}`;
const FORGET_NEW = `DELETE FROM hold_names_new WHERE (hash, position) IN (SELECT ${fields(2)} FROM ${ROWS})`;
const FORGET = `DELETE FROM hold_names WHERE (hash, position) IN (SELECT ${fields(2)} FROM ${ROWS})`;

/** The rows that may have one of the names whose hashes are bound twice: who asks looks at the names in the rows. */
export const POSITIONS_OF_NAMES = `
  SELECT position FROM hold_names_new WHERE hash IN (SELECT value FROM json_each(?))
  UNION ALL SELECT position FROM hold_names WHERE hash IN (SELECT value FROM json_each(?))`;

/**
 * Finds holds by name. Names are digests, so an index of all of them would make every hold write a page of its own, ever more of
 * them as the table grows. Instead new names go to a small table, and from there in the order of their hashes to the large one,
 * thousands at a time: the two levels of a log-structured merge tree (O'Neil and others, 1996).
 */
export class HoldNames {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** Names rows that are new; their positions count up from `first`. */
  add(holds: readonly HoldNamed[], first: number): void {
    for (const json of pages(holds.flatMap((hold, i) => namesAt(hold, first + i)))) this.#sql.run(ADD, json);
    if (Math.floor((first - 1) / ROWS_PER_MOVE) < Math.floor((first - 1 + holds.length) / ROWS_PER_MOVE)) this.#move();
  }

  forget(rows: readonly (HoldNamed & { readonly position: number })[]): void {
    for (const json of pages(rows.flatMap((row) => namesAt(row, row.position)))) {
      this.#sql.run(FORGET_NEW, json);
      this.#sql.run(FORGET, json);
    }
  }

  #move(): void {
    this.#sql.run('INSERT INTO hold_names SELECT hash, position FROM hold_names_new ORDER BY hash, position');
    this.#sql.run('DELETE FROM hold_names_new');
  }
}

/** The hashes by which the holds of these names are found, as JSON. */
export function hashesOf(names: Iterable<string>): string {
  return JSON.stringify([...new Set(Array.from(names, hashOf))]);
}

function namesAt({ holdId, opId }: HoldNamed, position: number): [hash: number, position: number][] {
  const own: [number, number] = [hashOf(holdId), position];
  if (opId === null) return [own];
  const asked = hashOf(opId);
  return asked === own[0] ? [own] : [own, [asked, position]];
}

const NAMED_AFTER = 'hold:';
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * FNV-1a over the code units, 32 bits: names are compared anyway, so a clash only costs a look. An operation that is named after
 * its hold has its hash, and so needs no second entry. Source: RFC 9923.
 */
function hashOf(name: string): number {
  let hash = FNV_OFFSET;
  for (let i = name.startsWith(NAMED_AFTER) ? NAMED_AFTER.length : 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME);
  }
  return hash;
}
