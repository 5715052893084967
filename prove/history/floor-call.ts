import type { TabletCommand } from '../../contracts/ws/tablet.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import type { FloorAct } from './act.ts';
import { opIdOf } from './call.ts';
import type { Call, Of } from './call.ts';
import { barcodeOf, orderAt, PICKERS } from './cast.ts';
import type { Scene, TaskLine } from './scene.ts';

type TabletFrame = TabletCommand extends infer C
  ? C extends TabletCommand
    ? Omit<C, 't' | 'id' | 'taskId'>
    : never
  : never;

/** What a picker's tablet says. */
export function floorCall(scene: Scene, { picker, order, what }: Of<'floor'>, n: number): Call {
  const orderId = orderAt(order);
  const said = frameOf(scene, picker, orderId, what);
  // A wave is asked for without naming a task.
  const task = said.do === 'claimWave' ? {} : { taskId: orderId };
  const frame = { t: 'command', id: opIdOf(n), ...task, ...said };
  return { opId: what.do === 'heartbeat' ? null : frame.id, send: () => scene.tell(picker, frame) };
}

function frameOf(scene: Scene, picker: 0 | 1, orderId: OrderId, what: FloorAct): TabletFrame {
  switch (what.do) {
    case 'accept':
    case 'claim':
    case 'heartbeat':
      return { do: what.do };
    case 'claimWave':
      return { do: 'claimWave', ordersMax: 4 };
    case 'letGo':
      return { do: 'release' };
    case 'handoff':
      return { do: 'handoff', to: PICKERS[picker === 0 ? 1 : 0] };
    case 'reject':
      return { do: 'reject', reason: what.reason, ...(what.notThere && { notThere: firstSku(scene, orderId) }) };
    case 'scan':
    case 'restock': {
      const { line, left } = lineOf(scene, orderId, what.line, what.do);
      const barcode = line === undefined ? '20000009' : barcodeOf(line.sku);
      return { do: what.do, barcode, quantity: Math.max(1, what.quantity ?? left) };
    }
    case 'short': {
      const { line } = lineOf(scene, orderId, what.line, 'scan');
      return { do: 'short', sku: line?.sku ?? 'NONE', quantity: what.quantity, reason: what.reason };
    }
    case 'pack': {
      const units = scene.taskLines(orderId).reduce((sum, { picked }) => sum + picked, 0);
      if (units === 0) return { do: 'pack', bags: 0 };
      return { do: 'pack', bags: what.sealed ? [{ seal: sealOf(orderId), size: 'M', zone: 'ambient' }] : 1 };
    }
    case 'handover': {
      const sealed = scene.rows<{ seal: string }>(0, 'SELECT seal FROM sealed_bags WHERE order_id = ?', orderId);
      return { do: 'handover', code: what.code, seals: sealed.map(({ seal }) => seal) };
    }
  }
}

/** The n-th line that still wants this, or else the n-th of all. */
function lineOf(
  scene: Scene,
  orderId: OrderId,
  nth: number,
  what: 'scan' | 'restock',
): { readonly line: TaskLine | undefined; readonly left: number } {
  const lines = scene.taskLines(orderId);
  const open = lines.filter((line) => leftOf(line, what) > 0);
  const from = open.length > 0 ? open : lines;
  const line = from[nth % Math.max(1, from.length)];
  return { line, left: line === undefined ? 1 : leftOf(line, what) };
}
function leftOf({ quantity, picked, shorted, restocked }: TaskLine, what: 'scan' | 'restock'): number {
  return what === 'scan' ? quantity - picked - shorted : picked - restocked;
}

function firstSku(scene: Scene, orderId: OrderId): string[] {
  return scene
    .taskLines(orderId)
    .slice(0, 1)
    .map(({ sku }) => sku);
}
function sealOf(orderId: OrderId): string {
  return `SEAL-${orderId.slice(-4)}`;
}
