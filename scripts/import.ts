import { existsSync } from 'node:fs';
import { CatalogPage } from '../contracts/http/catalog.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { ApiProblem } from './client/api-problem.ts';
import { connectOperator } from './client/connection.ts';
import type { Operator } from './client/operator.ts';
import type { LineProblem } from './import/article.ts';
import { importInventory, type ImportReport } from './import/import-inventory.ts';
import { inspectFile, type FileFacts } from './import/inventory-file.ts';
import { IMPORT_HELP, parseImportOptions, type ImportOptions } from './import/options.ts';
import { UnreadableFile, type BadLine } from './import/read-batches.ts';
import { RejectsFile } from './import/rejects-file.ts';
import { gitCommit } from './shared/git-commit.ts';
import { ProgressBar } from './terminal/progress-bar.ts';

const SOME_LINES_BAD = 2;

async function main(): Promise<number> {
  const options = parseImportOptions(process.argv.slice(2));
  if (!options.ok) {
    console.error(options.error);
    return 1;
  }
  if (options.value === undefined) {
    console.log(IMPORT_HELP);
    return 0;
  }
  const outcome = await run(options.value);
  if (!outcome.ok) {
    console.error(outcome.error);
    if (options.value.json)
      console.log(JSON.stringify({ command: 'import', ok: false, error: outcome.error, git: await gitCommit() }));
    return 1;
  }
  const { facts, ...report } = outcome.value;
  if (options.value.json) {
    console.log(
      JSON.stringify({
        command: 'import',
        ok: report.bad === 0,
        dryRun: options.value.dryRun,
        ...report,
        ...facts,
        git: await gitCommit(),
      }),
    );
  } else {
    console.log(summary(report, facts, options.value.dryRun));
  }
  return report.bad === 0 ? 0 : SOME_LINES_BAD;
}

async function run(options: ImportOptions): Promise<Result<ImportReport & { readonly facts: FileFacts }, string>> {
  const { file, store, json } = options;
  if (!existsSync(file)) return err(`There is no file ${file}.`);
  const bar = new ProgressBar();
  const rejects = options.rejects === undefined ? undefined : new RejectsFile(options.rejects);
  try {
    const facts = await inspectFile(file);
    const connected = await connect(options);
    if (!connected.ok) return connected;
    const report = await importInventory({
      file,
      facts,
      storeId: store,
      ...connected.value,
      onBadLine: (bad, header) => {
        rejects?.add(bad, header);
        tellBadLine(bad, json, bar);
      },
      onWarning: (warning) => bar.note(`line ${warning.line}, ${warning.column}: ${warning.reason}`),
      onProgress: (done, doing) => bar.show(done, doing),
    });
    return ok({ ...report, facts });
  } catch (cause) {
    if (cause instanceof ApiProblem || cause instanceof UnreadableFile) return err(cause.message);
    throw cause;
  } finally {
    bar.end();
    rejects?.close();
  }
}

/** Who imports, and in which currency the store sells. A dry run that was told the currency needs nobody. */
async function connect(options: ImportOptions): Promise<Result<{ operator?: Operator; currency: string }, string>> {
  if (options.currency !== undefined) return ok({ currency: options.currency });
  const operator = connectOperator(options);
  if (!operator.ok) return operator;
  const path = `/api/v1/stores/${options.store}/catalog?limit=1`;
  const { currency } = await operator.value.call({ method: 'GET', path }, CatalogPage);
  return ok(options.dryRun ? { currency } : { operator: operator.value, currency });
}

function tellBadLine({ problems }: BadLine, json: boolean, bar: ProgressBar): void {
  for (const problem of problems) {
    if (json) console.log(JSON.stringify({ ...problem, ok: false }));
    else bar.note(sentence(problem));
  }
}

function sentence({ line, column, reason }: LineProblem): string {
  return column === '' ? `line ${line}: ${reason}` : `line ${line}, ${column}: ${reason}`;
}

function summary(report: ImportReport, { encoding }: FileFacts, dryRun: boolean): string {
  const {
    lines,
    bad,
    good,
    warnings,
    created,
    changed,
    unchanged,
    received,
    receivedBefore,
    ignoredColumns,
    catalogVersion,
  } = report;
  const read = `${lines} lines (${encoding}): ${good} good, ${bad} bad, ${warnings} with a warning.`;
  const ignored = ignoredColumns.length === 0 ? [] : [`Columns that nobody reads: ${ignoredColumns.join(', ')}.`];
  if (dryRun) return [read, ...ignored, 'Nothing was changed.'].join('\n');
  const published =
    catalogVersion === undefined ? 'Nothing to publish.' : `Published as catalog version ${catalogVersion}.`;
  return [
    read,
    ...ignored,
    `Articles: ${created} new, ${changed} changed, ${unchanged} as they were. ${published}`,
    `Units: ${received} received${receivedBefore > 0 ? `, ${receivedBefore} had been received from this file before` : ''}.`,
  ].join('\n');
}

process.exitCode = await main();
