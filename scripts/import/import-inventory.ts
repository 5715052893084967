import type { Operator } from '../client/operator.ts';
import { publishCatalog, putAssortment, receiveStock } from '../client/admin.ts';
import { ApiProblem } from '../client/api-problem.ts';
import type { LineProblem } from './article.ts';
import type { FileFacts } from './inventory-file.ts';
import { readBatches, type BadLine, type Batch } from './read-batches.ts';

export interface ImportInput {
  readonly file: string;
  readonly facts: FileFacts;
  readonly storeId: string;
  /** Of the store's city. */
  readonly currency: string;
  /** Absent: read and check only. */
  readonly operator?: Operator | undefined;
  readonly onBadLine?: (bad: BadLine, layoutNames: readonly string[]) => void;
  readonly onWarning?: (warning: LineProblem) => void;
  /** 0 to 1. */
  readonly onProgress?: (done: number, doing: string) => void;
}

export interface ImportReport {
  readonly lines: number;
  readonly good: number;
  readonly bad: number;
  readonly warnings: number;
  /** Headings that nobody read. */
  readonly ignoredColumns: readonly string[];
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Units that this run received, and units that an earlier run of the same file had. */
  readonly received: number;
  readonly receivedBefore: number;
  /** Absent when nothing had to be published. */
  readonly catalogVersion?: number;
}

/** Where the first pass, over the articles, ends and the second, over the stock, begins. */
const ARTICLES_SHARE = 0.6;
const RECEIPT_DIGEST_CHARACTERS = 32;

/**
 * The file goes in by two passes: first the articles, then, when the store knows them, the units. Each step may be done
 * again: an article that is there does not change, and the numbers of the goods-received notes come from the file's content.
 */
export async function importInventory(input: ImportInput): Promise<ImportReport> {
  const run = new ImportRun(input);
  await run.articles();
  if (input.operator !== undefined) await run.stock(input.operator);
  return run.report();
}

class ImportRun {
  readonly #input: ImportInput;
  readonly #refused = new Set<number>();
  readonly #counts = {
    lines: 0,
    bad: 0,
    warnings: 0,
    created: 0,
    changed: 0,
    unchanged: 0,
    received: 0,
    receivedBefore: 0,
  };
  #ignoredColumns: readonly string[] = [];
  #catalogVersion: number | undefined;

  constructor(input: ImportInput) {
    this.#input = input;
  }

  async articles(): Promise<void> {
    const { operator, onProgress, onWarning } = this.#input;
    const share = operator === undefined ? 1 : ARTICLES_SHARE;
    for await (const batch of this.#batches()) {
      this.#ignoredColumns = batch.layout.ignored;
      this.#counts.lines += batch.lines.length + batch.bad.length;
      this.#counts.warnings += batch.warnings.length;
      for (const warning of batch.warnings) onWarning?.(warning);
      for (const bad of batch.bad) this.#refuse(bad, batch);
      if (operator !== undefined && batch.lines.length > 0) await this.#put(operator, batch);
      onProgress?.(batch.done * share, `${this.#counts.lines} lines`);
    }
  }

  async stock(operator: Operator): Promise<void> {
    if (this.#counts.created + this.#counts.changed > 0) await this.#publish(operator);
    let received = 0;
    for await (const batch of this.#batches()) {
      received += await this.#receive(operator, batch);
      this.#input.onProgress?.(ARTICLES_SHARE + batch.done * (1 - ARTICLES_SHARE), `${received} units`);
    }
    // A run that was cut before its publishing left articles that look unchanged now.
    const cutBefore = this.#counts.received > 0 || this.#counts.receivedBefore === 0;
    if (cutBefore && this.#catalogVersion === undefined) await this.#publish(operator);
  }

  report(): ImportReport {
    const { lines, bad } = this.#counts;
    return {
      ...this.#counts,
      good: lines - bad,
      ignoredColumns: this.#ignoredColumns,
      ...(this.#catalogVersion === undefined ? {} : { catalogVersion: this.#catalogVersion }),
    };
  }

  #batches(): AsyncGenerator<Batch> {
    return readBatches(this.#input.file, this.#input.facts, this.#input.currency);
  }

  #refuse(bad: BadLine, batch: Batch): void {
    this.#counts.bad += 1;
    this.#refused.add(bad.line);
    this.#input.onBadLine?.(bad, batch.layout.names);
  }

  async #put(operator: Operator, batch: Batch): Promise<void> {
    const view = await putAssortment(
      operator,
      this.#input.storeId,
      batch.lines.map(({ row }) => row),
    );
    this.#counts.created += view.created;
    this.#counts.changed += view.changed;
    this.#counts.unchanged += view.unchanged;
    for (const { index, column, reason } of view.rejected) {
      const { line, fields } = batch.lines[index] ?? { line: 0, fields: undefined };
      this.#refuse({ line, fields, problems: [{ line, column, reason }] }, batch);
    }
  }

  async #publish(operator: Operator): Promise<void> {
    const { catalogVersion } = await publishCatalog(operator, this.#input.storeId);
    this.#catalogVersion = catalogVersion;
  }

  /** Returns the units of the batch, received now or before. */
  async #receive(operator: Operator, batch: Batch): Promise<number> {
    const lines = batch.lines
      .filter(({ line, quantity }) => quantity > 0 && !this.#refused.has(line))
      .map(({ row, quantity }) => ({ sku: row.sku, quantity }));
    if (lines.length === 0) return 0;
    const receiptId = `file:${this.#input.facts.digest.slice(0, RECEIPT_DIGEST_CHARACTERS)}:${batch.index}`;
    const answer = await this.#whenKnown(operator, () =>
      receiveStock(operator, this.#input.storeId, { receiptId, lines }),
    );
    if (answer.repeated) this.#counts.receivedBefore += answer.units;
    else this.#counts.received += answer.units;
    return answer.units;
  }

  /** A store that does not know an article yet is given the catalog first. */
  async #whenKnown<T>(operator: Operator, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const unknown = cause instanceof ApiProblem && cause.code === 'UNKNOWN_SKU' && this.#catalogVersion === undefined;
      if (!unknown) throw cause;
      await this.#publish(operator);
      return work();
    }
  }
}
