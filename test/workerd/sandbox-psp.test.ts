import { env } from 'cloudflare:workers';
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { sandboxShard } from '../../integrations/payments/sandbox/sandbox-books.ts';
import { newOpId, newOrderId } from './support/store.ts';

it('a payment that is to be approved late is approved although a crash lost the alarm for it [Y5]', async () => {
  const orderId = newOrderId();
  const books = env.SANDBOX_PSP.getByName(sandboxShard(orderId));
  const call = { opId: newOpId(), orderId, amountMinor: 2500, currency: 'INR', token: 'tok_approve_late' };
  expect(await books.authorize(call)).toMatchObject({ status: 200, answer: { outcome: 'pending' } });
  await runInDurableObject(books, (_object, { storage }) => storage.deleteAlarm());
  await evictDurableObject(books);
  expect(await books.find(orderId)).toMatchObject({ status: 'PENDING' });
  const alarm = await runInDurableObject(books, (_object, { storage }) => storage.getAlarm());
  expect(alarm).not.toBeNull();
});
