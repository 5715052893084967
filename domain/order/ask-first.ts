import type { OpenCall, OrderState } from './order.ts';
import type { CallOutcome } from './outcome.ts';

/** What is known of the call on record; `failure` says what broke when it was made a moment ago, `null` when it was not. */
export type CallKnown =
  /** Put on record and not sent since. */
  | { readonly seen: 'not yet' }
  /** Sent, now or before a crash, and no answer came. */
  | { readonly seen: 'perhaps'; readonly failure: string | null }
  /** The other side was asked and has no record of it. */
  | { readonly seen: 'never'; readonly failure: string | null }
  /** The other side could not be asked, or the call was cut though it was asked about before. */
  | { readonly seen: 'no telling'; readonly failure: string };

/** `make` it, `ask` what became of it, or take this outcome and be done for now. */
export type CallMove = 'make' | 'ask' | Extract<CallOutcome, { readonly kind: 'never_seen' | 'unknown' }>;

/**
 * What to do about a call whose outcome is not on record: one that may have been made is asked about first, and made again only if
 * the other side has never seen it and it is still wanted. One that was made a moment ago may still be on its way there, so it is
 * made again after a wait.
 */
export function nextMove(known: CallKnown, isWanted: boolean): CallMove {
  switch (known.seen) {
    case 'not yet':
      return 'make';
    case 'perhaps':
      return 'ask';
    case 'never':
      if (!isWanted) return { kind: 'never_seen' };
      return known.failure === null ? 'make' : { kind: 'unknown', error: known.failure };
    case 'no telling':
      return { kind: 'unknown', error: known.failure };
  }
}

/** After a move that broke: a first call is asked about at once, anything else after a wait. */
export function afterFailure(known: CallKnown, failure: string): CallKnown {
  return known.seen === 'not yet' ? { seen: 'perhaps', failure } : { seen: 'no telling', failure };
}

/** After the other side said that it has no record of the call. */
export function afterNotFound(known: CallKnown): CallKnown {
  return { seen: 'never', failure: known.seen === 'perhaps' ? known.failure : null };
}

/** Whether a call that the other side has never seen is still wanted; else it is dropped and what it began is taken back. */
export function isStillWanted(state: OrderState, call: OpenCall): boolean {
  return state.status !== 'CANCELLED' || call.step === 'void' || call.step === 'refund';
}
