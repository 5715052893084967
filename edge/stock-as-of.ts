import type { Context } from 'hono';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { LedgerPoint, StockThen } from '../contracts/rpc/store-stock.ts';
import type { Sku } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { askStore } from './store-call.ts';
import type { StaffEnv } from './store-call.ts';

/** Asks a store for the stock of a SKU, as often as it takes: each answer looks at a bounded part of its ledger. */
export async function stockAsOf<E extends StaffEnv>(
  c: Context<E>,
  storeId: string,
  sku: Sku,
  asOfMs: number | undefined,
): Promise<Result<StockThen, Refusal>> {
  let from: LedgerPoint | undefined;
  for (;;) {
    const question = {
      ask: 'AskStock',
      actor: c.var.actor,
      sku,
      ...(asOfMs !== undefined && { asOfMs }),
      ...(from !== undefined && { from }),
    } as const;
    // oxlint-disable-next-line no-await-in-loop -- each goes on where the one before left off
    const asked = await askStore(c, storeId, question);
    if (!asked.ok) return asked;
    if (asked.value === null) return err(refuse('NOT_FOUND', 'This store has never sold this SKU.'));
    if (!('goOnFrom' in asked.value)) return ok(asked.value);
    from = asked.value.goOnFrom;
  }
}
