import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectFile } from './inventory-file.ts';
import { readBatches, UnreadableFile, type Batch } from './read-batches.ts';
import { RejectsFile } from './rejects-file.ts';

const FIXTURE = join(import.meta.dirname, '../../test/fixtures/marketplace-inventory.csv');
const HEADER = 'sku,name,category,price,quantity\n';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kirana-import-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(content: string | Uint8Array): string {
  const path = join(folder, 'inventory.csv');
  writeFileSync(path, content);
  return path;
}

async function read(path: string): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of readBatches(path, await inspectFile(path), 'INR')) batches.push(batch);
  return batches;
}

describe('the encoding is decided on the bytes', () => {
  test('a Windows-1252 export is read as what it says', async () => {
    expect(await inspectFile(FIXTURE)).toMatchObject({ encoding: 'windows-1252' });
    const [batch] = await read(FIXTURE);
    const names = batch?.lines.map(({ row }) => row.name) ?? [];
    expect(names).toHaveLength(40);
    expect(names).toEqual(
      expect.arrayContaining(['Baker’s Rusk', 'Crème Fraîche', 'Café Truffles', '"Party" Mix, Large', 'Tomato']),
    );
    expect(batch?.bad).toEqual([]);
    expect(batch?.warnings).toHaveLength(1);
    expect(batch?.lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(116);
  });

  test('UTF-8 with a byte order mark, cut anywhere', async () => {
    const filler = Array.from({ length: 3_000 }, (_, index) => `f${index},ñandú ${index} €,Food,1,1`).join('\r\n');
    const path = write(`\u{FEFF}${HEADER}é,x,y,1,1\r\n${filler}\r\n`);
    const batches = await read(path);
    expect(await inspectFile(path)).toMatchObject({ encoding: 'utf-8' });
    expect(batches.flatMap(({ lines }) => lines).every(({ row }) => /^ñandú \d+ €$/.test(row.name))).toBe(true);
    expect(batches.flatMap(({ bad }) => bad)).toHaveLength(1);
  });
});

describe('batches', () => {
  test('hold 500 articles and are cut at the same places each time', async () => {
    const path = write(HEADER + Array.from({ length: 1_201 }, (_, index) => `s${index},Tea,Tea,1,1\n`).join(''));
    const [first, second] = [await read(path), await read(path)];
    expect(first.map(({ index, lines }) => [index, lines.length])).toEqual([
      [0, 500],
      [1, 500],
      [2, 201],
    ]);
    expect(second).toEqual(first);
  });

  test('name a SKU that comes twice, and the good lines are in', async () => {
    const [batch] = await read(write(`${HEADER}a,Tea,Tea,1,1\nb,Tea,Tea,1,1\na,Milk,Milk,2,2\n`));
    expect(batch?.lines.map(({ row }) => row.sku)).toEqual(['a', 'b']);
    expect(batch?.bad).toEqual([
      {
        line: 4,
        fields: ['a', 'Milk', 'Milk', '2', '2'],
        problems: [{ line: 4, column: 'sku', reason: '"a" is on line 2 already' }],
      },
    ]);
  });

  test('name lines that cannot be told apart, and go on', async () => {
    const [batch] = await read(write(`${HEADER}"a"x,Tea,Tea,1,1\nb,Tea,Tea,1,1\n`));
    expect(batch?.bad).toEqual([
      { line: 2, fields: undefined, problems: [{ line: 2, column: '', reason: 'text follows a closing quote' }] },
    ]);
    expect(batch?.lines).toHaveLength(1);
  });
});

test.each([
  ['nothing at all', '', 'The file is empty.'],
  [
    'something else',
    'id;title\n1;x\n',
    'The header has no column for sku, name, category, price, quantity; it reads: id;title',
  ],
])('a file of %s cannot be read', async (_, content, message) => {
  await expect(read(write(content))).rejects.toThrow(new UnreadableFile(message));
});

test('rejected lines can be imported once they are corrected', async () => {
  const [batch] = await read(write(`${HEADER}a,"Tea, ""fine""",Tea,x,1\n`));
  const path = join(folder, 'rejects.csv');
  const rejects = new RejectsFile(path);
  for (const bad of batch?.bad ?? []) rejects.add(bad, batch?.layout.names ?? []);
  rejects.close();
  expect(readFileSync(path, 'utf8')).toBe(`${HEADER}a,"Tea, ""fine""",Tea,x,1\n`);
});
