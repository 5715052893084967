import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor, Command } from '../../contracts/actor.ts';
import type { ReceivedStock } from '../../contracts/rpc/store.ts';
import type { StoreCommand, StoreCommandName, StoreCommands } from '../../contracts/rpc/store-commands.ts';
import { toReceipt } from '../../domain/inventory/lot-receipt.ts';
import { asHoldId, asLotId, asOpId, asOrderId, asSku, asUserId } from '../../domain/shared/ids.ts';
import type { HoldId, LotId, OrderId, Sku } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import { handlerOf } from '../../durable/store/command-table.ts';
import { LOT_SELL_BY } from '../../durable/store/goods/lot-rows.ts';
import { receiveGoods } from '../../durable/store/goods/operator-commands.ts';
import type { StoreWorld } from './store-world.ts';

// What the floor does with goods, said shortly.

export const DAY_MS = 24 * 60 * 60 * 1000;
const OPERATOR: Actor = { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) };
let ops = 0;

export function operation(actor: Actor = OPERATOR): Command {
  ops += 1;
  return { v: RPC_VERSION, actor, opId: asOpId(`op-${String(ops).padStart(8, '0')}`) };
}
export function orderNo(n: number): OrderId {
  return asOrderId(`ord_${String(n).padStart(26, '0')}`);
}
export function holdNo(n: number): HoldId {
  return asHoldId(`hld_${String(n).padStart(26, '0')}`);
}

/** Goods of a lot, best before the end of day `day`. */
export function goods(sku: string, quantity: number, lot?: string, day?: number): ReceivedStock {
  return {
    sku: asSku(sku),
    quantity,
    ...(lot !== undefined && { lotId: asLotId(lot) }),
    ...(day !== undefined && { bestBeforeMs: day * DAY_MS }),
  };
}

export function receive(
  world: StoreWorld,
  lines: readonly ReceivedStock[],
  nowMs = 0,
): ReturnType<typeof receiveGoods> {
  const command = operation();
  const note = toReceipt(lines, { linesMax: 100, quantityMax: 1_000_000 });
  if (!note.ok) throw new Error(note.error.code);
  return receiveGoods(world.books, { ...command, receiptId: `GRN-${command.opId}`, lines }, note.value, nowMs);
}

/** A command with who and which filled in, as the object carries it out. */
export function execute<N extends StoreCommandName>(
  world: StoreWorld,
  command: { readonly [K in N]: Omit<StoreCommand<K>, keyof Command> }[N],
  nowMs = 0,
): Result<StoreCommands[N]['answer'], { readonly code: string; readonly numbers?: unknown }> {
  // `Omit` of a command and what it omits are the command again; the type checker cannot see that of a generic one.
  const full = { ...operation(), ...command } as unknown as StoreCommand<N>;
  const handler = handlerOf(full);
  const refused = handler.refuses(full);
  return refused === undefined ? handler.decide(world.books, full, nowMs) : { ok: false, error: refused };
}

/** Units on the shelf by lot, and how many of them are blocked: `6/2`. */
export function lotsOf(world: StoreWorld, sku: string): Record<string, string> {
  const rows = world.sql.all<{ lot_id: LotId; status: string; on_shelf: number; blocked: number }>(
    'SELECT lot_id, status, on_shelf, blocked FROM lots WHERE sku = ? ORDER BY lot_id',
    sku,
  );
  return Object.fromEntries(rows.map((row) => [row.lot_id, `${row.status} ${row.on_shelf}/${row.blocked}`]));
}

/** When the store's clock rings for its lots, if it does. */
export function lotDeadline({ sql }: StoreWorld): number | null {
  return (
    sql.all<{ due_at_ms: number }>('SELECT due_at_ms FROM deadlines WHERE kind = ?', LOT_SELL_BY)[0]?.due_at_ms ?? null
  );
}

export function levelIn({ books }: StoreWorld, sku: string) {
  const account = books.stock.accounts([asSku(sku)]).get(asSku(sku));
  if (account === undefined) throw new Error(`${sku} has no account`);
  return account.level;
}

/** Units that moved in the store, as an order's: `picked`, `restocked`. */
export function moveFor(
  world: StoreWorld,
  kind: 'picked' | 'restocked',
  { sku, quantity, orderId, atMs = 0 }: { sku: string; quantity: number; orderId: OrderId; atMs?: number },
): void {
  const { opId, actor } = operation();
  const units: { sku: Sku; quantity: number } = { sku: asSku(sku), quantity };
  world.books.stock.postTo([{ kind, ...units, opId, orderId }], { actor, atMs });
}
