import { createHash } from 'node:crypto';
import type { Actor } from '../../contracts/actor.ts';
import type { OrderLogView, OrderPastView } from '../../contracts/http/order-saga.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { replay } from '../../domain/order/evolve.ts';
import type { LogEntry, OrderState } from '../../domain/order/order.ts';
import { digestText, withoutSecrets } from '../../domain/order/state-digest.ts';
import { toOrderView } from './order-view.ts';

/** The order as it was known at `atMs`; `null` before it was placed. */
export function pastView(log: readonly LogEntry[], actor: Actor, atMs: number): OrderPastView | null {
  const known = log.filter((entry) => entry.atMs <= atMs);
  const last = known.at(-1);
  const state = replay(known);
  if (last === undefined || state === null) return null;
  return {
    asOf: toTimestamp(last.atMs),
    facts: known.length,
    stateSha256: stateSha256(state),
    order: toOrderView(state, actor),
  };
}

/** The whole log for a replay elsewhere, with its secrets taken out. */
export function logView(log: readonly LogEntry[], state: OrderState): OrderLogView {
  return {
    orderId: state.terms.orderId,
    stateSha256: stateSha256(state),
    log: log.map(withoutSecrets).map(({ seq, atMs, by, event }) => ({ seq, atMs, by: { ...by }, event: { ...event } })),
  };
}

function stateSha256(state: OrderState): string {
  return createHash('sha256').update(digestText(state)).digest('hex');
}
