import { describe, expect, it } from 'vitest';
import {
  ASHA,
  HANDOVER_CODE,
  line,
  LOT,
  must,
  onOfflineFloor,
  RAVI,
  Recorder,
  scan,
  STORE,
} from '../../../test/support/offline-floor.ts';
import type { FloorAct, OfflineFloor, Told } from '../../../test/support/offline-floor.ts';
import { CLAIM_LEASE_MS } from '../../../domain/picking/claim.ts';
import { asSubstitutionId } from '../../../domain/shared/ids.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';

// Asha claims an order of three TEA with wifi, and works on where there is none. What she did is in her tablet's journal; what
// happened meanwhile is in the name of the test. docs/protocols/tablet.md has a row for each.

const MINUTE_MS = 60_000;

interface Away {
  readonly floor: OfflineFloor;
  readonly taskId: OrderId;
  /** Does something without wifi. */
  did(act: FloorAct): void;
  /** With wifi again: the answers to all that was done without, in order. */
  back(): Promise<Told[]>;
  /** Ravi does something, with wifi. */
  ravi(act: FloorAct): Promise<Told>;
}

function whileAway<T>(body: (away: Away) => Promise<T>): Promise<T> {
  return onOfflineFloor({ TEA: 6, MILK: 3 }, async (floor) => {
    const taskId = await floor.place(1, [line('TEA', 3)]);
    const [journal, ravis] = [new Recorder('tablet-asha'), new Recorder('tablet-ravi')];
    const before = await floor.connect(ASHA);
    for (const act of ['accept', 'claim']) {
      expect(await floor.say(before, journal.record({ do: act, taskId }, floor.nowMs))).toMatchObject({ ok: true });
    }
    const sent = journal.frames.length;
    return body({
      floor,
      taskId,
      did: (act) => {
        journal.record(act, floor.nowMs);
      },
      back: async () => {
        const socket = await floor.connect(ASHA);
        const answers: Told[] = [];
        for (const frame of journal.frames.slice(sent)) answers.push(await floor.say(socket, frame));
        return answers;
      },
      ravi: async (act) => {
        const answer = await floor.say(await floor.connect(RAVI), ravis.record(act, floor.nowMs));
        expect(answer).toMatchObject({ ok: true });
        return answer;
      },
    });
  });
}

function isTaskEvent({ type }: Told): boolean {
  return String(type).startsWith('pick_task.');
}
function levelOf(floor: OfflineFloor, sku = 'TEA') {
  return floor.rows('SELECT available, allocated, picked, sold FROM stock WHERE sku = ?', sku)[0];
}

describe('a tablet that comes back', () => {
  it('after 20 minutes finishes the order: who lost the claim to the clock claims it again [F11] [F8]', () =>
    whileAway(async ({ floor, taskId, did, back }) => {
      did(scan(taskId, 'TEA', 2));
      did({ do: 'short', taskId, sku: 'TEA', quantity: 1, reason: 'DAMAGED', from: 'SHELF' });
      did({ do: 'pack', taskId, bags: [{ seal: 'SEAL-0001', size: 'S', zone: 'ambient' }] });
      await floor.platform.pass(20 * MINUTE_MS);
      expect(floor.rows('SELECT status, lapsed_from FROM pick_tasks')).toEqual([
        { status: 'ACCEPTED', lapsed_from: ASHA },
      ]);
      const answers = await back();
      expect(answers).toMatchObject([
        { ok: true, value: { status: 'PICKING', reclaimed: true, line: { picked: 2 } } },
        { ok: true, value: { status: 'PICKING', line: { shorted: 1 } } },
        { ok: true, value: { status: 'PACKED' } },
      ]);
      expect(answers[1]).not.toHaveProperty('value.reclaimed');
      expect(floor.rows('SELECT status, picker_id, lapsed_from FROM pick_tasks')).toEqual([
        { status: 'PACKED', picker_id: ASHA, lapsed_from: null },
      ]);
      await floor.platform.settle();
      const told = (floor.platform.log.get('stores.events.v1') ?? [])
        .map((text) => JSON.parse(text) as Told)
        .filter(isTaskEvent);
      expect(told.map(({ type }) => type)).toEqual(
        ['created', 'accepted', 'claimed', 'requeued', 'claimed', 'packed'].map((step) => `pick_task.${step}`),
      );
      // When the tablet says it was packed, beside when the store heard of it.
      const { time, data } = told.at(-1) as { time: string; data: { actedAt: string; packedAt: string } };
      expect(data.packedAt).toBe(time);
      expect(Date.parse(time) - Date.parse(data.actedAt)).toBe(20 * MINUTE_MS);
      // The order hears that picking began once.
      expect(floor.platform.reports.map(({ step }) => step)).toEqual(['accepted', 'claimed', 'packed']);
      expect(must(await floor.rpc.audit(floor.by().actor)).discrepancies).toEqual([]);
    }));

  it('to an order that another has is told to give that picker the goods [F11]', () =>
    whileAway(async ({ floor, taskId, did, back, ravi }) => {
      did(scan(taskId, 'TEA', 2));
      await floor.platform.pass(2 * MINUTE_MS);
      await ravi({ do: 'claim', taskId });
      expect(await back()).toMatchObject([
        {
          ok: false,
          problem: {
            code: 'TASK_TAKEN',
            detail: 'Another picker has this order: give them what you took for it, they scan it.',
            numbers: { pickerId: RAVI, goods: 'TO_PICKER' },
          },
        },
      ]);
      expect(levelOf(floor)).toMatchObject({ allocated: 3, picked: 0 });
    }));

  it('to an order that the lead has offered to another is told the same', () =>
    whileAway(async ({ floor, taskId, did, back }) => {
      did(scan(taskId, 'TEA', 2));
      await floor.platform.pass(2 * MINUTE_MS);
      const lead = await floor.platform.openTablet(STORE, floor.by().actor);
      const offer = { t: 'command', id: 'lead-0001', do: 'handoff', taskId, to: RAVI };
      expect(await floor.say(lead, offer)).toMatchObject({ ok: true });
      expect(await back()).toMatchObject([{ problem: { code: 'TASK_TAKEN', numbers: { goods: 'TO_PICKER' } } }]);
    }));

  it('to an order that another had and gave back is told to claim it and to scan again', () =>
    whileAway(async ({ floor, taskId, did, back, ravi }) => {
      did(scan(taskId, 'TEA', 2));
      await floor.platform.pass(2 * MINUTE_MS);
      await ravi({ do: 'claim', taskId });
      await ravi({ do: 'release', taskId });
      expect(await back()).toMatchObject([{ problem: { code: 'TASK_REQUEUED', numbers: { goods: 'KEEP' } } }]);
      expect(levelOf(floor)).toMatchObject({ picked: 0 });
    }));

  it('to an order that was cancelled is told to bring back what it took, and nothing is written off [F11]', () =>
    whileAway(async ({ floor, taskId, did, back }) => {
      const online = await floor.connect(ASHA);
      const first = { t: 'command', id: 'online-0001', ...scan(taskId, 'TEA') };
      expect(await floor.say(online, first)).toMatchObject({ ok: true });
      did(scan(taskId, 'TEA'));
      did({ do: 'short', taskId, sku: 'TEA', quantity: 1, reason: 'DAMAGED' });
      did({ do: 'pack', taskId, bags: 1 });
      await floor.cancel(taskId);
      const refused = { code: 'TASK_STATE', numbers: { status: 'RESTOCK', goods: 'TO_SHELF' } };
      expect(await back()).toMatchObject([{ problem: refused }, { problem: refused }, { problem: refused }]);
      // One unit was picked with wifi and waits in the tote; the others can be sold.
      expect(levelOf(floor)).toMatchObject({ available: 5, allocated: 0, picked: 1 });
    }));

  it('to an order that another packed is told to bring back what it took', () =>
    whileAway(async ({ floor, taskId, did, back, ravi }) => {
      did(scan(taskId, 'TEA', 3));
      await floor.platform.pass(2 * MINUTE_MS);
      await ravi({ do: 'claim', taskId });
      await ravi(scan(taskId, 'TEA', 3));
      await ravi({ do: 'pack', taskId, bags: 1 });
      const packed = { code: 'TASK_STATE', numbers: { status: 'PACKED', goods: 'TO_SHELF', by: RAVI } };
      expect(await back()).toMatchObject([{ problem: packed }]);
      await ravi({ do: 'handover', taskId, code: HANDOVER_CODE });
      expect(levelOf(floor)).toMatchObject({ available: 3, sold: 3, picked: 0 });
    }));

  it('to a line that a count made shorter is told the line as it is now', () =>
    whileAway(async ({ floor, taskId, did, back }) => {
      did(scan(taskId, 'TEA', 2));
      did(scan(taskId, 'TEA'));
      await count(floor, 'TEA', 2);
      const answers = await back();
      expect(answers).toMatchObject([
        { ok: true, value: { line: { picked: 2 } } },
        {
          problem: {
            code: 'OVER_QUANTITY',
            numbers: { left: 0, goods: 'TO_SHELF', line: { sku: 'TEA', quantity: 3, picked: 2, shorted: 1 } },
          },
        },
      ]);
    }));

  it('to a line that a substitute was approved for is told the line as it is now, and what to pick before it packs [F11]', () =>
    whileAway(async ({ floor, taskId, did, back }) => {
      const online = await floor.connect(ASHA);
      const short = { do: 'short', taskId, sku: 'TEA', quantity: 1, reason: 'DAMAGED' };
      const propose = { do: 'substitute', taskId, sku: 'TEA', substitute: 'MILK', quantity: 1 };
      expect(await floor.say(online, { t: 'command', id: 'online-0001', ...short })).toMatchObject({ ok: true });
      const proposed = await floor.say(online, { t: 'command', id: 'online-0002', ...propose });
      const { proposalId } = proposed['value'] as { proposalId: string };
      // Without wifi she finds a third one after all, and packs.
      did(scan(taskId, 'TEA', 2));
      did(scan(taskId, 'TEA'));
      did({ do: 'pack', taskId, bags: [{ seal: 'SEAL-0001', size: 'S', zone: 'ambient' }] });
      const settle = {
        do: 'SettleSubstitution',
        proposalId: asSubstitutionId(proposalId),
        answer: 'APPROVED',
      } as const;
      const actor = { kind: 'object', object: 'order', id: taskId } as const;
      must(await floor.rpc.execute({ ...floor.by(actor), ...settle, orderId: taskId }));
      expect(await back()).toMatchObject([
        { ok: true, value: { line: { picked: 2, shorted: 1 } } },
        { problem: { code: 'OVER_QUANTITY', numbers: { goods: 'TO_SHELF', line: { quantity: 3, shorted: 1 } } } },
        { problem: { code: 'TASK_STATE', numbers: { open: [{ sku: 'MILK', missing: 1 }] } } },
      ]);
    }));

  it('with goods of a lot that was recalled meanwhile is told to show them to the lead', () =>
    whileAway(async ({ floor, taskId, did, back }) => {
      did(scan(taskId, 'TEA'));
      const recall = { do: 'RecallLot', sku: line('TEA', 1).sku, lotId: LOT, reason: 'QUALITY' } as const;
      must(await floor.rpc.execute({ ...floor.by(), ...recall }));
      const refused = { code: 'OVER_QUANTITY', numbers: { left: 0, goods: 'TO_LEAD', line: { shorted: 3 } } };
      expect(await back()).toMatchObject([{ problem: refused }]);
      expect(levelOf(floor)).toMatchObject({ picked: 0 });
    }));

  it('whose picker gave the order back itself, without wifi, has no claim on it any more', () =>
    whileAway(async ({ floor, taskId, did, back }) => {
      did(scan(taskId, 'TEA'));
      did({ do: 'release', taskId });
      did(scan(taskId, 'TEA'));
      await floor.platform.pass(20 * MINUTE_MS);
      expect(await back()).toMatchObject([
        { ok: true, value: { reclaimed: true, line: { picked: 1 } } },
        { ok: true, value: { status: 'ACCEPTED' } },
        { problem: { code: 'TASK_REQUEUED' } },
      ]);
    }));

  it('to an order that the store has forgotten is told that there is none', () =>
    whileAway(async ({ floor, taskId, did, back }) => {
      await floor.cancel(taskId);
      did(scan(taskId, 'TEA'));
      floor.platform.nowMs += 31 * 24 * 60 * MINUTE_MS;
      await floor.platform.store(STORE).ring();
      await floor.place(2, [line('MILK', 1)]);
      floor.rows("DELETE FROM pick_tasks WHERE status = 'CANCELLED' RETURNING 1");
      // The journal was forgotten before the task was: it begins anew.
      expect(await back()).toMatchObject([{ problem: { code: 'DEVICE_GAP', numbers: { missing: 1 } } }]);
      const anew = new Recorder('tablet-asha-2').record(scan(taskId, 'TEA'), floor.nowMs);
      expect(await floor.say(await floor.connect(ASHA), anew)).toMatchObject({
        problem: { code: 'TASK_NOT_FOUND' },
      });
    }));
});

describe('the clock of a tablet', () => {
  it('decides nothing: a year ahead or behind, the claim ends by the store’s, and only who is ahead is told', () =>
    whileAway(async ({ floor, taskId }) => {
      const socket = await floor.connect(ASHA);
      const journal = new Recorder('tablet-year');
      const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;
      const ahead = await floor.say(socket, journal.record(scan(taskId, 'TEA'), floor.nowMs + YEAR_MS));
      expect(ahead).toMatchObject({ ok: true, value: { clockOffsetMs: YEAR_MS } });
      const behind = await floor.say(socket, journal.record(scan(taskId, 'TEA'), floor.nowMs - YEAR_MS));
      expect(behind).toMatchObject({ ok: true });
      expect(behind).not.toHaveProperty('value.clockOffsetMs');
      expect(floor.rows('SELECT lease_ends_at_ms - ? AS lease FROM pick_tasks', floor.nowMs)).toEqual([
        { lease: CLAIM_LEASE_MS },
      ]);
      const asked = { t: 'device', id: 'hello-0001', device: journal.device, at: new Date(0).toISOString() };
      expect(await floor.say(socket, asked)).toMatchObject({
        value: { device: journal.device, seq: 2, clockOffsetMs: -floor.nowMs, at: new Date(floor.nowMs).toISOString() },
      });
    }));
});

/** Counts a shelf until the count is believed. */
async function count(floor: OfflineFloor, sku: string, quantity: number): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const asked = await floor.rpc.execute({ ...floor.by(), do: 'RequestCount', sku: line(sku, 1).sku });
    const { countId } = must(asked);
    must(await floor.rpc.execute({ ...floor.by(), do: 'StartCount', countId }));
    const made = must(await floor.rpc.execute({ ...floor.by(), do: 'SubmitCount', countId, quantity }));
    if (made.outcome === 'COUNTED') return;
  }
  throw new Error('three counts were not believed');
}
