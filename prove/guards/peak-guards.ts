import type { Guard } from './guard.ts';

const WAITING = 'domain/order/waiting.test.ts';
const LINE = 'domain/capacity/waiting-line.test.ts';
const WATCH = 'durable/store/capacity/waiting-watch.test.ts';

/** What stands between a line of waiting orders and a broken promise. */
export const PEAK_GUARDS: readonly Guard[] = [
  {
    name: 'nobody is charged before the store has the basket',
    file: 'domain/order/saga.ts',
    intact: "done: ({ stock }) => stock.at !== 'NONE',",
    broken: "done: ({ stock, line }) => stock.at !== 'NONE' || line !== null,",
    tests: [WAITING],
  },
  {
    name: 'nobody passes by those who wait',
    file: 'domain/capacity/waiting-line.ts',
    intact: 'if (line.every(({ calledAtMs }) => calledAtMs !== null)) return true;',
    broken: 'if (line.some(({ calledAtMs }) => calledAtMs !== null)) return true;',
    tests: [LINE, WATCH],
  },
  {
    name: 'no more are called than there is room for',
    file: 'domain/capacity/waiting-line.ts',
    intact: 'Math.min(room, CALLED_MAX) - calledBefore',
    broken: 'Math.min(room, CALLED_MAX)',
    tests: [LINE],
  },
  {
    name: 'who was called and does not come is let go',
    file: 'domain/capacity/waiting-line.ts',
    intact: 'nowMs >= calledAtMs + CALLED_FOR_MS',
    broken: 'nowMs >= untilMs',
    tests: [LINE, WATCH],
  },
  {
    name: 'a line has an end',
    file: 'durable/store/capacity/waiting-commands.ts',
    intact: 'if (line.length >= LINE_MAX) return',
    broken: 'if (line.length > LINE_MAX) return',
    tests: [WATCH],
  },
  {
    name: 'whose basket is held stands in line no more',
    file: 'durable/store/holds/hold-batch.ts',
    intact: 'if (hold.orderId !== null) books.waiting.leave(hold.orderId);',
    broken: '{}',
    tests: [WATCH],
  },
  {
    name: 'who is cancelled in line leaves it',
    file: 'domain/order/saga.ts',
    intact: 'if (line !== null && isInLine(state)) return',
    broken: 'if (line !== null && !isInLine(state)) return',
    tests: [WAITING],
  },
  {
    name: 'an order waits no longer than it may',
    file: 'domain/order/saga.ts',
    intact: 'return nowMs >= (waitsUntilMs(state) ?? 0)',
    broken: 'return nowMs > (waitsUntilMs(state) ?? 0)',
    tests: [WAITING],
  },
  {
    name: 'only the store that an order waits for calls it',
    file: 'domain/order/waiting.ts',
    intact: "line?.at === 'WAITING' && line.storeId === storeId;",
    broken: "line?.at === 'WAITING';",
    tests: [WAITING],
  },
  {
    name: 'the promise of an order that waited counts from its turn',
    file: 'domain/order/order.ts',
    intact: 'return state.line?.standing.turnAtMs ?? placedAtMs(state);',
    broken: 'return placedAtMs(state);',
    tests: [WAITING],
  },
];
