import type { StockLine } from '../../contracts/rpc/store.ts';
import { by } from './call.ts';
import type { Call, Of } from './call.ts';
import { OPERATOR, pickerActor, STORES, transferAt } from './cast.ts';
import type { Scene } from './scene.ts';

/** What operators and staff say of goods. */
export function goodsCall(
  scene: Scene,
  act: Of<'receive' | 'execute' | 'startCount' | 'submitCount'>,
  n: number,
): Call {
  const store = scene.store(0);
  const own = by('picker' in act ? pickerActor(act.picker) : OPERATOR, n);
  switch (act.do) {
    case 'receive': {
      const command = { ...own, receiptId: `GRN-${act.note}`, lines: act.lines };
      return { opId: own.opId, send: () => store.receive(command) };
    }
    case 'execute':
      return { opId: own.opId, send: () => store.execute({ ...own, ...act.command }) };
    case 'startCount':
      return { opId: own.opId, send: () => store.execute({ ...own, do: 'StartCount', countId: act.count }) };
    case 'submitCount': {
      const quantity = Math.max(0, onShelf(scene, act.count) + act.off);
      return { opId: own.opId, send: () => store.execute({ ...own, do: 'SubmitCount', countId: act.count, quantity }) };
    }
  }
}

/** Units that the ledger has on the shelf of a count. */
function onShelf(scene: Scene, count: number): number {
  const row = scene.rows<{ units: number }>(
    0,
    `SELECT available + blocked + held + allocated AS units FROM stock JOIN count_tasks USING (sku) WHERE count_id = ?`,
    count,
  )[0];
  return row?.units ?? 0;
}

/** What the two stores' staff say of transfers. */
export function transferCall(scene: Scene, act: Of<'send' | 'unload' | 'callBack'>, n: number): Call {
  const own = by(OPERATOR, n);
  const transferId = transferAt(act.transfer);
  const { from } = act;
  const to = from === 0 ? 1 : 0;
  switch (act.do) {
    case 'send': {
      const command = { ...own, do: 'SendTransfer', transferId, toStoreId: STORES[to], lines: act.lines } as const;
      return { opId: own.opId, send: () => scene.store(from).execute(command) };
    }
    case 'unload': {
      const lines = onVan(scene, to, act);
      const command = { ...own, do: 'ReceiveTransfer', transferId, fromStoreId: STORES[from], lines } as const;
      return { opId: own.opId, send: () => scene.store(to).execute(command) };
    }
    case 'callBack':
      return { opId: own.opId, send: () => scene.store(from).execute({ ...own, do: 'CancelTransfer', transferId }) };
  }
}

/** What was announced, less what fell off on the way. */
function onVan(scene: Scene, to: 0 | 1, { transfer, from, missing }: Of<'unload'>): readonly StockLine[] {
  const row = scene.rows<{ lines: string }>(
    to,
    'SELECT lines FROM transfers_in WHERE from_store_id = ? AND transfer_id = ?',
    STORES[from],
    transferAt(transfer),
  )[0];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the store's own row
  const lines = JSON.parse(row?.lines ?? '[]') as readonly StockLine[];
  return lines
    .map(({ sku, quantity }, i) => ({ sku, quantity: i === 0 ? quantity - missing : quantity }))
    .filter(({ quantity }) => quantity > 0);
}
