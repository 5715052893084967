import { RPC_VERSION } from '../../../contracts/actor.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type {
  CancelTransfer,
  CloseTransfer,
  ExpectTransfer,
  ReceiveTransfer,
  SendTransfer,
  SettleTransfer,
  TransferView,
} from '../../../contracts/rpc/store-transfers.ts';
import { applyMovement } from '../../../domain/inventory/ledger.ts';
import {
  cancelTransfer,
  closeTransfer,
  expectTransfer,
  receiveTransfer,
  sendTransfer,
  settleTransfer,
} from '../../../domain/inventory/transfer.ts';
import type { Incoming, Outgoing, TransferStep } from '../../../domain/inventory/transfer.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import type { OpId, StoreId, TransferId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { handOf, storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { unknownSkus } from '../store-refusals.ts';
import { because } from '../ledger/stock-writer.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { announceIncoming, announceOutgoing } from './transfer-announcements.ts';
import { basketOfTransfer } from './transfer-checks.ts';
import { moreThanSent, transferAtStep, transferIdReused, transferNotFound } from './transfer-refusals.ts';
import { incomingView, outgoingView } from './transfer-rows.ts';

// Each inside the transaction of its command: read, decide purely, write. The message to the other store is a row of the same
// commit, sent until it is answered; a message that comes again finds its work done.

/** Staff load the van. */
export function sendGoods(
  books: StoreBooks,
  command: SendTransfer,
  nowMs: number,
): Result<TransferView, Refusal<'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK' | 'TRANSFER_ID_REUSED' | 'INVALID_INPUT'>> {
  const { transferId, toStoreId } = command;
  if (toStoreId === books.storeId) return err(refuse('INVALID_INPUT', 'Goods are sent to another store.'));
  const lines = basketOfTransfer(command.lines);
  if (!lines.ok) return lines;
  const decided = sendTransfer(books.transfers.outgoing(transferId), { transferId, toStoreId, lines: lines.value });
  if (!decided.ok) return err(transferIdReused());
  const { transfer, changed } = decided.value;
  if (!changed) return ok(outgoingView(transfer));
  const short = refuseLoad(books, decided.value);
  if (short !== undefined) return err(short);
  const hand = handOf(command, nowMs);
  keepOutgoing(books, decided.value, command.opId, hand);
  const expect: ExpectTransfer = {
    ...message(books, transferId, books.storeId, 'expect', hand),
    do: 'ExpectTransfer',
    transferId,
    fromStoreId: books.storeId,
    lines: transfer.lines,
  };
  books.outbox.call({ to: 'store', id: toStoreId, method: 'execute', command: expect }, nowMs);
  return ok(outgoingView(transfer));
}

/** Staff want the goods back: what becomes of it comes later, from the destination. */
export function callBack(
  books: StoreBooks,
  command: CancelTransfer,
  nowMs: number,
): Result<TransferView, Refusal<'TRANSFER_NOT_FOUND' | 'TRANSFER_STATE'>> {
  const existing = books.transfers.outgoing(command.transferId);
  if (existing === undefined) return err(transferNotFound());
  const decided = cancelTransfer(existing);
  if (!decided.ok) return err(transferAtStep(decided.error));
  const { transfer, changed } = decided.value;
  if (!changed) return ok(outgoingView(transfer));
  const hand = handOf(command, nowMs);
  keepOutgoing(books, decided.value, command.opId, hand);
  const { transferId, toStoreId } = transfer;
  const close: CloseTransfer = {
    ...message(books, transferId, books.storeId, 'close', hand),
    do: 'CloseTransfer',
    transferId,
    fromStoreId: books.storeId,
  };
  books.outbox.call({ to: 'store', id: toStoreId, method: 'execute', command: close }, nowMs);
  return ok(outgoingView(transfer));
}

/** The origin says that a van is on its way. */
export function expectGoods(books: StoreBooks, command: ExpectTransfer, nowMs: number): Result<null, never> {
  const { transferId, fromStoreId, lines } = command;
  const known = books.transfers.incoming(fromStoreId, transferId);
  keepIncoming(books, expectTransfer(known, { transferId, fromStoreId, lines }), command.opId, handOf(command, nowMs));
  return ok(null);
}

/** Staff unload the van. */
export function receiveTransferred(
  books: StoreBooks,
  command: ReceiveTransfer,
  nowMs: number,
): Result<TransferView, Refusal<'TRANSFER_NOT_FOUND' | 'TRANSFER_STATE' | 'UNKNOWN_SKU' | 'INVALID_INPUT'>> {
  const existing = books.transfers.incoming(command.fromStoreId, command.transferId);
  if (existing === undefined) return err(transferNotFound());
  const lines = command.lines.length === 0 ? ok([]) : basketOfTransfer(command.lines);
  if (!lines.ok) return lines;
  const decided = receiveTransfer(existing, lines.value);
  if (!decided.ok) {
    const { error } = decided;
    return err(error.code === 'MORE_THAN_SENT' ? moreThanSent(error) : transferAtStep(error));
  }
  const { transfer, changed } = decided.value;
  if (!changed) return ok(incomingView(transfer));
  const skus = lines.value.map(({ sku }) => sku);
  const accounts = books.stock.accounts(skus);
  const unknown = skus.filter((sku) => !accounts.has(sku));
  if (unknown.length > 0) return err(unknownSkus(unknown));
  const hand = handOf(command, nowMs);
  keepIncoming(books, decided.value, command.opId, hand);
  tellOrigin(books, transfer, hand);
  return ok(incomingView(transfer));
}

/** The origin wants it back: whichever came first, staff here or this, stands. */
export function closeToGoods(books: StoreBooks, command: CloseTransfer, nowMs: number): Result<null, never> {
  const { transferId, fromStoreId } = command;
  const step = closeTransfer(books.transfers.incoming(fromStoreId, transferId), { transferId, fromStoreId });
  if (!step.changed) return ok(null);
  const hand = handOf(command, nowMs);
  keepIncoming(books, step, command.opId, hand);
  tellOrigin(books, step.transfer, hand);
  return ok(null);
}

/** The destination says how it ended. Any other store that says so is told that there is no such transfer. */
export function settleGoods(
  books: StoreBooks,
  command: SettleTransfer,
  nowMs: number,
): Result<null, Refusal<'TRANSFER_NOT_FOUND'>> {
  const { transferId, end, actor, opId } = command;
  const existing = books.transfers.outgoing(transferId);
  if (existing === undefined || actor.kind !== 'object' || actor.id !== existing.toStoreId) {
    return err(transferNotFound());
  }
  keepOutgoing(books, settleTransfer(existing, end), opId, handOf(command, nowMs));
  return ok(null);
}

/** Reads what the shelf has: a van takes only what nobody was promised. */
function refuseLoad(
  books: StoreBooks,
  { movements }: TransferStep<Outgoing>,
): Refusal<'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK'> | undefined {
  const accounts = books.stock.accounts(movements.map(({ sku }) => sku));
  const unknown = movements.filter(({ sku }) => !accounts.has(sku)).map(({ sku }) => sku);
  if (unknown.length > 0) return unknownSkus(unknown);
  const shortages = movements.flatMap((movement) => {
    const account = accounts.get(movement.sku);
    const after = account === undefined ? undefined : applyMovement(account.level, movement);
    if (after === undefined || after.ok) return [];
    return [{ sku: movement.sku, requested: movement.quantity, available: after.error.left }];
  });
  if (shortages.length === 0) return undefined;
  return refuse('INSUFFICIENT_STOCK', 'Send no more than is free on the shelf.', { shortages });
}

function keepOutgoing(books: StoreBooks, step: TransferStep<Outgoing>, opId: OpId, hand: Hand): void {
  if (!step.changed) return;
  const reason = `transfer ${step.transfer.transferId}`;
  books.stock.postTo(because(step.movements, { opId, reason }), hand);
  books.transfers.saveOutgoing(step.transfer, hand.atMs);
  announceOutgoing(books, step.transfer, hand);
}

function keepIncoming(books: StoreBooks, step: TransferStep<Incoming>, opId: OpId, hand: Hand): void {
  if (!step.changed) return;
  const reason = `transfer ${step.transfer.transferId}`;
  books.stock.postTo(because(step.movements, { opId, reason }), hand);
  books.transfers.saveIncoming(step.transfer, hand.atMs);
  announceIncoming(books, step.transfer, hand);
}

/** The destination's one word on the transfer, in the commit that makes it true. */
function tellOrigin(books: StoreBooks, transfer: Incoming, hand: Hand): void {
  const { transferId, fromStoreId } = transfer;
  const settle: SettleTransfer = {
    ...message(books, transferId, fromStoreId, 'settle', hand),
    do: 'SettleTransfer',
    transferId,
    end: transfer.status === 'RECEIVED' ? { outcome: 'RECEIVED', received: transfer.received } : { outcome: 'CLOSED' },
  };
  books.outbox.call({ to: 'store', id: fromStoreId, method: 'execute', command: settle }, hand.atMs);
}

/** Notes are numbered per sending store, so an operation is named by both. Each step is taken once. */
function message(
  books: StoreBooks,
  transferId: TransferId,
  fromStoreId: StoreId,
  step: 'expect' | 'close' | 'settle',
  { traceparent }: Hand,
) {
  return {
    v: RPC_VERSION,
    actor: storeActor(books.storeId),
    opId: asOpId(`transfer:${fromStoreId}:${transferId}:${step}`),
    ...(traceparent !== undefined && { traceparent }),
  };
}
