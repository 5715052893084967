import type { Refusal } from '../contracts/problem.ts';
import type { DurableCall } from '../contracts/rpc/durable-call.ts';
import type { CourierRpc } from '../contracts/rpc/courier.ts';
import type { CustomerRpc } from '../contracts/rpc/customer.ts';
import type { OrderRpc } from '../contracts/rpc/order.ts';
import type { SessionRpc } from '../contracts/rpc/session.ts';
import type { StoreRpc } from '../contracts/rpc/store.ts';
import type { ZoneRpc } from '../contracts/rpc/zone.ts';
import type { CourierId, OrderId, StoreId, UserId, ZoneId } from '../domain/shared/ids.ts';
import type { Result } from '../domain/shared/result.ts';
import { sandboxShard } from '../integrations/payments/sandbox/sandbox-books.ts';
import type { SandboxPspRpc } from '../integrations/payments/sandbox/sandbox-books.ts';
import type { ObjectEnv, OrderEvents } from './env.ts';

// The only place where an id becomes an object. A new stub per call: one that has failed stays broken.

export function storeStub(env: Pick<ObjectEnv, 'STORE'>, id: StoreId): StoreRpc {
  return env.STORE.getByName(id);
}
export function orderStub(env: Pick<ObjectEnv, 'ORDER'>, id: OrderId): OrderRpc & OrderEvents {
  return env.ORDER.getByName(id);
}
export function courierStub(env: Pick<ObjectEnv, 'COURIER'>, id: CourierId): CourierRpc {
  return env.COURIER.getByName(id);
}
export function zoneStub(env: Pick<ObjectEnv, 'ZONE'>, id: ZoneId): ZoneRpc {
  return env.ZONE.getByName(id);
}
export function sessionStub(env: Pick<ObjectEnv, 'SESSION'>, id: UserId): SessionRpc {
  return env.SESSION.getByName(id);
}
export function customerStub(env: Pick<ObjectEnv, 'CUSTOMER'>, id: UserId): CustomerRpc {
  return env.CUSTOMER.getByName(id);
}
/** The books of the sandbox provider that an order's payment is in. */
export function sandboxPspStub(env: Pick<ObjectEnv, 'SANDBOX_PSP'>, id: OrderId): SandboxPspRpc {
  return env.SANDBOX_PSP.getByName(sandboxShard(id));
}

/** Hands a socket upgrade to an object: the one use of `fetch` on an object. */
export function openSocket(
  env: Pick<ObjectEnv, 'STORE' | 'ORDER' | 'COURIER'>,
  target: 'store' | 'order' | 'courier',
  id: string,
  request: Request,
): Promise<Response> {
  switch (target) {
    case 'store':
      return env.STORE.getByName(id).fetch(request);
    case 'order':
      return env.ORDER.getByName(id).fetch(request);
    case 'courier':
      return env.COURIER.getByName(id).fetch(request);
  }
}

type Answer = Result<unknown, Refusal>;

/** Delivers a durable call. Returns what the object answered; throws when it could not be asked. */
export function deliver(env: ObjectEnv, call: DurableCall): Promise<Answer> {
  switch (call.to) {
    case 'store':
      return deliverToStore(env.STORE.getByName(call.id), call);
    case 'order':
      return deliverToOrder(env.ORDER.getByName(call.id), call);
    case 'courier':
      return deliverToCourier(env.COURIER.getByName(call.id), call);
    case 'zone':
      return deliverToZone(env.ZONE.getByName(call.id), call);
    case 'customer':
      return env.CUSTOMER.getByName(call.id).settleCheckout(call.command);
  }
}

function deliverToStore(store: StoreRpc, call: DurableCall & { to: 'store' }): Promise<Answer> {
  switch (call.method) {
    case 'release':
      return store.release(call.command);
    case 'announceCourier':
      return store.announceCourier(call.command);
    case 'cancelPick':
      return store.cancelPick(call.command);
    case 'execute':
      return store.execute(call.command);
  }
}

function deliverToOrder(order: OrderRpc, call: DurableCall & { to: 'order' }): Promise<Answer> {
  switch (call.method) {
    case 'reportPick':
      return order.reportPick(call.command);
    case 'moveInLine':
      return order.moveInLine(call.command);
    case 'reportCourier':
      return order.reportCourier(call.command);
    case 'proposeSubstitution':
      return order.proposeSubstitution(call.command);
    case 'withdrawSubstitution':
      return order.withdrawSubstitution(call.command);
  }
}

function deliverToCourier(courier: CourierRpc, call: DurableCall & { to: 'courier' }): Promise<Answer> {
  switch (call.method) {
    case 'offer':
      return courier.offer(call.command);
    case 'confirmJob':
      return courier.confirmJob(call.command);
    case 'moveJob':
      return courier.moveJob(call.command);
  }
}

function deliverToZone(zone: ZoneRpc, call: DurableCall & { to: 'zone' }): Promise<Answer> {
  switch (call.method) {
    case 'requestCourier':
      return zone.requestCourier(call.command);
    case 'announceReady':
      return zone.announceReady(call.command);
    case 'withdraw':
      return zone.withdraw(call.command);
    case 'updateCandidate':
      return zone.updateCandidate(call.command);
    case 'answerOffer':
      return zone.answerOffer(call.command);
  }
}
