import { STOCK_MOVEMENTS } from '../../contracts/events/stock.ts';
import { brokenLedger } from './ledger-kept.ts';
import { brokenPromises, brokenTransfers } from './promises-kept.ts';
import type { Stage } from './stage.ts';

/** What is wrong with the books of both stores, each in one sentence; nothing while stock is conserved. */
export async function brokenRules(stage: Stage): Promise<string[]> {
  stage.heard.hear(stage.platform.log.get(STOCK_MOVEMENTS.name) ?? []);
  const found: string[] = [];
  for (const store of [0, 1] as const) {
    // oxlint-disable-next-line no-await-in-loop -- store by store
    for (const what of await brokenLedger(stage, store)) found.push(`store ${store + 1}: ${what}`);
  }
  return [...found, ...(await brokenPromises(stage)), ...brokenTransfers(stage)];
}
