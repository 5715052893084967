import { expect, test } from 'vitest';
import { ORDER_EVENTS } from '../../contracts/events/orders.ts';
import { orderPlaced, rawRecord, toRecord, type TestEvent } from '../../test/support/stream-events.ts';
import { parseRecord } from './parse-record.ts';

const PLACED = orderPlaced(1);

function parse(event: TestEvent) {
  return parseRecord(ORDER_EVENTS, { offset: 7, ...toRecord(event) });
}

function parseText(text: string) {
  return parseRecord(ORDER_EVENTS, { offset: 7, ...rawRecord(ORDER_EVENTS, 'key', text) });
}

test('reads an event with its subject and sequence [E1]', () => {
  expect(parse(PLACED)).toMatchObject({
    subject: PLACED.subject,
    sequence: 1,
    event: { type: 'order.placed', data: { totalMinor: 9_900 } },
  });
});

test('names the subject of a record it cannot use, where the envelope can be read [E3]', () => {
  const known = { subject: PLACED.subject, sequence: 1 };
  expect(parse({ ...PLACED, type: 'order.teleported' })).toMatchObject({ ...known, fault: { code: 'UNKNOWN_TYPE' } });
  expect(parse({ ...PLACED, data: { ...PLACED.data, totalMinor: 'many' } })).toMatchObject({
    ...known,
    fault: { code: 'BAD_DATA', detail: expect.stringContaining('order.placed') },
  });
});

test.each([
  ['NOT_JSON', 'nothing like JSON'],
  ['NOT_JSON', ''],
  ['BAD_ENVELOPE', '{}'],
  ['BAD_ENVELOPE', '[]'],
  ['BAD_ENVELOPE', 'null'],
])('says %s of %j', (code, text) => {
  expect(parseText(text)).toMatchObject({ subject: null, sequence: null, fault: { code } });
});

test('says what is wrong with bytes that are no text, and with none', () => {
  const value = new Uint8Array([0xff, 0xfe]);
  expect(parseRecord(ORDER_EVENTS, { offset: 0, key: null, value })).toMatchObject({ fault: { code: 'NOT_UTF8' } });
  expect(parseRecord(ORDER_EVENTS, { offset: 0, key: null, value: null })).toMatchObject({
    fault: { code: 'NO_VALUE' },
  });
});

test.each(['a\0b', 'half \uD83D'])('a subject that a database cannot hold, %j, is no subject', (subject) => {
  expect(parse({ ...PLACED, subject })).toMatchObject({ subject: null, fault: { code: 'BAD_ENVELOPE' } });
  expect(parse({ ...PLACED, subject, type: 'order.teleported' })).toMatchObject({
    subject: null,
    fault: { code: 'UNKNOWN_TYPE' },
  });
});

test('an older reader passes over fields that a newer writer has added [E2]', () => {
  const parsed = parse({ ...PLACED, data: { ...PLACED.data, giftWrapped: true } });
  expect(parsed).toMatchObject({ event: { type: 'order.placed' } });
  expect('event' in parsed && parsed.event.data).not.toHaveProperty('giftWrapped');
});
