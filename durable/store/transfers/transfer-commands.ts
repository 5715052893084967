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
import { TRANSFER_LOTS_MAX } from '../../../contracts/rpc/store-transfers.ts';
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
import { loadedLots } from '../../../domain/inventory/transfer-lots.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import type { OpId, StoreId, TransferId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { shelvesOf, withholdClosed } from '../goods/lot-closing.ts';
import { handOf, storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { unknownSkus } from '../store-refusals.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { moveGoods } from './transfer-goods.ts';
import { announceIncoming, announceOutgoing } from './transfer-announcements.ts';
import { basketOfTransfer } from './transfer-checks.ts';
import { moreThanSent, tooManyLots, transferAtStep, transferIdReused, transferNotFound } from './transfer-refusals.ts';
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
  const existing = books.transfers.outgoing(transferId);
  const lots = existing?.lots ?? lotsToLoad(books, lines.value, nowMs);
  const decided = sendTransfer(existing, { transferId, toStoreId, lines: lines.value, lots });
  if (!decided.ok) return err(transferIdReused());
  const { transfer, changed } = decided.value;
  if (!changed) return ok(outgoingView(transfer));
  const short = refuseLoad(books, transfer);
  if (short !== undefined) return err(short);
  const hand = handOf(command, nowMs);
  keepOutgoing(books, decided.value, command.opId, hand);
  const expect: ExpectTransfer = {
    ...message(books, transferId, books.storeId, 'expect', hand),
    do: 'ExpectTransfer',
    transferId,
    fromStoreId: books.storeId,
    lines: transfer.lines,
    lots: transfer.lots,
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
  const { transferId, fromStoreId, lines, lots = [] } = command;
  const known = books.transfers.incoming(fromStoreId, transferId);
  keepIncoming(
    books,
    expectTransfer(known, { transferId, fromStoreId, lines, lots }),
    command.opId,
    handOf(command, nowMs),
  );
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

/** Which lots the van takes. What is past its sell-by goes to no other shelf, though the clock be late. */
function lotsToLoad(books: StoreBooks, lines: Outgoing['lines'], nowMs: number): Outgoing['lots'] {
  const skus = lines.map(({ sku }) => sku);
  withholdClosed(books, skus, nowMs);
  return loadedLots(lines, shelvesOf(books, skus));
}

/** Reads what the shelf has: a van takes only what nobody was promised. */
function refuseLoad(
  books: StoreBooks,
  { lines, lots }: Outgoing,
): Refusal<'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK' | 'INVALID_INPUT'> | undefined {
  const accounts = books.stock.accounts(lines.map(({ sku }) => sku));
  const unknown = lines.filter(({ sku }) => !accounts.has(sku)).map(({ sku }) => sku);
  if (unknown.length > 0) return unknownSkus(unknown);
  if (lots.length > TRANSFER_LOTS_MAX) return tooManyLots(lots.length);
  const shortages = lines.flatMap(({ sku, quantity }) => {
    const account = accounts.get(sku);
    const after =
      account === undefined ? undefined : applyMovement(account.level, { kind: 'transferred_out', sku, quantity });
    if (after === undefined || after.ok) return [];
    return [{ sku, requested: quantity, available: after.error.left }];
  });
  if (shortages.length === 0) return undefined;
  return refuse('INSUFFICIENT_STOCK', 'Send no more than is free on the shelf.', { shortages });
}

function keepOutgoing(books: StoreBooks, step: TransferStep<Outgoing>, opId: OpId, hand: Hand): void {
  if (!step.changed) return;
  moveGoods(books, step, opId, hand);
  books.transfers.saveOutgoing(step.transfer, hand.atMs);
  announceOutgoing(books, step.transfer, hand);
}

function keepIncoming(books: StoreBooks, step: TransferStep<Incoming>, opId: OpId, hand: Hand): void {
  if (!step.changed) return;
  moveGoods(books, step, opId, hand);
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
