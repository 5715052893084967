import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { EventData } from '../../../contracts/events/topic.ts';
import { lostLines, unitsIn } from '../../../domain/inventory/transfer.ts';
import type { Incoming, IncomingStatus, Outgoing, OutgoingStatus } from '../../../domain/inventory/transfer.ts';
import type { StoreId } from '../../../domain/shared/ids.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Hand } from '../ledger/stock-writer.ts';

type TransferEvent = 'sent' | 'called_back' | 'returned' | 'delivered' | 'expected' | 'received' | 'closed';

const AT_ORIGIN: Record<OutgoingStatus, TransferEvent> = {
  IN_TRANSIT: 'sent',
  CANCELLING: 'called_back',
  CANCELLED: 'returned',
  RECEIVED: 'delivered',
};
const AT_DESTINATION: Record<IncomingStatus, TransferEvent> = {
  EXPECTED: 'expected',
  RECEIVED: 'received',
  CLOSED: 'closed',
};

export function announceOutgoing(books: StoreBooks, transfer: Outgoing, hand: Hand): void {
  announce(books, AT_ORIGIN[transfer.status], transfer, transfer.toStoreId, hand);
}

export function announceIncoming(books: StoreBooks, transfer: Incoming, hand: Hand): void {
  announce(books, AT_DESTINATION[transfer.status], transfer, transfer.fromStoreId, hand);
}

function announce(
  { storeId, outbox }: StoreBooks,
  event: TransferEvent,
  transfer: Outgoing | Incoming,
  otherStoreId: StoreId,
  { atMs, traceparent }: Hand,
): void {
  const data: EventData<typeof STORE_EVENTS, 'transfer.sent'> = {
    transferId: transfer.transferId,
    otherStoreId,
    lines: transfer.lines.length,
    units: unitsIn(transfer.lines),
    lostUnits: unitsIn(lostLines(transfer)),
  };
  outbox.announce({
    topic: STORE_EVENTS,
    type: `transfer.${event}`,
    subject: storeId,
    key: storeId,
    atMs,
    traceparent,
    data,
  });
}
