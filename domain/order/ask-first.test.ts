import { describe, expect, test } from 'vitest';
import { OrderLife } from '../../test/support/order-life.ts';
import { asOpId } from '../shared/ids.ts';
import { afterFailure, afterNotFound, isStillWanted, nextMove } from './ask-first.ts';
import type { CallKnown, CallMove } from './ask-first.ts';
import type { CallStep, OpenCall } from './order.ts';

const AWAY = 'network connection lost';
const UNKNOWN: CallMove = { kind: 'unknown', error: AWAY };
const NEVER_SEEN: CallMove = { kind: 'never_seen' };

describe('a call on record', () => {
  test.each<[CallKnown, CallMove, CallMove]>([
    // known, the move while it is wanted, the move when nobody wants it any more
    [{ seen: 'not yet' }, 'make', 'make'],
    [{ seen: 'perhaps', failure: null }, 'ask', 'ask'],
    [{ seen: 'perhaps', failure: AWAY }, 'ask', 'ask'],
    [{ seen: 'never', failure: null }, 'make', NEVER_SEEN],
    [{ seen: 'never', failure: AWAY }, UNKNOWN, NEVER_SEEN],
    [{ seen: 'no telling', failure: AWAY }, UNKNOWN, UNKNOWN],
  ])('%j: %j, and unwanted %j [O10]', (known, wanted, unwanted) => {
    expect(nextMove(known, true)).toEqual(wanted);
    expect(nextMove(known, false)).toEqual(unwanted);
  });

  test.each<[CallKnown, CallKnown, CallKnown]>([
    // known, after a failure, after "not found"
    [{ seen: 'not yet' }, { seen: 'perhaps', failure: AWAY }, { seen: 'never', failure: null }],
    [
      { seen: 'perhaps', failure: 'cut' },
      { seen: 'no telling', failure: AWAY },
      { seen: 'never', failure: 'cut' },
    ],
    [
      { seen: 'perhaps', failure: null },
      { seen: 'no telling', failure: AWAY },
      { seen: 'never', failure: null },
    ],
    [
      { seen: 'never', failure: null },
      { seen: 'no telling', failure: AWAY },
      { seen: 'never', failure: null },
    ],
  ])('%j: when a move fails %j, when it is not found %j', (known, failed, notFound) => {
    expect(afterFailure(known, AWAY)).toEqual(failed);
    expect(afterNotFound(known)).toEqual(notFound);
  });

  test('is unwanted once the order is cancelled, unless it takes money back', () => {
    const life = new OrderLife();
    expect(isStillWanted(life.order, openCall('hold'))).toBe(true);
    life.tell({ do: 'cancel', as: 'customer', reason: 'x' });
    const steps = ['hold', 'pay', 'inquire', 'commit', 'capture', 'void', 'refund'] as const;
    expect(steps.filter((step) => isStillWanted(life.order, openCall(step)))).toEqual(['void', 'refund']);
  });
});

function openCall(step: CallStep): OpenCall {
  return { step, opId: asOpId(`order:${step}`), failures: 0, retryAtMs: null };
}
