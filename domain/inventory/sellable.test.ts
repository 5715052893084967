import { describe, expect, it } from 'vitest';
import { asChannelId } from '../shared/ids.ts';
import { APP_CHANNEL, sellableTo } from './sellable.ts';
import { NO_STOCK } from './stock-level.ts';

const [KIOSK, MARKET] = [asChannelId('kiosk'), asChannelId('market')];

function account(available: number, over: { safetyUnits?: number; quarantined?: boolean } = {}) {
  return { level: { ...NO_STOCK, received: available, available }, safetyUnits: 0, quarantined: false, ...over };
}
function fence(channel: typeof KIOSK, unusedUnits: number) {
  return { channel, allocationUnits: 9, unusedUnits };
}

describe('what a channel may still take [I10]', () => {
  it.each([
    ['everything, when nothing is agreed', APP_CHANNEL, account(8), 0, [], 8],
    ['not the safety stock', APP_CHANNEL, account(8, { safetyUnits: 3 }), 0, [], 5],
    ['nothing when there is less than the safety stock', APP_CHANNEL, account(2, { safetyUnits: 3 }), 0, [], 0],
    ['nothing of a quarantined SKU', KIOSK, account(8, { quarantined: true }), 0, [fence(KIOSK, 3)], 0],
    ['all but its buffer', KIOSK, account(8), 3, [], 5],
    ['not what others have fenced', APP_CHANNEL, account(8), 0, [fence(KIOSK, 3), fence(MARKET, 1)], 4],
    ['its own fence and the rest', KIOSK, account(8), 0, [fence(KIOSK, 3), fence(MARKET, 1)], 7],
    ['its own fence in spite of its buffer', KIOSK, account(4), 5, [fence(KIOSK, 3)], 3],
    ['what is left of the shelf, when more was fenced than there is', KIOSK, account(2), 0, [fence(KIOSK, 3)], 2],
    ['nothing beside fences that ask for more than there is', APP_CHANNEL, account(2), 0, [fence(KIOSK, 3)], 0],
  ])('%s', (_rule, channel, stock, bufferUnits, fences, units) => {
    expect(sellableTo(channel, stock, { bufferUnits, fences })).toBe(units);
  });
});
