import { describe, expect, it } from 'vitest';
import { asSku, asStoreId, asTransferId } from '../shared/ids.ts';
import {
  cancelTransfer,
  closeTransfer,
  expectTransfer,
  lostLines,
  receiveTransfer,
  sendTransfer,
  settleTransfer,
} from './transfer.ts';
import type { Incoming, Outgoing } from './transfer.ts';

const transferId = asTransferId('TN-000001');
const [A, B] = [1, 2].map((n) => asStoreId(`sto_${String(n).padStart(26, '0')}`)) as [
  Outgoing['toStoreId'],
  Outgoing['toStoreId'],
];
function line(sku: string, quantity: number): Outgoing['lines'][number] {
  return { sku: asSku(sku), quantity };
}
const lines = [line('EGGS', 6), line('TEA', 2)];
const onTheWay: Outgoing = { transferId, toStoreId: B, lines, lots: [], status: 'IN_TRANSIT' };
const expected: Incoming = { transferId, fromStoreId: A, lines, lots: [], status: 'EXPECTED' };

describe('at the origin', () => {
  it('takes the goods off once, whoever repeats the note [I10]', () => {
    const sent = sendTransfer(undefined, { transferId, toStoreId: B, lines, lots: [] });
    expect(sent).toMatchObject({
      ok: true,
      value: {
        changed: true,
        movements: [
          { kind: 'transferred_out', sku: 'EGGS', quantity: 6 },
          { kind: 'transferred_out', sku: 'TEA', quantity: 2 },
        ],
      },
    });
    const again = sendTransfer(onTheWay, { transferId, toStoreId: B, lines, lots: [] });
    expect(again).toMatchObject({ ok: true, value: { changed: false, movements: [] } });
  });

  it.each([
    ['other goods', { transferId, toStoreId: B, lines: [line('EGGS', 5)], lots: [] }],
    ['another store', { transferId, toStoreId: A, lines, lots: [] }],
  ])('refuses a number that was used for %s', (_what, sent) => {
    expect(sendTransfer(onTheWay, sent)).toMatchObject({ ok: false, error: { code: 'TRANSFER_ID_REUSED' } });
  });

  it('takes nothing back until the destination has said so', () => {
    expect(cancelTransfer(onTheWay)).toMatchObject({ value: { transfer: { status: 'CANCELLING' }, movements: [] } });
  });

  it('takes everything back when it was closed, and nothing when it was received', () => {
    const cancelling: Outgoing = { ...onTheWay, status: 'CANCELLING' };
    const back = settleTransfer(cancelling, { outcome: 'CLOSED' });
    expect(back).toMatchObject({
      transfer: { status: 'CANCELLED' },
      movements: [
        { kind: 'transferred_in', sku: 'EGGS', quantity: 6 },
        { kind: 'transferred_in', sku: 'TEA', quantity: 2 },
      ],
    });
    expect(settleTransfer(back.transfer, { outcome: 'CLOSED' })).toMatchObject({ changed: false, movements: [] });
    const received = settleTransfer(cancelling, { outcome: 'RECEIVED', received: lines });
    expect(received).toMatchObject({ transfer: { status: 'RECEIVED' }, movements: [] });
    expect(cancelTransfer(received.transfer)).toMatchObject({ ok: false, error: { status: 'RECEIVED' } });
  });
});

describe('at the destination', () => {
  it('receives once, and names what is missing', () => {
    const step = receiveTransfer(expected, [line('EGGS', 5)]);
    expect(step).toMatchObject({ value: { movements: [{ kind: 'transferred_in', sku: 'EGGS', quantity: 5 }] } });
    if (!step.ok) throw new Error(step.error.code);
    expect(lostLines(step.value.transfer)).toEqual([line('EGGS', 1), line('TEA', 2)]);
    expect(receiveTransfer(step.value.transfer, [line('EGGS', 5)])).toMatchObject({ value: { changed: false } });
    expect(receiveTransfer(step.value.transfer, [line('EGGS', 6)])).toMatchObject({ error: { status: 'RECEIVED' } });
  });

  it.each([
    ['more than was sent', line('EGGS', 7), 6],
    ['what was not sent', line('MILK', 1), 0],
  ])('does not receive %s', (_what, over, sentUnits) => {
    expect(receiveTransfer(expected, [over])).toEqual({
      ok: false,
      error: { code: 'MORE_THAN_SENT', line: over, sentUnits },
    });
  });

  it('either receives or closes, whichever came first [I10]', () => {
    const closed = closeTransfer(expected, expected);
    expect(closed.transfer.status).toBe('CLOSED');
    expect(receiveTransfer(closed.transfer, lines)).toMatchObject({ ok: false, error: { status: 'CLOSED' } });
    const received = receiveTransfer(expected, lines);
    if (!received.ok) throw new Error(received.error.code);
    expect(closeTransfer(received.value.transfer, expected)).toMatchObject({ changed: false });
  });

  it('keeps closed what was closed before it was announced', () => {
    const closed = closeTransfer(undefined, expected);
    expect(expectTransfer(closed.transfer, expected)).toMatchObject({ changed: false, transfer: { status: 'CLOSED' } });
  });
});
