import { evictDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { TransferView } from '../../contracts/rpc/store-transfers.ts';
import { asTransferId } from '../../domain/shared/ids.ts';
import { audit, by, line, must, newUserId, openStore, OPERATOR, rowsOf } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const transferId = asTransferId('TN-2026-0001');

function staffOf(store: TestStore) {
  return { kind: 'staff', userId: newUserId(), storeId: store.storeId } as const;
}
function send(from: TestStore, to: TestStore, quantity: number) {
  const lines = [line('TEA', quantity)];
  return from.rpc.execute({ ...by(staffOf(from)), do: 'SendTransfer', transferId, toStoreId: to.storeId, lines });
}
function receive(at: TestStore, from: TestStore, quantity: number) {
  const lines = [line('TEA', quantity)];
  const command = { do: 'ReceiveTransfer', transferId, fromStoreId: from.storeId, lines } as const;
  return at.rpc.execute({ ...by(staffOf(at)), ...command });
}
/** The one transfer of this store, once it has this status. */
async function seen(store: TestStore, status: string): Promise<TransferView> {
  for (;;) {
    const { transfers } = must(await store.rpc.ask({ ask: 'ListTransfers', actor: OPERATOR }));
    const found = transfers.find((transfer) => transfer.status === status);
    if (found !== undefined) return found;
    await scheduler.wait(2);
  }
}
async function units(store: TestStore): Promise<Record<string, number>> {
  const [level] = await rowsOf<Record<string, number>>(
    store,
    "SELECT available, transferred_out AS sent, transferred_in AS came FROM stock WHERE sku = 'TEA'",
  );
  return { ...level };
}

describe('a transfer between two stores', () => {
  it('goes out, is expected, received and settled, though both objects are evicted on the way [I10]', async () => {
    const [from, to] = [await openStore({ TEA: 10 }), await openStore({ TEA: 1 })];
    expect(must(await send(from, to, 6))).toMatchObject({ status: 'IN_TRANSIT', otherStoreId: to.storeId });
    await seen(to, 'EXPECTED');
    await evictDurableObject(from.stub);
    await evictDurableObject(to.stub);
    expect(must(await receive(to, from, 5))).toMatchObject({ status: 'RECEIVED', lost: [line('TEA', 1)] });
    expect(await seen(from, 'RECEIVED')).toMatchObject({ received: [line('TEA', 5)], lost: [line('TEA', 1)] });
    expect(await units(from)).toEqual({ available: 4, sent: 6, came: 0 });
    expect(await units(to)).toEqual({ available: 6, sent: 0, came: 5 });
    for (const store of [from, to]) expect((await audit(store)).discrepancies).toEqual([]);
  });

  it('comes back when it is called back in time, and then cannot be received [I10]', async () => {
    const [from, to] = [await openStore({ TEA: 10 }), await openStore({ TEA: 1 })];
    must(await send(from, to, 6));
    const cancel = { do: 'CancelTransfer', transferId } as const;
    expect(must(await from.rpc.execute({ ...by(staffOf(from)), ...cancel }))).toMatchObject({ status: 'CANCELLING' });
    await seen(from, 'CANCELLED');
    expect(await units(from)).toEqual({ available: 10, sent: 6, came: 6 });
    expect(await receive(to, from, 6)).toMatchObject({ ok: false, error: { code: 'TRANSFER_STATE' } });
    expect(await units(to)).toEqual({ available: 1, sent: 0, came: 0 });
  });

  it('is announced, closed and settled by the other store’s object and by nobody else', async () => {
    const [from, to] = [await openStore({ TEA: 10 }), await openStore({ TEA: 1 })];
    const fromStoreId = from.storeId;
    for (const actor of [OPERATOR, staffOf(to), { kind: 'object', object: 'order', id: fromStoreId } as const]) {
      const expectIt = { do: 'ExpectTransfer', transferId, fromStoreId, lines: [line('TEA', 9)] } as const;
      expect(await to.rpc.execute({ ...by(actor), ...expectIt })).toMatchObject({ error: { code: 'FORBIDDEN' } });
      const settle = { do: 'SettleTransfer', transferId, end: { outcome: 'CLOSED' } } as const;
      expect(await from.rpc.execute({ ...by(actor), ...settle })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
    expect(await rowsOf(to, 'SELECT transfer_id FROM transfers_in')).toEqual([]);
  });
});
