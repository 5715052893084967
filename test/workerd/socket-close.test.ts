import { afterEach, expect, it } from 'vitest';
import { closeSockets, openSocket, until, upgradeRequest } from './support/socket.ts';
import { newUserId, openStore } from './support/store.ts';

afterEach(closeSockets);

it('a close that the client begins is answered by the object, so that it ends as closed and not as lost [T2]', async () => {
  const store = await openStore({ TEA: 5 });
  const actor = { kind: 'staff', userId: newUserId(), storeId: store.storeId } as const;
  const socket = await openSocket(store.stub, upgradeRequest(actor));
  socket.close();
  expect(await until(() => socket.closes[0])).toMatchObject({ code: 1000 });
});
