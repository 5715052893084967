/** A whole line, or a block, of comment: a test in there does not run. */
const COMMENT = /^\s*\/\/.*$|^\s*\/\*[\s\S]*?\*\//gm;

/** The first argument of `it(`, `test.each(…)(`, `describe(` and the like, as it stands in the source. */
const NAME =
  /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\(\s*(?<quote>['"`])(?<name>(?:\\.|(?!\k<quote>)[\s\S])*)\k<quote>/g;

/** `[I3]`, `[I3 O4]` or `[I3, O4]`. */
const IDS = /\[(?<ids>[A-Z]\d{1,2}(?:[\s,]+[A-Z]\d{1,2})*)\]/g;

export interface NamedTest {
  readonly name: string;
  readonly ids: readonly string[];
}

/** The tests of one file that name promises. Reads the source, runs nothing. */
export function testsWithIds(source: string): readonly NamedTest[] {
  const tests: NamedTest[] = [];
  for (const { groups } of source.replaceAll(COMMENT, '').matchAll(NAME)) {
    const name = groups?.['name'] ?? '';
    const ids = [...name.matchAll(IDS)].flatMap((match) => (match.groups?.['ids'] ?? '').split(/[\s,]+/));
    if (ids.length > 0) tests.push({ name, ids });
  }
  return tests;
}
