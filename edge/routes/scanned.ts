import { Hono } from 'hono';
import { ScanBody, ScannedView, ScanParams, StockLeftView } from '../../contracts/http/stock.ts';
import type { Command } from '../../contracts/actor.ts';
import type { StoreCommand } from '../../contracts/rpc/store-commands.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { stockWrite } from '../stock-write.ts';
import { askStore, RETRY_KEY_HEADER, signedBy, tellStore } from '../store-call.ts';
import { body, params } from '../validate.ts';

const access = ['staff', 'operator'] as const;
const tag = 'Floor';

/** Stock by whatever a scanner sends: EAN, UPC, ITF-14, a scale label, a multi-pack, GS1 elements. */
export const scanned = new Hono<AppEnv>()
  .get(
    '/stores/:storeId/scanned/:barcode',
    endpoint({
      access,
      tag,
      summary: 'What a scanned code is, where it lies and how it is in stock',
      description:
        'The code as the scanner sent it, escaped as addresses are. Also of goods that may not be sold any more.',
      answers: { 200: ScannedView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNREADABLE_BARCODE', 'UNKNOWN_BARCODE', 'UNAVAILABLE'],
    }),
    params(ScanParams),
    async (c) => {
      const { storeId, barcode } = c.req.valid('param');
      const asked = await askStore(c, storeId, { ask: 'AskScanned', actor: c.var.actor, barcode });
      if (!asked.ok) return problem(c, asked.error);
      if (!asked.value.ok) return problem(c, asked.value.error);
      const { items, ...printed } = asked.value.value;
      return c.json({ items: [...items], ...printed }, 200);
    },
  )
  .post(
    '/stores/:storeId/scanned/:barcode',
    endpoint({
      access,
      tag,
      summary: 'Change the stock of what was scanned',
      description:
        'As by SKU, with the code in its place. `quantity` counts scanned packs, and a lot that the code names is the one that is meant. What is past its day may be set apart and written off, and never comes up for sale.',
      answers: { 200: StockLeftView },
      refuses: [
        'INVALID_INPUT',
        'NOT_FOUND',
        'UNREADABLE_BARCODE',
        'UNKNOWN_BARCODE',
        'AMBIGUOUS_BARCODE',
        'LOT_EXPIRED',
        'UNKNOWN_LOT',
        'LOT_CLOSED',
        'STOCK_CHANGED',
        'INSUFFICIENT_STOCK',
        'OP_ID_REUSED',
        'UNAVAILABLE',
      ],
      headers: RETRY_KEY_HEADER,
    }),
    params(ScanParams),
    body(ScanBody),
    async (c) => {
      const { storeId, barcode } = c.req.valid('param');
      const told = await tellStore(c, storeId, scanCommand({ ...signedBy(c), barcode }, c.req.valid('json')));
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  );

function scanCommand(
  by: Command & { readonly barcode: string },
  asked: ScanBody,
): StoreCommand<'AdjustStock' | 'WriteOffStock' | 'BlockStock' | 'UnblockStock'> {
  switch (asked.do) {
    case 'adjust':
      return { ...stockWrite(asked), ...by, do: 'AdjustStock' };
    case 'write-off':
      return { ...stockWrite(asked), from: asked.from ?? 'available', ...by, do: 'WriteOffStock' };
    case 'block':
      return { ...stockWrite(asked), ...by, do: 'BlockStock' };
    case 'unblock':
      return { ...stockWrite(asked), ...by, do: 'UnblockStock' };
  }
}
