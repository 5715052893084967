import { describe, expect, test } from 'vitest';
import { COURIER, OrderLife } from '../../test/support/order-life.ts';
import { nodeSql } from '../../test/support/node-sql.ts';
import { ORDER_EVENTS, STATUS_EVENT } from '../../contracts/events/orders.ts';
import { REACHES, replay } from '../../domain/order/evolve.ts';
import { migrate } from '../kit/migrate.ts';
import { OrderLog } from './order-log.ts';
import { ORDER_MIGRATIONS } from './order-migrations.ts';

function openLog(upTo = ORDER_MIGRATIONS.length) {
  const sql = nodeSql();
  migrate(sql, 'order', ORDER_MIGRATIONS.slice(0, upTo));
  return { sql, log: new OrderLog(sql) };
}

describe('the log in SQLite', () => {
  test('gives back what was written, and its fold is the order [O12]', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
    const { log } = openLog();
    for (const entry of life.log) log.append(entry);
    expect(log.all()).toEqual(life.log);
    expect(log.head()).toBe(life.log.length);
    expect(replay(log.all())).toEqual(life.state);
  });

  test('refuses to write a number twice', () => {
    const [first] = new OrderLife().log;
    const { log } = openLog();
    if (first !== undefined) log.append(first);
    expect(() => {
      if (first !== undefined) log.append(first);
    }).toThrow('UNIQUE');
  });

  test('keeps the first answer, whatever is answered later [X3]', () => {
    const { log } = openLog();
    expect(log.firstAnswer()).toBeNull();
    log.keepFirstAnswer('first');
    log.keepFirstAnswer('second');
    expect(log.firstAnswer()).toBe('first');
  });
});

describe('the migrations', () => {
  test.each(ORDER_MIGRATIONS.map(({ id }, index) => [id, index] as const))(
    '%s keeps the orders that were written before it',
    (_id, index) => {
      const life = new OrderLife().assign();
      // Before the first migration there is no order; an order written at any later version is read at the latest.
      const { sql, log } = openLog(Math.max(1, index));
      for (const entry of life.log) log.append(entry);
      log.keepFirstAnswer('answer');
      migrate(sql, 'order', ORDER_MIGRATIONS);
      expect(replay(log.all())).toEqual(life.state);
      expect(log.firstAnswer()).toBe('answer');
    },
  );
});

test('the log and the topic call a step of the order by the same name, but for the first', () => {
  const { 'order.rerouted': toConfirmed, 'order.unassigned': toPacked, ...forward } = REACHES;
  expect([toConfirmed, toPacked]).toEqual(['CONFIRMED', 'PACKED']);
  expect(Object.keys(ORDER_EVENTS.schemas)).toEqual(expect.arrayContaining(['order.rerouted', 'order.unassigned']));
  const names = Object.entries(forward).map(([type, status]) => [status, type]);
  expect(Object.fromEntries(names)).toEqual(STATUS_EVENT);
});
