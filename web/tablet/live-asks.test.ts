import { describe, expect, it } from 'vitest';
import type { WaveAnswer } from '../../contracts/ws/tablet.ts';
import type { HostedSocket } from '../../test/support/object-platform/hosted-socket.ts';
import { ASHA, line, onOfflineFloor } from '../../test/support/offline-floor.ts';
import type { Frame, OfflineFloor } from '../../test/support/offline-floor.ts';
import { LiveAsks } from './live-asks.ts';
import type { LiveAnswer, LiveOutcome } from './live-asks.ts';

/** A tablet that asks the real store; what it sends waits until it is carried there. */
class AskingTablet {
  readonly #floor: OfflineFloor;
  readonly asks: LiveAsks;
  #socket: HostedSocket | undefined;
  #toSend: Frame[] = [];

  constructor(floor: OfflineFloor) {
    let ids = 0;
    this.#floor = floor;
    this.asks = new LiveAsks(() => `ask-${String((ids += 1)).padStart(8, '0')}`);
  }

  async connect(): Promise<void> {
    this.#socket = await this.#floor.connect(ASHA);
    this.#toSend = [];
    this.asks.connected((frame) => this.#toSend.push(frame as Frame));
    this.asks.goOn(true);
  }

  /** What was sent goes to the store; its answers come back unless they are lost. */
  async carry({ isLost = false } = {}): Promise<number> {
    const frames = this.#toSend.splice(0);
    for (const frame of frames) {
      if (this.#socket === undefined) throw new Error('no connection');
      const answer = await this.#floor.say(this.#socket, frame);
      if (!isLost) this.asks.heard(answer as unknown as LiveAnswer);
    }
    return frames.length;
  }
}

describe('what a tablet asks outside of its journal', () => {
  it('keeps its id over connections: an answer that was lost comes again, and nothing is claimed twice [X3]', () =>
    onOfflineFloor({ TEA: 9 }, async (floor) => {
      const taskId = await floor.place(1, [line('TEA', 1)]);
      const tablet = new AskingTablet(floor);
      await tablet.connect();
      const accepting = await floor.connect(ASHA);
      await floor.say(accepting, { t: 'command', id: 'accept-00000001', do: 'accept', taskId });
      const outcomes: LiveOutcome[] = [];
      tablet.asks.ask({ do: 'claimWave' }, (outcome) => outcomes.push(outcome));
      tablet.asks.goOn(true);
      expect(await tablet.carry({ isLost: true })).toBe(1);
      tablet.asks.disconnected();
      expect(tablet.asks.waits('claimWave')).toBe(true);
      await tablet.connect();
      await tablet.carry();
      const [outcome] = outcomes;
      expect(outcome?.ok === true && (outcome.value as WaveAnswer).tasks).toMatchObject([
        { taskId, status: 'PICKING' },
      ]);
      expect(tablet.asks.waits('claimWave')).toBe(false);
    }));

  it('waits for the journal, and a question is forgotten with its wire', () =>
    onOfflineFloor({ TEA: 9 }, async (floor) => {
      const tablet = new AskingTablet(floor);
      await tablet.connect();
      const outcomes: LiveOutcome[] = [];
      const taskId = await floor.place(1, [line('TEA', 1)]);
      tablet.asks.ask({ do: 'candidates', taskId, sku: 'TEA' }, (outcome) => outcomes.push(outcome));
      tablet.asks.goOn(false);
      expect(await tablet.carry()).toBe(0);
      tablet.asks.disconnected();
      expect(outcomes).toMatchObject([{ ok: false }]);
      await tablet.connect();
      expect(await tablet.carry()).toBe(0);
    }));
});
