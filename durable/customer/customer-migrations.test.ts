import { expect, test } from 'vitest';
import { nodeSql } from '../../test/support/node-sql.ts';
import { migrate } from '../kit/migrate.ts';
import { CUSTOMER_MIGRATIONS } from './customer-migrations.ts';

function tables() {
  const sql = nodeSql();
  migrate(sql, 'customer', CUSTOMER_MIGRATIONS);
  migrate(sql, 'customer', CUSTOMER_MIGRATIONS);
  return sql;
}

test('tables of a customer refuse a wallet below zero, and more taken or given back than there was [Y6]', () => {
  const sql = tables();
  expect(() => sql.run("INSERT INTO wallet VALUES (1, 'INR', -1, 0)")).toThrow('CHECK');
  expect(() => sql.run("INSERT INTO wallet VALUES (1, 'INR', 0, -1)")).toThrow('CHECK');
  expect(() => sql.run("INSERT INTO wallet_payments VALUES ('o1', 'CAPTURED', 5, 6, 0)")).toThrow('CHECK');
  expect(() => sql.run("INSERT INTO wallet_payments VALUES ('o1', 'REFUNDED', 5, 5, 6)")).toThrow('CHECK');
});

test('tables of a customer refuse two open checkouts of one version of the cart [X3]', () => {
  const sql = tables();
  function open(orderId: string, status: string): void {
    sql.run("INSERT INTO checkouts VALUES (?, 3, 'digest', ?, '{}', 1000)", orderId, status);
  }
  open('o1', 'FAILED');
  open('o2', 'OPEN');
  expect(() => {
    open('o3', 'OPEN');
  }).toThrow('UNIQUE');
});
