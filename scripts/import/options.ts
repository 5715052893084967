import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CURRENCY_PATTERN } from '../../domain/shared/money.ts';
import { isId } from '../../domain/shared/ids.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { DEFAULT_STATE_FOLDER } from '../start/options.ts';

export const IMPORT_HELP = `npm run import -- <file.csv> --store <id> [options]

Brings an inventory file into a store: articles, prices and bins into its assortment, units into its ledger as
goods received. The file is one delivery: the same file again changes nothing, and a run that was cut is finished by
running it again. Bad lines are named and left out, the good ones go in; correct them in a file of their own.

Columns, in any order: sku, name, category ("Dairy > Milk"), price, quantity; and, if there, mrp, unit, size,
description, bin (A03-2-1), barcode, grams, brand, allergens ("milk; nuts", or "none"), temperatureZone (ambient,
chilled, frozen) and fragile (yes, no), both of which the category suggests otherwise. Amounts as 25.50. The layout of a marketplace export is understood as well: sku_id,
Category, name, mrp, discountedSellingPrice (both in paise), availableQuantity, weightInGms.
UTF-8, or Windows-1252 where the bytes are not UTF-8.

  --store ID            the store
  --dry-run             read and check the file, change nothing
  --rejects FILE        write the bad lines there, ready to be corrected
  --currency CODE       with --dry-run: amounts are in this currency, and no system has to run
  --state-dir PATH      state folder of the running system (${DEFAULT_STATE_FOLDER})
  --url URL             its API; the operator's key is then taken from KIRANA_OPERATOR_KEY
  --json                JSON lines on stdout: one a bad line, the last one the verdict
  --help                this text

Exits 0 when every line went in, 2 when some were bad, 1 when it could not run.`;

export interface ImportOptions {
  /** Absolute. */
  readonly file: string;
  readonly store: string;
  readonly dryRun: boolean;
  /** Absolute. */
  readonly rejects?: string;
  readonly currency?: string;
  readonly stateFolder: string;
  readonly url?: string;
  readonly json: boolean;
}

/** Reads the command line; undefined asks for help. The error is one sentence for a person. */
export function parseImportOptions(args: readonly string[]): Result<ImportOptions | undefined, string> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        store: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        rejects: { type: 'string' },
        currency: { type: 'string' },
        'state-dir': { type: 'string', default: DEFAULT_STATE_FOLDER },
        url: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
  const { values, positionals } = parsed;
  if (values.help) return ok(undefined);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return err('Name one file: npm run import -- inventory.csv --store <id>.');
  if (values.store === undefined || !isId('StoreId', values.store))
    return err('--store takes the id of a store, sto_ and 26 characters.');
  if (values.url !== undefined && !URL.canParse(values.url)) return err(`--url takes a URL, not "${values.url}".`);
  if (values.currency !== undefined && (!CURRENCY_PATTERN.test(values.currency) || !values['dry-run'])) {
    return err('--currency takes a code such as INR and goes with --dry-run: a store has its city’s currency.');
  }
  return ok({
    file: resolve(file),
    store: values.store,
    dryRun: values['dry-run'],
    ...(values.rejects === undefined ? {} : { rejects: resolve(values.rejects) }),
    ...(values.currency === undefined ? {} : { currency: values.currency }),
    stateFolder: resolve(values['state-dir']),
    ...(values.url === undefined ? {} : { url: values.url }),
    json: values.json,
  });
}
