import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type {
  IncomingStatus,
  MoreThanSent,
  OutgoingStatus,
  TransferAtStep,
} from '../../../domain/inventory/transfer.ts';
import { TRANSFER_LOTS_MAX } from '../../../contracts/rpc/store-transfers.ts';

const AT_STEP: Record<OutgoingStatus | IncomingStatus, string> = {
  IN_TRANSIT: 'is on its way',
  CANCELLING: 'is being called back',
  CANCELLED: 'was called back',
  EXPECTED: 'is on its way here',
  CLOSED: 'was called back by the store that sent it',
  RECEIVED: 'was received',
};

export function transferNotFound(): Refusal<'TRANSFER_NOT_FOUND'> {
  return refuse(
    'TRANSFER_NOT_FOUND',
    'This store knows no such transfer; check its number and the store it comes from.',
  );
}

export function transferAtStep({ status }: TransferAtStep): Refusal<'TRANSFER_STATE'> {
  return refuse('TRANSFER_STATE', `The transfer ${AT_STEP[status]}.`, { status });
}

export function transferIdReused(): Refusal<'TRANSFER_ID_REUSED'> {
  return refuse('TRANSFER_ID_REUSED', 'This number was used for other goods or another store; take the next one.');
}

export function moreThanSent({ line, sentUnits }: MoreThanSent): Refusal<'INVALID_INPUT'> {
  return refuse('INVALID_INPUT', 'Receive no more than was sent; adjust the stock for what was not on the note.', {
    sku: line.sku,
    quantity: line.quantity,
    sent: sentUnits,
  });
}

export function tooManyLots(lots: number): Refusal<'INVALID_INPUT'> {
  return refuse('INVALID_INPUT', 'Send goods of so many lots on two notes.', { lots, most: TRANSFER_LOTS_MAX });
}
