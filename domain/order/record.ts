import { invariant } from '../shared/assert.ts';
import { evolve } from './evolve.ts';
import type { By, LogEntry, OrderEvent, OrderState } from './order.ts';
import { advance } from './saga.ts';

/** Far above what one fact can set off; a loop in the rules stops here instead of filling the log. */
const FOLLOWING_MAX = 20;

export interface Recorded {
  /** What to append to the log, in one transaction. */
  readonly entries: readonly LogEntry[];
  /** The order after them. */
  readonly state: OrderState;
}

/** Facts and all that follows from them by itself, numbered and stamped. `null` when there was nothing to record. */
export function record(
  before: OrderState | null,
  headSeq: number,
  events: readonly OrderEvent[],
  stamp: { readonly atMs: number; readonly by: By },
): Recorded | null {
  const entries: LogEntry[] = [];
  let state = before;
  function append(event: OrderEvent, by: By): OrderState {
    const entry = { seq: headSeq + entries.length + 1, atMs: stamp.atMs, by, event };
    entries.push(entry);
    return evolve(state, entry);
  }
  for (const event of events) state = append(event, stamp.by);
  if (state === null) return null;
  const itself = { kind: 'object', id: state.terms.orderId };
  for (let next = advance(state, stamp.atMs); next.length > 0; next = advance(state, stamp.atMs)) {
    invariant(entries.length < events.length + FOLLOWING_MAX, `order at ${state.status} never comes to rest`);
    for (const event of next) state = append(event, itself);
  }
  return entries.length === 0 ? null : { entries, state };
}
