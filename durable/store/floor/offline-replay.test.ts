import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ASHA,
  HANDOVER_CODE,
  line,
  must,
  onOfflineFloor,
  orderAt,
  RAVI,
  Recorder,
  scan,
  STORE,
} from '../../../test/support/offline-floor.ts';
import type { FloorAct, Frame, OfflineFloor } from '../../../test/support/offline-floor.ts';
import type { HostedSocket } from '../../../test/support/object-platform/hosted-socket.ts';
import { stateOf } from '../../../test/support/store-state.ts';
import { SHORT_PICK_REASONS } from '../../../domain/picking/short-pick.ts';

// Two tablets pick two orders each. Played with wifi, act by act, the store ends in some state. Played without, and brought to
// the store later in whatever order and however often the wifi lets them, the same journals must end in the same state.

const UNITS = { TEA: 9, EGGS: 9, MILK: 9, GOLD: 9 };
const PICKERS = [ASHA, RAVI] as const;
const SKUS_OF = [
  ['TEA', 'EGGS'],
  ['MILK', 'GOLD'],
] as const;
/** Between two acts with wifi: shorter than a claim lasts, for a hurried picker of two orders. */
const STEP_MS = 700;
/** Longer than any claim, so that both runs end with nobody at work. */
const AFTER_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
const PATIENCE_MS = 300_000;

type Tablet = 0 | 1;
interface Act {
  readonly tablet: Tablet;
  readonly act: FloorAct;
}

const tabletOf: fc.Arbitrary<Tablet> = fc.constantFrom(0, 1);

/** Without offers and locks, which end at a time, whatever is done. */
function anyAct(tablet: Tablet): fc.Arbitrary<Act> {
  const taskId = fc.constantFrom(...tasksOf(tablet));
  const sku = fc.constantFrom(...SKUS_OF[tablet]);
  const units = fc.integer({ min: 1, max: 3 });
  const reason = fc.constantFrom(...SHORT_PICK_REASONS);
  return fc
    .oneof(
      { weight: 2, arbitrary: taskId.map((id): FloorAct => ({ do: 'claim', taskId: id })) },
      { weight: 8, arbitrary: fc.tuple(taskId, sku, units).map(([id, what, many]) => scan(id, what, many)) },
      { weight: 1, arbitrary: taskId.map((id): FloorAct => ({ ...scan(id, 'TEA'), barcode: '4006381333931' })) },
      {
        weight: 4,
        arbitrary: fc.tuple(taskId, sku, units, reason).map(([id, what, quantity, why]): FloorAct => ({
          do: 'short',
          taskId: id,
          sku: what,
          quantity,
          reason: why,
        })),
      },
      { weight: 1, arbitrary: taskId.map((id): FloorAct => ({ do: 'release', taskId: id })) },
      {
        weight: 4,
        arbitrary: fc.tuple(taskId, fc.integer({ min: 1, max: 4 })).map(([id, n]): FloorAct => ({
          do: 'pack',
          taskId: id,
          bags: [{ seal: `SEAL-${tablet}${n}`, size: 'M', zone: 'ambient' }],
        })),
      },
      { weight: 1, arbitrary: taskId.map((id): FloorAct => ({ do: 'pack', taskId: id, bags: 0 })) },
      { weight: 3, arbitrary: taskId.map((id): FloorAct => ({ do: 'handover', taskId: id, ...handoverOf(tablet) })) },
    )
    .map((act) => ({ tablet, act }));
}
function handoverOf(tablet: Tablet): { code: string; seals: string[] } {
  return { code: HANDOVER_CODE, seals: [`SEAL-${tablet}0`] };
}
function linesOf(tablet: Tablet, n: 0 | 1) {
  const [one, other] = SKUS_OF[tablet];
  return n === 0 ? [line(one, 2), line(other, 1)] : [line(one, 1), line(other, 3)];
}
function tasksOf(tablet: Tablet): readonly [string, string] {
  return tablet === 0 ? [orderAt(1), orderAt(2)] : [orderAt(3), orderAt(4)];
}
const begin: readonly Act[] = ([0, 1] as const).flatMap((tablet) =>
  tasksOf(tablet).flatMap((taskId) => ['accept', 'claim'].map((what): Act => ({ tablet, act: { do: what, taskId } }))),
);
/** What finishes an order: each line picked or given up, some of both, then packed and handed over. */
function plan(tablet: Tablet, n: 0 | 1): fc.Arbitrary<readonly Act[]> {
  const taskId = tasksOf(tablet)[n];
  const seal = `SEAL-${tablet}${n}`;
  const reason = fc.constantFrom(...SHORT_PICK_REASONS);
  const lines = linesOf(tablet, n).map(({ sku, quantity }) =>
    fc
      .tuple(fc.integer({ min: 0, max: quantity }), reason)
      .map(([picked, why]): FloorAct[] => [
        ...(picked > 0 ? [scan(taskId, sku, picked)] : []),
        ...(picked < quantity ? [{ do: 'short', taskId, sku, quantity: quantity - picked, reason: why }] : []),
      ]),
  );
  return fc.tuple(...lines).map((done) => {
    const acts = done.flat();
    const bags = acts.some((act) => act.do === 'scan') ? [{ seal, size: 'M', zone: 'ambient' }] : [];
    const pack = { do: 'pack', taskId, bags };
    const handover = { do: 'handover', taskId, code: HANDOVER_CODE, seals: bags.map((bag) => bag.seal) };
    return [...acts, pack, handover].map((act): Act => ({ tablet, act }));
  });
}
/** Four plans and what disturbs them, woven into one another. */
const anyRun = fc
  .tuple(
    fc.tuple(plan(0, 0), plan(0, 1), plan(1, 0), plan(1, 1), fc.array(tabletOf.chain(anyAct), { maxLength: 12 })),
    fc.array(fc.nat(4), { minLength: 40, maxLength: 40 }),
  )
  .map(([lanes, turns]) => {
    const left = lanes.map((lane) => [...lane]);
    const woven = [...turns, 0, 1, 2, 3, 4].flatMap(
      (lane, i) => left[lane]?.splice(0, i < turns.length ? 1 : Infinity) ?? [],
    );
    return [...begin, ...woven];
  });

/** What happens to frames on their way: one of a tablet's arrives, by its place in what is recorded; or something breaks. */
type Event =
  | { readonly what: 'arrives'; readonly tablet: Tablet; readonly place: number }
  | { readonly what: 'inOrder'; readonly tablet: Tablet; readonly many: number }
  | { readonly what: 'reconnect'; readonly tablet: Tablet }
  | { readonly what: 'evict' }
  | { readonly what: 'later'; readonly minutes: number };
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant('arrives' as const), tablet: tabletOf, place: fc.nat(60) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('inOrder' as const),
      tablet: tabletOf,
      many: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('reconnect' as const), tablet: tabletOf }) },
  { weight: 2, arbitrary: fc.constant({ what: 'evict' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('later' as const), minutes: fc.integer({ min: 1, max: 4 }) }),
  },
);
const anyWay = fc.array(anyEvent, { maxLength: 40, size: 'max' });

async function openFloor(floor: OfflineFloor): Promise<void> {
  for (const tablet of [0, 1] as const) {
    await floor.place(tablet * 2 + 1, linesOf(tablet, 0));
    await floor.place(tablet * 2 + 2, linesOf(tablet, 1));
  }
}
function connectBoth(floor: OfflineFloor): Promise<[HostedSocket, HostedSocket]> {
  return Promise.all([floor.connect(ASHA), floor.connect(RAVI)]);
}

interface End {
  readonly state: string;
  readonly discrepancies: readonly unknown[];
}
async function endOf(floor: OfflineFloor): Promise<End> {
  await floor.platform.pass(AFTER_MS);
  const { discrepancies } = must(await floor.rpc.audit(floor.by().actor));
  return { state: stateOf(floor.sql), discrepancies };
}

/** With wifi: each act is answered before the next one is done. */
function playOnline(run: readonly Act[]): Promise<End & { readonly journals: readonly Recorder[] }> {
  return onOfflineFloor(UNITS, async (floor) => {
    await openFloor(floor);
    const sockets = await connectBoth(floor);
    const journals = [new Recorder('tablet-a'), new Recorder('tablet-b')] as const;
    for (const { tablet, act } of run) {
      await floor.say(sockets[tablet], journals[tablet].record(act, floor.nowMs));
      await floor.platform.pass(STEP_MS);
    }
    return { ...(await endOf(floor)), journals };
  });
}

/** Without: the journals come later, any way; at last each tablet sends in order what it has no answer to. */
function replay(journals: readonly Recorder[], way: readonly Event[]): Promise<End> {
  return onOfflineFloor(UNITS, async (floor) => {
    await openFloor(floor);
    await floor.platform.pass(20 * MINUTE_MS);
    const sockets = await connectBoth(floor);
    const answers = new Map<string, string>();
    async function send(tablet: Tablet, frame: Frame | undefined): Promise<void> {
      if (frame === undefined) return;
      const answer = JSON.stringify(await floor.say(sockets[tablet], frame));
      if (answer.includes('"DEVICE_GAP"')) return;
      // However often it is sent, it is answered the same.
      expect(answer).toBe(answers.get(frame.id) ?? answer);
      answers.set(frame.id, answer);
    }
    function framesOf(tablet: Tablet): readonly Frame[] {
      return journals[tablet]?.frames ?? [];
    }
    for (const event of way) {
      if (event.what === 'later') await floor.platform.pass(event.minutes * MINUTE_MS);
      else if (event.what === 'evict') await floor.platform.store(STORE).evict();
      else if (event.what === 'reconnect') sockets[event.tablet] = await floor.connect(PICKERS[event.tablet]);
      else if (event.what === 'arrives') await send(event.tablet, framesOf(event.tablet)[event.place]);
      else {
        const next = framesOf(event.tablet).findIndex(({ id }) => !answers.has(id));
        for (const frame of framesOf(event.tablet).slice(Math.max(0, next), next + event.many)) {
          await send(event.tablet, frame);
        }
      }
    }
    for (const tablet of [0, 1] as const) {
      for (const frame of framesOf(tablet)) await send(tablet, frame);
    }
    expect(answers.size).toBe(journals.reduce((sum, { frames }) => sum + frames.length, 0));
    return endOf(floor);
  });
}

describe('the journals of two tablets', () => {
  it(
    'in any order, any number of times, over reconnects and evictions, give the state of the online run [F11] [X3] [I1]',
    { timeout: PATIENCE_MS },
    async () => {
      let finished = 0;
      await fc.assert(
        fc.asyncProperty(anyRun, anyWay, async (run, way) => {
          const online = await playOnline(run);
          const offline = await replay(online.journals, way);
          expect(offline.state).toBe(online.state);
          expect([online.discrepancies, offline.discrepancies]).toEqual([[], []]);
          if (online.state.includes('"HANDED_OVER"')) finished += 1;
        }),
        { numRuns: 50 },
      );
      // Runs in which nothing is ever finished would prove little.
      expect(finished).toBeGreaterThan(5);
    },
  );
});
