import { ASSORTMENT_ROWS_MAX } from '../../contracts/http/admin.ts';
import { minorDigits } from './amount.ts';
import { readArticle, type Article, type ArticleContext, type LineProblem } from './article.ts';
import { readHeader, type Layout } from './columns.ts';
import type { CsvItem, CsvRecord } from './csv-parser.ts';
import { readRecords, type FileFacts } from './inventory-file.ts';

/** An article and the line it came from. */
export interface ReadLine extends Article {
  readonly line: number;
  readonly fields: readonly string[];
}
export interface BadLine {
  readonly line: number;
  /** Undefined where not even the fields could be told apart. */
  readonly fields: readonly string[] | undefined;
  readonly problems: readonly LineProblem[];
}
export interface Batch {
  /** From 0; the same file always gives the same batches. */
  readonly index: number;
  readonly lines: readonly ReadLine[];
  readonly bad: readonly BadLine[];
  readonly warnings: readonly LineProblem[];
  readonly layout: Layout;
  /** Part of the file that has been read, 0 to 1. */
  readonly done: number;
}

/** The file cannot be read as an inventory at all; `message` is one sentence for a person. */
export class UnreadableFile extends Error {}

/**
 * Reads the file batch by batch. In memory are one batch and the SKUs seen so far, which a second line may not
 * repeat: about 60 bytes an article.
 */
export async function* readBatches(path: string, facts: FileFacts, currency: string): AsyncGenerator<Batch> {
  const digits = minorDigits(currency);
  const linesOfSkus = new Map<string, number>();
  let layout: Layout | undefined;
  let batch = emptyBatch();
  let index = 0;
  for await (const { item, bytesRead } of readRecords(path, facts.encoding)) {
    if (layout === undefined) {
      layout = layoutOf(item);
      continue;
    }
    if (item.kind === 'broken') {
      batch.bad.push({
        line: item.line,
        fields: undefined,
        problems: [{ line: item.line, column: '', reason: item.reason }],
      });
    } else {
      take(batch, item, { layout, currency, digits }, linesOfSkus);
    }
    if (batch.lines.length < ASSORTMENT_ROWS_MAX && batch.bad.length < BAD_LINES_MAX) continue;
    yield { ...batch, index, layout, done: bytesRead / facts.bytes };
    batch = emptyBatch();
    index += 1;
  }
  if (layout === undefined) throw new UnreadableFile('The file is empty.');
  yield { ...batch, index, layout, done: 1 };
}

/** A file of nothing but bad lines is told of piece by piece, too. */
const BAD_LINES_MAX = 5_000;

interface OpenBatch {
  readonly lines: ReadLine[];
  readonly bad: BadLine[];
  readonly warnings: LineProblem[];
}

function emptyBatch(): OpenBatch {
  return { lines: [], bad: [], warnings: [] };
}

function layoutOf(item: CsvItem): Layout {
  if (item.kind === 'broken') throw new UnreadableFile(`The header cannot be read: ${item.reason}.`);
  const layout = readHeader(item.fields);
  if (!layout.ok) throw new UnreadableFile(layout.error);
  return layout.value;
}

function take(
  batch: OpenBatch,
  { line, fields }: CsvRecord,
  context: ArticleContext,
  linesOfSkus: Map<string, number>,
): void {
  const read = readArticle(line, fields, context);
  if (!read.ok) {
    batch.bad.push({ line, fields, problems: read.problems });
    return;
  }
  const { sku } = read.article.row;
  const before = linesOfSkus.get(sku);
  if (before !== undefined) {
    const column = context.layout.names[context.layout.fields.get('sku') ?? 0] ?? 'sku';
    batch.bad.push({ line, fields, problems: [{ line, column, reason: `"${sku}" is on line ${before} already` }] });
    return;
  }
  linesOfSkus.set(sku, line);
  batch.lines.push({ line, fields, ...read.article });
  batch.warnings.push(...read.warnings);
}
