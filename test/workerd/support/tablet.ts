import { runInDurableObject } from 'cloudflare:test';
import { vi } from 'vitest';
import type { Actor } from '../../../contracts/actor.ts';
import type { OrderId, UserId } from '../../../domain/shared/ids.ts';
import { openSocket, upgradeRequest } from './socket.ts';
import type { Frame, HandSocket } from './socket.ts';
import { barcodeOf, newOpId, newUserId } from './store.ts';
import type { TestStore } from './store.ts';

export function staffOf(store: TestStore, userId: UserId = newUserId()): Actor & { kind: 'staff' } {
  return { kind: 'staff', userId, storeId: store.storeId };
}
export function tablet(
  store: TestStore,
  actor: Actor = staffOf(store),
  after: number | null = null,
): Promise<HandSocket> {
  return openSocket(store.stub, upgradeRequest(actor, { after }));
}
export function act(socket: HandSocket, command: Record<string, unknown>, id: string = newOpId()): Promise<Frame> {
  return socket.act(command, id);
}
/** As `act`; throws what the store refused. */
export async function done(socket: HandSocket, command: Record<string, unknown>): Promise<Frame> {
  const answer = await act(socket, command);
  if (answer['ok'] !== true) throw new Error(JSON.stringify(answer['problem']));
  return answer;
}
export function scan(taskId: OrderId, sku: string, quantity = 1): Record<string, unknown> {
  return { do: 'scan', taskId, barcode: barcodeOf(sku), quantity };
}
export function deltas(socket: HandSocket): Frame[] {
  return socket.frames.filter(({ t }) => t === 'delta');
}
export async function claim(socket: HandSocket, taskId: OrderId): Promise<void> {
  await done(socket, { do: 'accept', taskId });
  await done(socket, { do: 'claim', taskId });
}

/** Rings the store's alarm as if it were `afterMs` later. */
export async function ringAfter(store: TestStore, afterMs: number): Promise<void> {
  await runInDurableObject(store.stub, async (object) => {
    vi.setSystemTime(Date.now() + afterMs);
    await object.alarm();
    vi.useRealTimers();
  });
}
