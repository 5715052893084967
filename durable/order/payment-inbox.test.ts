import { expect, test } from 'vitest';
import { nodeSql } from '../../test/support/node-sql.ts';
import { migrate } from '../kit/migrate.ts';
import { ORDER_MIGRATIONS } from './order-migrations.ts';
import { PaymentInbox } from './payment-inbox.ts';

function emptyInbox(): PaymentInbox {
  const sql = nodeSql();
  migrate(sql, 'order', ORDER_MIGRATIONS);
  return new PaymentInbox(sql);
}

test('a notice is taken once, however often and however late it comes again [X8]', () => {
  const inbox = emptyInbox();
  expect(inbox.take('stripe', 'evt_1', 0)).toBe(true);
  for (const laterMs of [0, 1, 86_400_000]) expect(inbox.take('stripe', 'evt_1', laterMs)).toBe(false);
  expect(inbox.take('stripe', 'evt_2', 0)).toBe(true);
  expect(inbox.take('razorpay', 'evt_1', 0)).toBe(true);
});

test('made-up ids fill it no further than its bound', () => {
  const inbox = emptyInbox();
  const taken = Array.from({ length: 600 }, (_, index) => inbox.take('razorpay', `evt_${index}`, 0));
  expect(taken.filter(Boolean)).toHaveLength(500);
  expect(inbox.take('razorpay', 'evt_0', 0)).toBe(false);
});
