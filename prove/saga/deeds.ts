import { refuse } from '../../contracts/problem.ts';
import { err } from '../../domain/shared/result.ts';
import type { Fate, Passage } from '../world/world.ts';

/**
 * A moment in the life of an order at which something can be cut: it has written (`write`), it is about to call somebody (`call`), what
 * it asked is done and the answer is not there yet (`answer`), or it is called (`told`).
 */
export interface Moment {
  readonly at: 'write' | 'call' | 'answer' | 'told';
  readonly what: string;
}

/** What is done to it there. */
const CRASHES = ['crash', 'outage'] as const;
const FAULTS = [
  'lost there',
  'lost back',
  'silent there',
  'silent back',
  'late',
  'refused',
  'callee dies before',
  'callee dies after',
] as const;
const VISITS = ['webhook', 'cancel'] as const;
export type Deed = (typeof CRASHES)[number] | (typeof FAULTS)[number] | (typeof VISITS)[number];

/** What may be done at a moment. */
export function deedsAt({ at }: Moment): readonly Deed[] {
  return at === 'call' ? FAULTS : at === 'write' ? [...CRASHES, ...VISITS] : CRASHES;
}

export const OUTAGE_MS = 11 * 60_000;
/** Longer than anybody waits for an answer. */
const LATE_MS = 20_000;

/** What a fault means for a message of the order. */
export function fateOf(deed: Deed, passage: Passage): Fate {
  switch (deed) {
    case 'lost there':
      return { lost: 'there' };
    case 'lost back':
      return { lost: 'back' };
    case 'silent there':
      return { lost: 'there, silent' };
    case 'silent back':
      return { lost: 'back, silent' };
    case 'late':
      return { delayMs: LATE_MS };
    case 'refused':
      return refused(passage);
    case 'callee dies before':
      return { kills: 'before' };
    case 'callee dies after':
      return { kills: 'after' };
    case 'crash':
    case 'outage':
    case 'webhook':
    case 'cancel':
      return {};
  }
}

const BUSY = err(refuse('STORE_BUSY', 'Too many ask this store at once; ask again in a moment.'));

/** What takes nothing now: a provider that answers 503, a store that is busy. Anything else does not get through. */
function refused({ to, method }: Passage): Fate {
  if (to.kind === 'psp' && method !== 'find') return { answer: { status: 503 } };
  const isHold = method === 'hold' || method === 'promote' || method === 'commit';
  return isHold ? { answer: BUSY } : { lost: 'there' };
}

/** What a saga that does not ask makes of an answer that did not come: that nothing was done. */
export function guessed(passage: Passage): unknown {
  const { to, method } = passage;
  if (method === 'find') return null;
  if (to.kind === 'psp') return { status: 200, answer: { outcome: 'declined', reason: 'no answer' } };
  const code = method === 'commit' ? 'HOLD_EXPIRED' : 'STORE_CLOSED';
  return to.kind === 'store' ? err(refuse(code, 'No answer.')) : { ok: true, value: null };
}
