import type { LedgerAudit } from '../../../contracts/rpc/store.ts';
import { NO_STOCK } from '../../../domain/inventory/stock-level.ts';
import { differenceUnits } from '../../../domain/inventory/ledger.ts';
import type { Account } from '../../../domain/inventory/ledger.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import type { AuditRows } from './audit-rows.ts';
import { accountsIn, accountsOf } from './balance-rows.ts';
import type { SumRow } from './balance-rows.ts';
import { LEVEL_COLUMNS, toLevel } from './stock-columns.ts';
import type { LevelRow } from './stock-columns.ts';

export type StockAudit = Omit<LedgerAudit, 'unpublishedEvents' | 'quarantined'>;
/** The whole ledger added up, and when that was. */
export interface WholeAudit extends StockAudit {
  readonly auditedAtMs: number;
}

/** Between two sums of the whole ledger, each of which may take the store a second. */
export const WHOLE_AUDIT_EVERY_MS = 10 * 60 * 1000;
const NO_ACCOUNT: Account = { level: NO_STOCK, sequence: 0 };
const TOTALS = LEVEL_COLUMNS.map((column) => `coalesce(sum(${column}), 0) AS ${column}`).join(', ');

/** Holds every level against what the auditor has added up and what moved since: it reads a row a SKU and the movements of a minute. */
export function auditSinceSweep(sql: SqlPort, auditing: AuditRows): StockAudit {
  const { balances } = auditing;
  const rest = balances.rest();
  // A SKU that has moved since differs from its balance, or else its level has lost a movement.
  const doubtful = [...new Set([...auditing.wrongLevels(), ...rest].map(({ sku }) => sku))];
  const movements = rest.reduce((all, row) => all + row.movements, balances.movements());
  const discrepancies = differences(accountsIn(sql, 'stock', doubtful), balances.plus(rest, doubtful));
  return { ...totalsOf(sql), movements, discrepancies };
}

/** Adds up every movement that ever was, the folded ones too. It takes longer with every day that the store is open. */
export function auditWholeLedger(sql: SqlPort): StockAudit {
  const sums = sql.all<SumRow>(
    `SELECT sku, kind, sum(quantity) AS units, sum(movements) AS movements FROM (
      SELECT sku, kind, quantity, 1 AS movements FROM movements
      UNION ALL SELECT sku, kind, quantity, movements FROM ledger_days
    ) GROUP BY sku, kind`,
  );
  const movements = sums.reduce((all, row) => all + row.movements, 0);
  return { ...totalsOf(sql), movements, discrepancies: differences(accountsIn(sql, 'stock'), accountsOf(sums)) };
}

/** Adds up the whole ledger once in ten minutes, however often it is asked; until then the answer is the last one's. */
export class WholeAudits {
  readonly #sql: SqlPort;
  /** In memory only: an object that starts anew may be asked at once. */
  #last: WholeAudit | null = null;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  at(nowMs: number): WholeAudit {
    const last = this.#last;
    if (last !== null && nowMs < last.auditedAtMs + WHOLE_AUDIT_EVERY_MS) return last;
    this.#last = { ...auditWholeLedger(this.#sql), auditedAtMs: nowMs };
    return this.#last;
  }
}

function totalsOf(sql: SqlPort): Pick<StockAudit, 'skus' | 'totals'> {
  const { skus, ...totals } = one<LevelRow & { readonly skus: number }>(
    sql,
    `SELECT count(*) AS skus, ${TOTALS} FROM stock`,
  );
  return { skus, totals: toLevel(totals) };
}

/** Also of SKUs that have lost their level, or all of their movements. */
function differences(stored: ReadonlyMap<Sku, Account>, added: ReadonlyMap<Sku, Account>): StockAudit['discrepancies'] {
  return [...new Set([...stored.keys(), ...added.keys()])].flatMap((sku) => {
    const [is, must] = [stored.get(sku) ?? NO_ACCOUNT, added.get(sku) ?? NO_ACCOUNT];
    const gapUnits = Math.max(differenceUnits(is.level, must.level), Math.abs(is.sequence - must.sequence));
    return gapUnits === 0 ? [] : [{ sku, gapUnits }];
  });
}
