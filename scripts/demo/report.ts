import { DEMO_STORES } from '../../db/seed/network.ts';
import { table } from '../terminal/table.ts';
import { STUCK_ORDER_ADVICE } from './stuck-order-advice.ts';
import type { Closing } from './close-books.ts';
import type { OrderOutcome } from './customer.ts';
import { conservationLine } from './ledger.ts';
import type { Verdict } from './verdict.ts';

/** Rows that a person reads; the rest is in the database. */
const ROWS_SHOWN = 3;

/** What a person wants to know at the end. */
export function report(verdict: Verdict, closing: Closing, outcomes: readonly OrderOutcome[]): string {
  return [
    '',
    ...rowLines(closing),
    ...ledgerLines(closing),
    ...failureLines(outcomes, closing),
    ...verdictLines(verdict),
  ].join('\n');
}

function rowLines({ rows }: Closing): string[] {
  const cells = rows
    .slice(0, ROWS_SHOWN)
    .map(({ number, status, placedAt, final, total }) => [
      number,
      status,
      `placed ${placedAt.slice(11, 19)} UTC`,
      money(final ?? total),
    ]);
  const more = rows.length > ROWS_SHOWN ? [`  and ${rows.length - ROWS_SHOWN} more rows`] : [];
  return ['Read model of the orders, from Postgres:', cells.length === 0 ? '  no rows' : table(cells), ...more, ''];
}

function ledgerLines({ books }: Closing): string[] {
  return [...books].flatMap(([storeId, { audit, copy }]) => [
    `Ledger of ${nameOf(storeId)}: ${audit.movements} movements of ${audit.skus} SKUs, ${copy.movements} of them in Postgres`,
    `  ${conservationLine(audit.totals)}`,
    '',
  ]);
}

function failureLines(outcomes: readonly OrderOutcome[], { troubles }: Closing): string[] {
  const failed = outcomes.flatMap(({ number, order, trouble }) => {
    if (trouble === null) return [];
    const which = order === null ? `Order ${number} was never placed` : `Order ${order.number} (${order.id})`;
    const look = order === null ? '' : `\n  Look here: ${STUCK_ORDER_ADVICE[order.status]}.`;
    return [`${which}: ${trouble}.${look}`];
  });
  const all = [...failed, ...troubles];
  return all.length === 0 ? [] : [...all, ''];
}

function verdictLines({ ok, orders, delivered, oversold, lost_events, p50_ms, p99_ms }: Verdict): string[] {
  const times = p50_ms === null ? '' : `; POST orders p50 ${p50_ms} ms, p99 ${p99_ms} ms`;
  return [
    `${delivered} of ${orders} delivered, ${oversold} oversold, ${lost_events} lost events${times}.`,
    ok ? 'Everything ended as it should.' : 'It did NOT end as it should.',
  ];
}

function nameOf(storeId: string): string {
  const store = DEMO_STORES.find(({ id }) => id === storeId);
  return store === undefined ? storeId : `${store.city.name} ${store.name}`;
}

function money({ amount, currency }: { readonly amount: number; readonly currency: string }): string {
  return `${currency} ${(amount / 100).toFixed(2)}`;
}
