import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvParser, RECORD_CHARACTERS_MAX, type CsvItem } from './csv-parser.ts';

function parse(...pieces: string[]): CsvItem[] {
  const parser = new CsvParser();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

function records(text: string): (readonly string[])[] {
  return parse(text).map((item) => (item.kind === 'record' ? item.fields : [`broken: ${item.reason}`]));
}

describe('reads', () => {
  test.each([
    [
      'plain fields',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['no newline at the end', 'a,b', [['a', 'b']]],
    ['CRLF and CR', 'a\r\nb\rc\n', [['a'], ['b'], ['c']]],
    [
      'empty fields',
      ',\n,,x',
      [
        ['', ''],
        ['', '', 'x'],
      ],
    ],
    ['empty lines are skipped', '\n\na\n\r\n  \nb\n', [['a'], ['b']]],
    ['a quoted comma, newline and quote', '"a,b","c\nd","say ""hi"""', [['a,b', 'c\nd', 'say "hi"']]],
    ['a quoted empty field is a record', '""\n', [['']]],
    ['a quote in the middle of a bare field', '12" pan,x', [['12" pan', 'x']]],
  ])('%s', (_, text, expected) => {
    expect(records(text)).toEqual(expected);
  });

  test('names the line a record begins on, though earlier ones span lines', () => {
    expect(parse('h\n"two\nlines"\nx').map(({ line }) => line)).toEqual([1, 2, 4]);
  });
});

describe('says what it cannot read and reads on', () => {
  test('text after a closing quote', () => {
    expect(parse('"a"b,c\nd\n')).toEqual([
      { kind: 'broken', line: 1, reason: 'text follows a closing quote' },
      { kind: 'record', line: 2, fields: ['d'] },
    ]);
  });

  test('a quote that is never closed', () => {
    expect(parse('a\n"b\nc')).toEqual([
      { kind: 'record', line: 1, fields: ['a'] },
      { kind: 'broken', line: 2, reason: 'a quoted field is not closed' },
    ]);
  });

  test('a record without end stays within its bound', () => {
    const items = parse(`"${'x'.repeat(RECORD_CHARACTERS_MAX + 10)}`, '\n', 'good\n');
    expect(items.map(({ kind }) => kind)).toEqual(['broken', 'record']);
  });
});

test('whatever was written is read again, however the pieces are cut', () => {
  const field = fc.string({ maxLength: 8, unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      (rows, cut) => {
        const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        const pieces = Array.from({ length: Math.ceil(text.length / cut) }, (_, index) =>
          text.slice(index * cut, (index + 1) * cut),
        );
        const expected = rows.map((row) => row.map((value) => value.replaceAll('\r\n', '\n').replaceAll('\r', '\n')));
        expect(parse(...pieces).map((item) => (item.kind === 'record' ? item.fields : item.reason))).toEqual(expected);
      },
    ),
  );
});
