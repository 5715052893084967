import { AUDIT_SWEEP, sweepLedger } from './ledger/auditor.ts';
import { lookAtService, SERVICE_LOOK } from './capacity/service-watch.ts';
import { LINE_LOOK, lookAtWaiting } from './capacity/waiting-watch.ts';
import { serveShift, SHIFT_LOOK } from './capacity/shift-watch.ts';
import { CLAIM_LAPSE, requeueLapsed } from './floor/claims.ts';
import { DEVICE_SILENCE } from './floor/device-rows.ts';
import { HOLD_EXPIRY, serveExpiry } from './holds/hold-expiry.ts';
import { closePastSellBy } from './goods/lot-closing.ts';
import { LOT_SELL_BY } from './goods/lot-rows.ts';
import { lapseUnanswered, SUBSTITUTION_LAPSE } from './substitution/lapse.ts';
import type { StoreBooks } from './store-books.ts';

/** What the store's own clock does, by the kind of deadline: each safe to ask early, late and twice. */
const SERVES: { readonly [kind: string]: (books: StoreBooks, ref: string, nowMs: number) => void } = {
  [AUDIT_SWEEP]: (books, _ref, nowMs) => {
    sweepLedger(books, nowMs);
  },
  [HOLD_EXPIRY]: (books, _ref, nowMs) => {
    serveExpiry(books, nowMs);
  },
  [LOT_SELL_BY]: (books, _ref, nowMs) => {
    closePastSellBy(books, nowMs);
  },
  [SERVICE_LOOK]: (books, _ref, nowMs) => {
    lookAtService(books, nowMs);
  },
  [LINE_LOOK]: (books, _ref, nowMs) => {
    lookAtWaiting(books, nowMs);
  },
  [SHIFT_LOOK]: (books, ref, nowMs) => {
    serveShift(books, ref, nowMs);
  },
  [CLAIM_LAPSE]: (books, _ref, nowMs) => {
    requeueLapsed(books, nowMs);
  },
  [SUBSTITUTION_LAPSE]: (books, _ref, nowMs) => {
    lapseUnanswered(books, nowMs);
  },
  [DEVICE_SILENCE]: ({ devices }, _ref, nowMs) => {
    devices.forgetSilent(nowMs);
  },
};

/** Inside a transaction. A kind that nobody knows any more is from another version: there is nothing to do. */
export function serveDeadline(
  books: StoreBooks,
  { kind, ref }: { readonly kind: string; readonly ref: string },
  nowMs: number,
): void {
  SERVES[kind]?.(books, ref, nowMs);
}
