/**
 * Reads back JSON that this code base itself wrote where nobody else can write: an object's own tables, a header the edge made.
 * Anything that came from outside is parsed by its schema instead.
 */
export function readOwnJson<T>(text: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the writer's type is the reader's type
  return JSON.parse(text) as T;
}
