import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASHA, line, onOfflineFloor, scan, STORE } from '../../test/support/offline-floor.ts';
import type { OfflineFloor } from '../../test/support/offline-floor.ts';
import type { HostedSocket } from '../../test/support/object-platform/hosted-socket.ts';
import { DeviceJournal, ENTRIES_MAX } from './device-journal.ts';
import type { AnswerFrame, FloorAct, SavedJournal } from './device-journal.ts';

// The journal of a tablet against the real store, over wifi that comes and goes.

const PATIENCE_MS = 120_000;

/** A tablet that can be switched off: what it has saved stays. */
class TestTablet {
  readonly #floor: OfflineFloor;
  saved: SavedJournal | undefined;
  journal!: DeviceJournal;
  #socket: HostedSocket | undefined;
  #toSend: object[] = [];
  #timers: (() => void)[] = [];
  #ids = 0;
  #lives = 0;
  readonly sent: object[] = [];

  constructor(floor: OfflineFloor) {
    this.#floor = floor;
  }

  async switchOn(): Promise<void> {
    this.cut();
    this.#lives += 1;
    const life = this.#lives;
    this.journal = await DeviceJournal.open({
      load: async () => this.saved,
      save: async (journal) => {
        // What was not written when it was switched off, never is.
        if (life === this.#lives) this.saved = structuredClone(journal);
      },
      newId: () => `id-${String((this.#ids += 1)).padStart(8, '0')}`,
      nowMs: () => this.#floor.nowMs,
      later: (_ms, then) => {
        this.#timers.push(then);
      },
      changed: () => undefined,
    });
  }

  record(act: FloorAct): Promise<boolean> {
    return this.journal.record(act, act.do);
  }

  async connect(): Promise<void> {
    this.#socket = await this.#floor.connect(ASHA);
    this.#toSend = [];
    this.journal.connected((frame) => {
      this.#toSend.push(frame);
    });
  }

  cut(): void {
    this.#socket = undefined;
    this.#toSend = [];
    this.#timers = [];
    this.journal?.disconnected();
  }

  /** Sends so many frames; of the last one the answer is lost if the wire is cut. */
  async pump(frames = Infinity, loseLast = false): Promise<void> {
    for (let n = 0; n < frames; n += 1) {
      const frame = this.#toSend.shift();
      const socket = this.#socket;
      if (frame === undefined || socket === undefined) {
        const timers = this.#timers.splice(0);
        if (timers.length === 0) return settled();
        await this.#floor.platform.pass(1000);
        for (const ring of timers) ring();
        continue;
      }
      this.sent.push(frame);
      await this.#floor.platform.sayOn(socket, STORE, JSON.stringify(frame));
      const answers = socket.read().filter((sent): sent is AnswerFrame => (sent as AnswerFrame).t === 'answer');
      if (loseLast && n === frames - 1) return settled();
      for (const answer of answers) this.journal.heard(answer);
    }
  }
}

/** What was begun to be saved is. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function withTablet<T>(
  body: (tablet: TestTablet, floor: OfflineFloor, taskId: string) => Promise<T>,
): Promise<T> {
  return onOfflineFloor({ TEA: 99, MILK: 3 }, async (floor) => {
    const taskId = await floor.place(1, [line('TEA', 60)]);
    const tablet = new TestTablet(floor);
    await tablet.switchOn();
    await tablet.connect();
    for (const act of ['accept', 'claim']) await tablet.record({ do: act, taskId });
    await tablet.pump();
    return body(tablet, floor, taskId);
  });
}
function pickedOf(floor: OfflineFloor): unknown {
  return floor.rows('SELECT picked FROM pick_lines')[0]?.['picked'];
}

describe('the journal of a tablet', () => {
  it('keeps what is done without wifi, sends it when there is some, and drops what is answered [X3]', () =>
    withTablet(async (tablet, floor, taskId) => {
      expect(tablet.journal.entries).toEqual([]);
      tablet.cut();
      for (let n = 0; n < 45; n += 1) await tablet.record(scan(taskId, 'TEA'));
      expect(tablet.journal.entries).toHaveLength(45);
      expect(pickedOf(floor)).toBe(0);
      await tablet.connect();
      await tablet.pump();
      expect(tablet.journal.entries).toEqual([]);
      expect(pickedOf(floor)).toBe(45);
    }));

  it('shows what was refused, in the words of the store, until it was read', () =>
    withTablet(async (tablet, floor, taskId) => {
      tablet.cut();
      await tablet.record(scan(taskId, 'TEA'));
      await tablet.record(scan(taskId, 'MILK'));
      await floor.cancel(taskId as Parameters<typeof floor.cancel>[0]);
      await tablet.connect();
      await tablet.pump();
      expect(tablet.journal.refused).toMatchObject([
        { act: { barcode: scan(taskId, 'TEA')['barcode'] }, problem: { code: 'TASK_STATE' } },
        { problem: { code: 'TASK_STATE' } },
      ]);
      await tablet.switchOn();
      expect(tablet.journal.refused).toHaveLength(2);
      for (const { id } of tablet.journal.refused) tablet.journal.dismiss(id);
      await settled();
      expect(tablet.saved?.refused).toEqual([]);
    }));

  it('sends what was switched off with it, also when its answer was lost, and nothing is done twice', () =>
    withTablet(async (tablet, floor, taskId) => {
      tablet.cut();
      for (let n = 0; n < 5; n += 1) await tablet.record(scan(taskId, 'TEA'));
      await tablet.connect();
      await tablet.pump(4, true);
      expect(pickedOf(floor)).toBe(3);
      await tablet.switchOn();
      expect(tablet.journal.entries).toHaveLength(3);
      await tablet.connect();
      await tablet.pump(1);
      // Two are done at the store; what the screen adds to the store's picture is the rest.
      expect(tablet.journal.undone).toHaveLength(2);
      await tablet.pump();
      expect(pickedOf(floor)).toBe(5);
    }));

  it('more than the store takes at once is sent again when it is told to', () =>
    withTablet(async (tablet, floor, taskId) => {
      tablet.cut();
      const count = 320;
      for (let n = 0; n < count; n += 1) {
        await tablet.record({ do: 'short', taskId, sku: 'NONE', quantity: 1, reason: 'DAMAGED' });
      }
      await tablet.record(scan(taskId, 'TEA'));
      await tablet.connect();
      await tablet.pump();
      expect(tablet.journal.entries).toEqual([]);
      expect(pickedOf(floor)).toBe(1);
    }));

  it('begins anew where the store has forgotten it, or knows more of it than the tablet, and does nothing twice', () =>
    withTablet(async (tablet, floor, taskId) => {
      const copy = tablet.saved;
      tablet.cut();
      await tablet.record(scan(taskId, 'TEA'));
      await tablet.record(scan(taskId, 'TEA'));
      await tablet.connect();
      await tablet.pump(2, true);
      floor.rows('DELETE FROM devices RETURNING seq');
      await tablet.connect();
      await tablet.pump();
      expect([pickedOf(floor), tablet.journal.entries]).toEqual([2, []]);
      expect(tablet.saved?.device).not.toBe(copy?.device);
      // A tablet that was set back to an older picture of itself.
      await tablet.record(scan(taskId, 'TEA'));
      await tablet.pump();
      if (tablet.saved !== undefined) tablet.saved = { ...tablet.saved, lastSeq: 1 };
      await tablet.switchOn();
      await tablet.record(scan(taskId, 'TEA'));
      await tablet.connect();
      await tablet.pump();
      expect([pickedOf(floor), tablet.journal.entries]).toEqual([4, []]);
    }));

  it('strikes what no store can read, and goes on', () =>
    withTablet(async (tablet, floor, taskId) => {
      tablet.cut();
      await tablet.record({ do: 'fly', taskId });
      await tablet.record({ ...scan(taskId, 'TEA'), quantity: 0 });
      await tablet.record(scan(taskId, 'TEA'));
      await tablet.connect();
      await tablet.pump();
      expect(tablet.journal.refused.map(({ problem }) => problem.code)).toEqual(['INVALID_INPUT', 'INVALID_INPUT']);
      expect([pickedOf(floor), tablet.journal.entries]).toEqual([1, []]);
    }));

  it('takes no more than a shift of acts', () =>
    withTablet(async (tablet, _floor, taskId) => {
      tablet.cut();
      for (let n = 0; n < ENTRIES_MAX; n += 1) {
        expect(await tablet.record(scan(taskId, 'TEA'))).toBe(true);
      }
      expect(await tablet.record(scan(taskId, 'TEA'))).toBe(false);
      expect(tablet.saved?.entries).toHaveLength(ENTRIES_MAX);
    }));

  it('does each act once and in order, whatever breaks [F11] [X3]', { timeout: PATIENCE_MS }, async () => {
    type Mishap =
      | { readonly what: 'act' }
      | { readonly what: 'connect' | 'cut' | 'switchOff' | 'evict' | 'forget' }
      | { readonly what: 'pump'; readonly frames: number; readonly loses: boolean };
    const mishap: fc.Arbitrary<Mishap> = fc.oneof(
      { weight: 6, arbitrary: fc.constant({ what: 'act' as const }) },
      {
        weight: 6,
        arbitrary: fc.record({
          what: fc.constant('pump' as const),
          frames: fc.integer({ min: 1, max: 9 }),
          loses: fc.boolean(),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          ...(['connect', 'connect', 'cut', 'switchOff', 'evict', 'forget'] as const).map((what) => ({ what })),
        ),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(mishap, { maxLength: 50, size: 'max' }), async (mishaps) => {
        await withTablet(async (tablet, floor, taskId) => {
          let acts = 0;
          for (const each of mishaps) {
            if (each.what === 'act') {
              acts += 1;
              await tablet.record(scan(taskId, 'TEA'));
            } else if (each.what === 'pump') {
              await tablet.pump(each.frames, each.loses);
              if (each.loses) tablet.cut();
            } else if (each.what === 'connect') await tablet.connect();
            else if (each.what === 'cut') tablet.cut();
            else if (each.what === 'switchOff') await tablet.switchOn();
            else if (each.what === 'evict') await floor.platform.store(STORE).evict();
            else floor.rows('DELETE FROM devices RETURNING seq');
          }
          await tablet.switchOn();
          await tablet.connect();
          await tablet.pump();
          expect(tablet.journal.entries).toEqual([]);
          expect(tablet.journal.refused).toEqual([]);
          expect(pickedOf(floor)).toBe(acts);
        });
      }),
      { numRuns: 40 },
    );
  });
});
