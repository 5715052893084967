import { expect, test } from 'vitest';
import { coarse, judge, NO_TRACK } from '../../domain/dispatch/position.ts';
import { SquareRide } from './positions.ts';

const STORE = { lat: 12.9716, lng: 77.6412 };
const EVERY_MS = 500;

test('a coarse position tells which of the last four pings it shows, and each is one that a courier can have come', () => {
  const ride = new SquareRide(STORE);
  let track = NO_TRACK;
  for (let ping = 0; ping < 12; ping += 1) {
    const at = ride.next(ping * EVERY_MS);
    expect(coarse(at)).toEqual(at);
    expect(ride.sentAtMs(coarse(at))).toBe(ping * EVERY_MS);
    const judged = judge(track, { ...at, atMs: ping * EVERY_MS });
    expect(judged.accepted).toBe(true);
    track = judged.track;
  }
  expect(ride.sentAtMs(STORE)).toBe(4_000);
  expect(ride.sentAtMs({ lat: 12.98, lng: 77.65 })).toBeUndefined();
});
