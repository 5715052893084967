import { ApiProblem } from '../../scripts/client/api-problem.ts';
import type { Cast } from './cast.ts';
import type { ClientLedger } from './client-ledger.ts';
import { ANSWERS, requestOf, type Operation } from './operation.ts';

/** `unknown`: whether it was done nobody can say, or it could not be done yet; it is to be asked for again. */
export type Outcome = 'done' | 'refused' | 'unknown';

/** Where a client writes down what it asked for and what it was told. */
export type Books = Pick<ClientLedger, 'sent' | 'unanswered' | 'answered'>;

/** Asks once and keeps the books. */
export async function ask(operation: Operation, cast: Cast, books: Books): Promise<Outcome> {
  books.sent(operation);
  try {
    const body = await cast.clients(operation.asker).call(requestOf(operation), ANSWERS[operation.do]);
    books.answered(operation, { ok: true, body });
    return 'done';
  } catch (cause) {
    if (!(cause instanceof ApiProblem)) throw cause;
    if (!decides(operation, cause)) {
      books.unanswered(operation, cause.code);
      return 'unknown';
    }
    books.answered(operation, { ok: false, code: cause.code });
    return 'refused';
  }
}

function decides(operation: Operation, { status, code }: ApiProblem): boolean {
  if (status === 0 || status === 429 || status >= 500) return false;
  // The origin's word about the van comes later than the van.
  return !(operation.do === 'unload' && code === 'TRANSFER_NOT_FOUND');
}
