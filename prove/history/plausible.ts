import type { Act, FloorAct } from './act.ts';
import { holdAt, orderAt } from './cast.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import type { Stage } from './stage.ts';

/** Names that acts go by: holds and orders, counts, transfers. */
const NUMBERS = Array.from({ length: 10 }, (_, i) => i + 1);

/** The act where it makes sense, about something else of its kind if need be; undefined when it makes none anywhere. */
export function aim(stage: Stage, act: Act): Act | undefined {
  if (isPlausible(stage, act)) return act;
  return NUMBERS.map((number) => about(act, number)).find((other) => isPlausible(stage, other));
}

/** The same act with this number in place of its own; an act that goes by none is itself. */
function about(act: Act, number: number): Act {
  if (act.do === 'commit' || act.do === 'promote' || act.do === 'renew') {
    return { ...act, hold: number, order: number };
  }
  if (act.do === 'floor' || act.do === 'expectCourier' || act.do === 'cancelPick') return { ...act, order: number };
  if (act.do === 'startCount' || act.do === 'submitCount') return { ...act, count: number };
  return act.do === 'unload' || act.do === 'callBack' ? { ...act, transfer: number } : act;
}

/** Whether an act could go through as things are: most of a history should, or it never gets anywhere. */
function isPlausible(stage: Stage, act: Act): boolean {
  if (act.do === 'hold') return stage.statusOf('hold', holdAt(act.hold)) === undefined;
  // A release makes sense always: of what is held, of what is over, and of what has not come yet.
  if (act.do === 'commit' || act.do === 'promote' || act.do === 'renew') {
    return stage.statusOf('hold', holdAt(act.hold)) === 'HELD';
  }
  if (act.do === 'expectCourier' || act.do === 'cancelPick') {
    return stage.statusOf('task', orderAt(act.order)) !== undefined;
  }
  if (act.do === 'floor') return isPlausibleOnFloor(stage, orderAt(act.order), act.what);
  if (act.do === 'unload') return stage.transferStatus('in', act.from === 0 ? 1 : 0, act) === 'EXPECTED';
  if (act.do === 'callBack') return stage.transferStatus('out', act.from, act) === 'IN_TRANSIT';
  if (act.do === 'startCount') return stage.statusOf('count', act.count) === 'OPEN';
  return act.do !== 'submitCount' || stage.statusOf('count', act.count) === 'COUNTING';
}

function isPlausibleOnFloor(stage: Stage, orderId: OrderId, what: FloorAct): boolean {
  const status = stage.statusOf('task', orderId) ?? '';
  if (!AT_STATUS[what.do].includes(status)) return false;
  if (status !== 'PICKING' || (what.do !== 'scan' && what.do !== 'short')) return true;
  return stage.taskLines(orderId).some(({ quantity, picked, shorted }) => quantity > picked + shorted);
}

const AT_STATUS: { readonly [N in FloorAct['do']]: readonly string[] } = {
  accept: ['QUEUED'],
  reject: ['QUEUED', 'ACCEPTED'],
  claim: ['ACCEPTED'],
  claimWave: ['ACCEPTED'],
  heartbeat: ['PICKING'],
  letGo: ['PICKING'],
  handoff: ['PICKING'],
  scan: ['PICKING'],
  short: ['PICKING', 'RESTOCK'],
  pack: ['PICKING'],
  handover: ['PACKED'],
  restock: ['RESTOCK'],
};
