import { CatalogPage } from '../../contracts/http/catalog.ts';
import { importInventory, type ImportReport } from '../import/import-inventory.ts';
import { inspectFile } from '../import/inventory-file.ts';
import type { DemoSystem } from './system.ts';

/** Brings the inventory file into the store, as `npm run import` does. */
export async function importInto(
  { operator }: DemoSystem,
  storeId: string,
  file: string,
  onProgress: (done: number, doing: string) => void,
): Promise<ImportReport> {
  const facts = await inspectFile(file);
  const path = `/api/v1/stores/${storeId}/catalog?limit=1`;
  const { currency } = await operator.call({ method: 'GET', path }, CatalogPage);
  return importInventory({ file, facts, storeId, currency, operator, onProgress });
}
