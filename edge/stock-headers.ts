import type { StockReading } from './replica.ts';

/** How old the stock is that an answer shows, and its version. */
export function stockHeaders({ stock, ageMs, stale }: StockReading): Record<string, string> {
  const headers: Record<string, string> = {
    'x-stock-age-ms': String(ageMs),
    'x-stock-version': String(stock.version),
  };
  if (stale) headers['x-stock-stale'] = '1';
  return headers;
}
