// Rows written or read by one statement: a JSON array of arrays.

/** Rows in one statement: a row is below 1,000 characters of JSON, and one bound value holds 2 MB. */
const ROWS_PER_STATEMENT = 1000;

/** The rows of one bound value. `jsonb_each` and not `json_each`: each row is parsed once and not once a field. */
export const ROWS = 'jsonb_each(?)';

/** The first `count` fields of each of the rows. */
export function fields(count: number): string {
  return Array.from({ length: count }, (_, i) => `value ->> ${i}`).join(', ');
}

export function* pages(rows: readonly (readonly unknown[])[]): Generator<string> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    yield JSON.stringify(rows.slice(start, start + ROWS_PER_STATEMENT));
  }
}
