import { sql } from 'drizzle-orm';
import type { Db } from '../client.ts';

/** A category as a path of names from the root down. */
export type CategoryPath = readonly string[];

interface Node {
  readonly parentId: string | null;
  readonly name: string;
}

/**
 * The id of each path's last category; what is missing is made, with an id that follows from its place and name, so that
 * the same import gives the same ids everywhere. One statement a level, and a tree has few levels.
 * Answers in the order of `paths`.
 */
export async function ensureCategories(db: Db, paths: readonly CategoryPath[]): Promise<readonly string[]> {
  let reached: (string | null)[] = paths.map(() => null);
  const levels = Math.max(0, ...paths.map((path) => path.length));
  for (let level = 0; level < levels; level += 1) {
    const nodes = paths.map((path, index) => {
      const name = path[level];
      return name === undefined ? undefined : { parentId: reached[index] ?? null, name };
    });
    const ids = await ensureNodes(
      db,
      nodes.filter((node) => node !== undefined),
    );
    reached = nodes.map((node, index) => (node === undefined ? reached[index] : ids.get(keyOf(node))) ?? null);
  }
  return reached.map((id) => {
    if (id === null) throw new Error('a category path needs at least one name');
    return id;
  });
}

/**
 * Two callers that make the same category at once: the loser's insert does nothing, and its second look finds the row.
 * The same when an id is taken by a category that was renamed since: another look makes another id.
 */
const LOOKS = 3;

async function ensureNodes(db: Db, nodes: readonly Node[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Map(nodes.map((node) => [keyOf(node), node])).values()];
  for (let look = 1; look <= LOOKS; look += 1) {
    const { rows } = await db.execute<{ id: string; parentId: string | null; name: string }>(sql`
      WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS node("parentId" text, name text)
      ), present AS (
        SELECT categories.id, categories.parent_id, categories.name FROM categories
        JOIN wanted ON categories.parent_id IS NOT DISTINCT FROM wanted."parentId" AND categories.name = wanted.name
      ), added AS (
        INSERT INTO categories (id, parent_id, name)
        SELECT 'cat_' || upper(left(encode(sha256(convert_to(
          ${look}::int || '/' || coalesce("parentId", '') || '/' || name, 'UTF8')), 'hex'), 26)), "parentId", name
        FROM wanted
        WHERE NOT EXISTS (
          SELECT FROM present WHERE present.parent_id IS NOT DISTINCT FROM wanted."parentId" AND present.name = wanted.name
        )
        ORDER BY "parentId", name
        ON CONFLICT DO NOTHING
        RETURNING id, parent_id, name
      )
      SELECT id, parent_id AS "parentId", name FROM present UNION ALL SELECT id, parent_id, name FROM added`);
    if (rows.length === wanted.length) return new Map(rows.map((row) => [keyOf(row), row.id]));
  }
  throw new Error('categories vanish while they are being made');
}

function keyOf({ parentId, name }: Node): string {
  return JSON.stringify([parentId, name]);
}
