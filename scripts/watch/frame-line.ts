import type { EtaView, MoneyView, QueueView } from '../../contracts/http/tracking.ts';
import type { SubstitutionView } from '../../contracts/http/substitutions.ts';
import type { TrackingDelta, TrackingFrame } from '../../contracts/ws/tracking.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';

/** A frame as a person reads it: its number, or a dash, and what it says. */
export function frameLine(frame: TrackingFrame): string {
  const seq = 'seq' in frame ? `#${frame.seq}` : '-';
  return `${seq.padStart(4)}  ${textOf(frame)}`;
}

/** Whether nothing will come any more that anybody waits for. */
export function endsOrder(frame: TrackingFrame): boolean {
  if (frame.t === 'snapshot') return isOver(frame.state.status);
  return frame.t === 'delta' && 'status' in frame.delta && isOver(frame.delta.status);
}

function isOver(status: OrderStatus): boolean {
  return status === 'CLOSED' || status === 'CANCELLED' || status === 'REFUNDED';
}

function textOf(frame: TrackingFrame): string {
  switch (frame.t) {
    case 'snapshot': {
      const { status, eta, money } = frame.state;
      return `the order as it is: ${status}${etaText(eta)}; ${moneyText(money)}`;
    }
    case 'delta':
      return deltaText(frame.delta);
    case 'position':
      return `courier at ${frame.lat.toFixed(5)}, ${frame.lng.toFixed(5)}${etaText(frame.eta ?? null)}`;
    case 'eta':
      return `estimate${etaText(frame.eta)}`;
    case 'advice':
      return `when cut off, come back after ${frame.retryAfterMs} ms`;
  }
}

function deltaText(delta: TrackingDelta): string {
  if ('status' in delta) return `${delta.status}${etaText(delta.eta)}`;
  if ('queue' in delta) return queueText(delta.queue);
  return 'money' in delta ? moneyText(delta.money) : substitutionText(delta.substitution);
}

function queueText(queue: QueueView | null): string {
  return queue === null
    ? 'waits no more'
    : `place ${queue.place} in line, turn about ${queue.estimatedTurnAt.slice(11, 19)} UTC`;
}

function etaText(eta: EtaView | null): string {
  return eta === null ? '' : `, at the door ${eta.p50.slice(11, 19)} to ${eta.p90.slice(11, 19)} UTC`;
}

function moneyText({ status, total, refunded }: MoneyView): string {
  const back = refunded.amount === 0 ? '' : `, ${refunded.amount} back`;
  return `money ${status}, ${total.amount} ${total.currency} minor${back}`;
}

function substitutionText({ sku, substitute, quantity, status }: SubstitutionView): string {
  return `substitute ${status}: ${quantity} x ${substitute.sku} for ${sku}`;
}
