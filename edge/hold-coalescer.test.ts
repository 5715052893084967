import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RPC_VERSION } from '../contracts/actor.ts';
import { refuse } from '../contracts/problem.ts';
import type { HoldRefusal, HoldStock, HoldView } from '../contracts/rpc/store.ts';
import { asChannelId, asHoldId, asOpId, asSku, asStoreId } from '../domain/shared/ids.ts';
import type { HoldId, StoreId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { HoldCoalescer } from './hold-coalescer.ts';
import type { HoldAnswer, HoldCaller } from './hold-coalescer.ts';

const STORE = asStoreId(`sto_${'0'.repeat(26)}`);
type Answers = readonly Result<HoldView, HoldRefusal>[];

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.stubGlobal('scheduler', { wait: () => Promise.resolve() });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The requests of one isolate, a store that knows each hold once, and a clock that only moves when told. */
class World {
  readonly coalescer = new HoldCoalescer();
  clockMs = 10_000;
  held = new Set<HoldId>();
  batches: number[] = [];
  inFlight = 0;
  inFlightMax = 0;
  direct = 0;
  loops = 0;
  timers: { dueMs: number; ring: () => void }[] = [];
  #ids = 0;
  /** What happens to a batch on its way. */
  onBatch: (commands: readonly HoldStock[], answer: () => Answers) => Promise<Answers> = (_, answer) =>
    Promise.resolve(answer());
  onDirect: (answer: () => Result<HoldView, HoldRefusal>) => Promise<Result<HoldView, HoldRefusal>> = (answer) =>
    Promise.resolve(answer());

  command(): HoldStock {
    this.#ids += 1;
    const holdId = asHoldId(`hld_${String(this.#ids).padStart(26, '0')}`);
    return {
      v: RPC_VERSION,
      actor: { kind: 'channel', channelId: asChannelId('kiosk') },
      opId: asOpId(`hold:${holdId}`),
      holdId,
      kind: 'cart',
      lines: [{ sku: asSku('MILK'), quantity: 1 }],
    };
  }

  /** A request of its own. */
  request(command = this.command()): Promise<HoldAnswer> {
    return this.coalescer.hold(STORE, command, this.caller());
  }
  requests(count: number): Promise<HoldAnswer>[] {
    return Array.from({ length: count }, () => this.request());
  }

  caller(): HoldCaller {
    return {
      holdMany: async (_: StoreId, commands) => {
        this.batches.push(commands.length);
        this.inFlight += 1;
        this.inFlightMax = Math.max(this.inFlightMax, this.inFlight);
        try {
          return await this.onBatch(commands, () => commands.map((command) => this.#hold(command)));
        } finally {
          this.inFlight -= 1;
        }
      },
      hold: (_, command) => {
        this.direct += 1;
        return this.onDirect(() => this.#hold(command));
      },
      waitUntil: () => {
        this.loops += 1;
      },
      timer: (ms) => {
        const { promise: rung, resolve: ring } = Promise.withResolvers<void>();
        const timer = { dueMs: this.clockMs + ms, ring };
        this.timers.push(timer);
        return {
          rung,
          cancel: () => {
            this.timers = this.timers.filter((other) => other !== timer);
          },
        };
      },
      nowMs: () => this.clockMs,
    };
  }

  #hold({ holdId, lines }: HoldStock): Result<HoldView, HoldRefusal> {
    this.held.add(holdId);
    return ok({ holdId, kind: 'cart', status: 'HELD', lines, setAside: lines, expiresAtMs: 0 });
  }

  /** Lets time pass, 10 ms at a time, and everything happen that it brings. */
  async pass(ms: number): Promise<void> {
    await setImmediate();
    for (const endMs = this.clockMs + ms; this.clockMs < endMs; await setImmediate()) {
      this.clockMs += Math.min(10, endMs - this.clockMs);
      const due = this.timers.filter(({ dueMs }) => dueMs <= this.clockMs);
      this.timers = this.timers.filter((timer) => !due.includes(timer));
      for (const { ring } of due) ring();
    }
  }

  after(ms: number): Promise<void> {
    return this.caller().timer(ms).rung;
  }
}

function codes(answers: readonly HoldAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const code = answer.ok ? answer.value.status : answer.error.code;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

function never<T>(): Promise<T> {
  return Promise.withResolvers<T>().promise;
}

describe('holds of many requests', () => {
  test('go to the store together while one batch is on its way, and each gets its own answer [I3]', async () => {
    const world = new World();
    world.onBatch = (_, answer) => world.after(10).then(answer);
    const commands = Array.from({ length: 600 }, () => world.command());
    const asked = Promise.all(commands.map((command) => world.request(command)));
    await world.pass(100);
    const answers = await asked;
    expect(answers.map((answer) => (answer.ok ? answer.value.holdId : answer.error.code))).toEqual(
      commands.map(({ holdId }) => holdId),
    );
    expect(world.batches).toEqual([1, 256, 256, 87]);
    expect([world.inFlightMax, world.loops, world.direct]).toEqual([1, 1, 0]);
  });

  test('one alone is sent at once', async () => {
    const world = new World();
    expect(codes([await world.request()])).toEqual({ HELD: 1 });
    expect(codes([await world.request()])).toEqual({ HELD: 1 });
    expect(world.batches).toEqual([1, 1]);
  });

  test('a refusal is its own request’s only, the store’s STORE_BUSY too [I3] [X2]', async () => {
    const world = new World();
    const short = refuse('INSUFFICIENT_STOCK', 'Short.');
    const busy = refuse('STORE_BUSY', 'Busy.', { retryAfterMs: 70 });
    world.onBatch = async (_, answer) => {
      await world.after(10);
      return answer().map((one, i) => (i === 1 ? err(short) : i === 2 ? err(busy) : one));
    };
    const asked = Promise.all(world.requests(5));
    await world.pass(50);
    const answers = await asked;
    expect(codes(answers)).toEqual({ HELD: 3, INSUFFICIENT_STOCK: 1, STORE_BUSY: 1 });
    expect(answers).toContainEqual(err(busy));
  });
});

describe('a store that is too slow', () => {
  test('keeps a bounded queue: whoever comes after 2,000 is refused before anything is sent [X2]', async () => {
    const world = new World();
    world.onBatch = (_, answer) => world.after(100).then(answer);
    const asked = world.requests(2_500);
    const refused = codes(await Promise.all(asked.slice(2_001)));
    expect(refused).toEqual({ STORE_BUSY: 499 });
    expect(world.batches).toEqual([1]);
    await world.pass(1_500);
    // 8 batches of 256 take 0.8 s: everyone inside is served in time.
    expect(codes(await Promise.all(asked.slice(0, 2_001)))).toEqual({ HELD: 2_001 });
    expect(world.held.size).toBe(2_001);
  });

  test('a refusal says when to come again, by the pace of the store [X2]', async () => {
    const world = new World();
    world.onBatch = (_, answer) => world.after(100).then(answer);
    const asked = world.requests(2_001);
    await world.pass(210);
    const refusal = await world.requests(1_000).at(-1);
    // 2,000 wait, 256 leave every 100 ms.
    expect(refusal).toMatchObject({ error: { code: 'STORE_BUSY', numbers: { retryAfterMs: 782 } } });
    await world.pass(2_500);
    await Promise.all(asked);
  });

  test('shuts the door when the oldest has waited half a second, and refuses unsent what waited a second [X2]', async () => {
    const world = new World();
    world.onBatch = never;
    world.onDirect = never;
    void world.request();
    const inside = world.requests(600);
    await world.pass(510);
    expect(codes([await world.request()])).toEqual({ STORE_BUSY: 1 });
    await world.pass(1_000);
    // The loop hangs in its first batch; those inside start another one half a second later, and then they have waited too long.
    expect(world.batches).toEqual([1, 256]);
    expect(codes(await Promise.all(inside.slice(256)))).toEqual({ STORE_BUSY: 344 });
  });

  test('is asked once more for what was sent, never for what was not [X2] [X3]', async () => {
    const world = new World();
    world.onBatch = never;
    const sent = world.request();
    await world.pass(2_500);
    expect(codes([await sent])).toEqual({ HELD: 1 });
    expect([world.batches, world.direct, world.held.size]).toEqual([[1], 1, 1]);
  });

  test('overloaded says STORE_BUSY, not the platform’s words, and is not asked again [X2]', async () => {
    const world = new World();
    world.onBatch = () => Promise.reject(Object.assign(new Error('overloaded'), { overloaded: true, retryable: true }));
    expect(codes([await world.request()])).toEqual({ STORE_BUSY: 1 });
    expect([world.batches, world.direct]).toEqual([[1], 0]);
  });
});

describe('a batch that goes wrong', () => {
  test('answered twice or too long, each request keeps its own first answer', async () => {
    const world = new World();
    world.onBatch = async (_, answer) => {
      await world.after(10);
      return [...answer(), ...answer()];
    };
    const asked = Promise.all(world.requests(10));
    await world.pass(50);
    expect(codes(await asked)).toEqual({ HELD: 10 });
    expect(world.held.size).toBe(10);
  });

  test('that loses answers has them asked for again, one by one, under the same ids [X3]', async () => {
    const world = new World();
    world.onBatch = async (_, answer) => {
      await world.after(10);
      return answer().slice(0, 2);
    };
    const asked = Promise.all(world.requests(6));
    await world.pass(50);
    expect(codes(await asked)).toEqual({ HELD: 6 });
    // The first went alone; of the five that followed two were answered.
    expect([world.direct, world.held.size]).toEqual([3, 6]);
  });

  test('that breaks for one command breaks for that one only', async () => {
    const world = new World();
    const [poison, ...others] = Array.from({ length: 5 }, () => world.command());
    world.onBatch = async (commands, answer) => {
      await world.after(10);
      if (commands.some(({ holdId }) => holdId === poison?.holdId)) throw new Error('broken');
      return answer();
    };
    const lone = world.request();
    const asked = Promise.all([poison, ...others].map((command) => world.request(command)));
    await world.pass(50);
    expect(codes([await lone, ...(await asked)])).toEqual({ HELD: 6 });
    expect(world.direct).toBe(5);
  });

  test('by a store that restarts is sent again, the same commands [X4]', async () => {
    const world = new World();
    let tries = 0;
    world.onBatch = (_, answer) => {
      tries += 1;
      const moved = Object.assign(new Error('moved'), { retryable: true });
      answer();
      return tries < 3 ? Promise.reject(moved) : Promise.resolve(answer());
    };
    expect(codes([await world.request()])).toEqual({ HELD: 1 });
    expect([world.batches, world.direct, world.held.size]).toEqual([[1, 1, 1], 0, 1]);
  });
});

describe('a loop', () => {
  /** The first loop dies with its first batch: its request was cut off, and nothing of it ever runs again. */
  function withDeadLoop(): World {
    const world = new World();
    const alive = world.onBatch;
    world.onBatch = (commands, answer) => {
      world.onBatch = alive;
      answer();
      return commands.length > 0 ? never() : Promise.resolve([]);
    };
    return world;
  }

  test('that died is followed by one of those who wait [X3]', async () => {
    const world = withDeadLoop();
    const asked = Promise.all(world.requests(10));
    await world.pass(600);
    expect(world.batches).toEqual([1, 9]);
    await world.pass(2_000);
    expect(codes(await asked)).toEqual({ HELD: 10 });
    expect([world.loops, world.direct, world.held.size]).toEqual([2, 1, 10]);
  });

  test('that died with a full queue of requests that are gone is followed by whoever comes next', async () => {
    const world = withDeadLoop();
    const gone = world.requests(2_001);
    world.timers = [];
    await world.pass(1_500);
    expect(codes([await world.request()])).toEqual({ HELD: 1 });
    expect(codes(await Promise.all(gone.slice(1)))).toEqual({ STORE_BUSY: 2_000 });
  });

  test('ends when nobody waits, and under a steady load is followed before its request is cut off', async () => {
    const world = new World();
    world.onBatch = (_, answer) => world.after(10).then(answer);
    const asked: Promise<HoldAnswer>[] = [];
    for (let i = 0; i < 1_200; i += 1) {
      asked.push(...world.requests(2));
      await world.pass(5);
    }
    await world.pass(100);
    expect(codes(await Promise.all(asked))).toEqual({ HELD: 2_400 });
    // 6 s of load, a loop for 250 batches each.
    expect(world.loops).toBeGreaterThanOrEqual(3);
    expect(world.loops).toBeLessThanOrEqual(6);
    expect(world.inFlightMax).toBeLessThanOrEqual(2);
    expect(world.direct).toBe(0);
  });
});
