import { describe, expect, it } from 'vitest';

import { testsWithIds } from './test-names.ts';

/** Put together, so that this file itself proves nothing. */
function tag(ids: string): string {
  return `[${ids}]`;
}

describe('testsWithIds', () => {
  it.each([
    ['a plain test', `it('holds a basket ${tag('I3')}', () => {});`, ['I3']],
    ['several ids', `test("pays ${tag('Y4 O10')} and ${tag('X3, X4')}", run);`, ['Y4', 'O10', 'X3', 'X4']],
    ['a table', `it.each(rows)('refuses %s ${tag('O3')}', (row) => {});`, ['O3']],
    ['a condition', `describe.skipIf(noBroker)(\n  \`the broker ${tag('E3')}\`, () => {});`, ['E3']],
    ['a quote inside', `it('the customer\\'s cart ${tag('K1')}', () => {});`, ['K1']],
    ['no id', `it('adds', () => { expect(rows[0]).toBe('${tag('I3')}'); });`, []],
    ['a comment', `  // it('holds ${tag('I3')}', () => {});\n/* it('x ${tag('I4')}') */`, []],
    ['another bracket', `it('keeps [abc] and [1]', () => {});`, []],
  ])('reads %s', (_, source, ids) => {
    expect(testsWithIds(source).flatMap((test) => test.ids)).toEqual(ids);
  });
});
