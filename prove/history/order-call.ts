import type { HoldStock, StockLine } from '../../contracts/rpc/store.ts';
import { asChannelId } from '../../domain/shared/ids.ts';
import type { HoldAct } from './act.ts';
import { by } from './call.ts';
import type { Call, Of } from './call.ts';
import { actorOf, COURIER, HANDOVER_CODE, holdAt, orderAt, ownerOf } from './cast.ts';
import type { Scene } from './scene.ts';

const PROMISED_IN_MS = 900_000;

export function holdCommand({ hold, buyer, order, lines }: HoldAct, n: string): HoldStock {
  const command = { ...by(actorOf(buyer, order), n), holdId: holdAt(hold), lines };
  if (buyer === 'order') return { ...command, kind: 'order', orderId: orderAt(order) };
  return buyer === 'customer'
    ? { ...command, kind: 'cart' }
    : { ...command, kind: 'cart', channel: asChannelId('bazaar') };
}

/** What customers, channels and orders say. */
export function orderCall(
  scene: Scene,
  act: Of<'hold' | 'renew' | 'promote' | 'commit' | 'release' | 'expectCourier' | 'cancelPick'>,
  n: number,
): Call {
  const store = scene.store(0);
  const orderId = orderAt(act.order);
  const own = by(actorOf('order', act.order), n);
  switch (act.do) {
    case 'hold': {
      const command = holdCommand(act, String(n));
      return { opId: command.opId, send: () => store.hold(command) };
    }
    case 'renew': {
      const command = { ...by(actorOf(act.buyer, act.order), n), holdId: holdAt(act.hold) };
      return { opId: command.opId, send: () => store.renew(command) };
    }
    case 'promote': {
      const command = { ...own, holdId: holdAt(act.hold), orderId, owner: ownerOf(act.buyer) };
      return { opId: own.opId, send: () => store.promote(command) };
    }
    case 'commit': {
      const promisedAtMs = scene.nowMs() + PROMISED_IN_MS;
      const lines = act.keep === null ? undefined : keptLines(scene, act.hold, act.keep);
      const command = { ...own, holdId: holdAt(act.hold), orderId, orderNumber: `K-${act.order}`, promisedAtMs };
      return { opId: own.opId, send: () => store.commit(lines === undefined ? command : { ...command, lines }) };
    }
    case 'release': {
      const command = { ...by(actorOf(act.buyer, act.order), n), holdId: holdAt(act.hold), reason: 'void' };
      return { opId: command.opId, send: () => store.release(command) };
    }
    case 'expectCourier': {
      const command = { ...own, orderId, courierId: COURIER, handoverCode: HANDOVER_CODE };
      return { opId: own.opId, send: () => store.announceCourier(command) };
    }
    case 'cancelPick': {
      const command = { ...own, orderId, reason: 'customer' };
      return { opId: own.opId, send: () => store.cancelPick(command) };
    }
  }
}

/** What is still wanted of a basket: the first lines, fewer of each. */
function keptLines(scene: Scene, hold: number, keep: number): readonly StockLine[] | undefined {
  const row = scene.rows<{ lines: string }>(0, 'SELECT lines FROM holds WHERE hold_id = ?', holdAt(hold))[0];
  if (row === undefined) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the store's own row
  const lines = JSON.parse(row.lines) as readonly StockLine[];
  return lines.slice(0, 2).map(({ sku, quantity }) => ({ sku, quantity: Math.min(keep, quantity) }));
}
