import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { OrderView } from '../../contracts/http/orders.ts';
import { TicketView } from '../../contracts/http/tickets.ts';
import { UPGRADE_HEADERS } from '../../contracts/ws/upgrade.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { authOf } from '../../edge/auth/authenticate.ts';
import { issueTicket } from '../../edge/auth/socket-tickets.ts';
import type { SocketTarget } from '../../edge/auth/socket-tickets.ts';
import { bearer, bodyOf, call, codeOf, DOOR, edgeEnv, openShop, publishNetwork, ZONE_ID } from './support/api.ts';
import { closeSockets, until } from './support/socket.ts';
import type { Frame } from './support/socket.ts';
import { newCourierId, newStoreId, newUserId } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { newCustomer } from './support/order.ts';

let store: TestStore;
let neighbour: TestStore;
let staff: SignedInActor;
const courier: SignedInActor = { kind: 'courier', userId: newUserId(), courierId: newCourierId(), zoneId: ZONE_ID };
const operator: SignedInActor = { kind: 'operator', userId: newUserId() };

beforeAll(async () => {
  [store, neighbour] = [await openShop({ ASSAM: 50 }), await openShop({ ASSAM: 50 })];
  await publishNetwork(1, [
    { storeId: store.storeId, metresSouth: 300 },
    { storeId: neighbour.storeId, metresSouth: 2_000 },
  ]);
  staff = { kind: 'staff', userId: newUserId(), storeId: store.storeId };
});
afterEach(closeSockets);

async function newOrder(customer: SignedInActor): Promise<string> {
  const body = {
    deliverTo: DOOR,
    lines: [{ sku: 'ASSAM', quantity: 1 }],
    payment: { method: 'sandbox', token: 'tok_approve' },
  };
  const headers = { ...(await bearer(customer)), 'idempotency-key': crypto.randomUUID() };
  return (await bodyOf(OrderView, await call('/api/v1/orders', { method: 'POST', body, headers }))).id;
}

async function askTicket(path: string, actor: SignedInActor): Promise<Response> {
  return call(`/api/v1${path}/ticket`, { method: 'POST', headers: await bearer(actor) });
}

const UPGRADE = { upgrade: 'websocket' };
async function connect(path: string, ticket: string, headers: Record<string, string> = UPGRADE): Promise<Response> {
  return call(`${path}?ticket=${ticket}`, { headers });
}

/** The first frame of the socket. */
async function greeting(response: Response): Promise<Frame> {
  const socket = response.webSocket;
  if (socket === null) throw new Error(`no socket: ${response.status} ${await response.text()}`);
  const frames: Frame[] = [];
  socket.addEventListener('message', ({ data }) => {
    frames.push(JSON.parse(String(data)) as Frame);
  });
  socket.accept();
  const frame = await until(() => frames[0]);
  socket.close(1000, 'bye');
  return frame;
}

describe('a ticket opens the socket it was given for', () => {
  test('an order for its customer [T2]', async () => {
    const customer = newCustomer();
    const id = await newOrder(customer);
    const view = await bodyOf(TicketView, await askTicket(`/orders/${id}`, customer));
    expect(view.path).toBe(`/api/v1/orders/${id}/live`);
    expect(await greeting(await connect(view.path, view.ticket))).toMatchObject({
      t: 'snapshot',
      state: { orderId: id },
    });
  });

  test('a store for its staff [F7]', async () => {
    const { path, ticket } = await bodyOf(TicketView, await askTicket(`/stores/${store.storeId}`, staff));
    expect(await greeting(await connect(path, ticket))).toMatchObject({
      t: 'snapshot',
      state: { storeId: store.storeId },
    });
  });

  test('a courier for that courier [D10]', async () => {
    const { path, ticket } = await bodyOf(TicketView, await askTicket('/couriers/me', courier));
    const { courierId } = courier as SignedInActor & { kind: 'courier' };
    expect(await greeting(await connect(path, ticket))).toMatchObject({ t: 'snapshot', state: { courierId } });
  });

  test('once [X8]', async () => {
    const { path, ticket } = await bodyOf(TicketView, await askTicket(`/stores/${store.storeId}`, staff));
    await greeting(await connect(path, ticket));
    const again = await connect(path, ticket);
    expect(again.status).toBe(401);
    expect(await codeOf(again)).toBe('TICKET_INVALID');
  });
});

describe('no ticket', () => {
  test("is given for what is not the caller's [U4]", async () => {
    const id = await newOrder(newCustomer());
    expect(await codeOf(await askTicket(`/orders/${id}`, newCustomer()))).toBe('NOT_FOUND');
    expect(await codeOf(await askTicket(`/stores/${neighbour.storeId}`, staff))).toBe('NOT_FOUND');
    expect(await codeOf(await askTicket(`/stores/${newStoreId()}`, operator))).toBe('NOT_FOUND');
    expect(await codeOf(await askTicket(`/stores/${store.storeId}`, courier))).toBe('FORBIDDEN');
  });
});

describe('a socket stays shut', () => {
  async function forge(actor: SignedInActor, target: SocketTarget, nowMs = Date.now()): Promise<string> {
    return issueTicket(authOf(edgeEnv).keys, actor, target, nowMs, crypto.getRandomValues(new Uint8Array(16)));
  }
  function live(): string {
    return `/api/v1/stores/${store.storeId}/live`;
  }
  function own(): SocketTarget {
    return { object: 'store', id: store.storeId };
  }

  test('forged as it is meant to be it opens, so that the refusals below mean something', async () => {
    expect(await greeting(await connect(live(), await forge(staff, own())))).toMatchObject({ t: 'snapshot' });
  });

  test.each([
    ['no ticket that was ever signed', async () => 'abc.def.ghi'],
    ['an access token', async () => (await bearer(staff)).authorization.slice('Bearer '.length)],
    ['a ticket that is too old', () => forge(staff, own(), Date.now() - 31_000)],
    ['a ticket of another store', () => forge(staff, { object: 'store', id: newStoreId() })],
    [
      'a ticket of another store, even of one who may see both',
      () => forge(operator, { object: 'store', id: neighbour.storeId }),
    ],
    ['a ticket of an order', () => forge(staff, { object: 'order', id: store.storeId })],
    ['a ticket of an actor whom the object does not admit', () => forge(newCustomer(), own())],
    [
      "a ticket of another store's staff",
      () => forge({ kind: 'staff', userId: newUserId(), storeId: newStoreId() }, own()),
    ],
  ])('for %s [X8]', async (_, make) => {
    const response = await connect(live(), await make());
    expect(response.status).toBe(401);
    expect(await codeOf(response)).toBe('TICKET_INVALID');
  });

  test('for headers that a client made up: only the ticket speaks [X8]', async () => {
    const forged = {
      ...UPGRADE,
      [UPGRADE_HEADERS.actor]: JSON.stringify(operator),
      [UPGRADE_HEADERS.ticketId]: 'made-up',
      [UPGRADE_HEADERS.ticketExpiresAt]: String(Date.now() + 30_000),
    };
    const ticket = await forge(newCustomer(), own());
    expect((await connect(live(), ticket, forged)).status).toBe(401);
  });

  test('for a page of a foreign origin; our own and the listed ones may [X8]', async () => {
    const foreign = await connect(live(), await forge(staff, own()), { ...UPGRADE, origin: 'https://evil.example' });
    expect(await codeOf(foreign)).toBe('FORBIDDEN');
    for (const origin of ['https://kirana.test', 'https://shop.example']) {
      const response = await connect(live(), await forge(staff, own()), { ...UPGRADE, origin });
      expect(await greeting(response)).toMatchObject({ t: 'snapshot' });
    }
  });

  test('for a request that is no upgrade', async () => {
    const response = await connect(live(), await forge(staff, own()), {});
    expect(response.status).toBe(426);
    expect(await codeOf(response)).toBe('UPGRADE_REQUIRED');
  });
});
