import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECEIPT_LINES_MAX } from '../../contracts/http/admin.ts';
import { demoAssortment, openingStock } from '../../db/seed/assortment.ts';
import { DEMO_STORES } from '../../db/seed/network.ts';
import { layoutOfBins } from '../../domain/picking/layout.ts';
import { describeFloor, publishCatalog, publishNetwork, receiveStock } from '../client/admin.ts';
import type { Operator } from '../client/operator.ts';
import type { StateFolder } from './state-folder.ts';

/**
 * What the seed cannot write by itself: snapshots in KV, how the floors lie, and stock in the stores' ledgers; by way of the
 * admin API. Each step may be done again, so a start that was cut goes on here; the mark, kept beside the state it speaks of,
 * only saves time.
 */
export async function provision(state: StateFolder, operator: Operator, say: (line: string) => void): Promise<void> {
  const mark = join(state.worker, 'provisioned');
  if (existsSync(mark)) return;
  say('publishing the network');
  await publishNetwork(operator);
  await Promise.all(
    DEMO_STORES.map(async (store) => {
      const { id, city, name } = store;
      const { products } = await publishCatalog(operator, id);
      await describeFloor(operator, id, layoutOfBins(demoAssortment(store).map(({ bin }) => bin)));
      const stock = openingStock(id);
      for (let start = 0; start < stock.length; start += RECEIPT_LINES_MAX) {
        const lines = stock.slice(start, start + RECEIPT_LINES_MAX);
        await receiveStock(operator, id, {
          receiptId: `opening-stock:${start / RECEIPT_LINES_MAX}`,
          lines: [...lines],
        });
      }
      const units = stock.reduce((sum, { quantity }) => sum + quantity, 0);
      say(`${city.name} ${name}: ${products} products published, ${units} units received`);
    }),
  );
  writeFileSync(mark, '');
}
