import { cashInHandMinor } from '../../domain/order/cash.ts';
import { cashDueMinor } from '../../domain/order/decide.ts';
import { quoteOf } from '../../domain/order/order.ts';
import { asSku, asSubstitutionId } from '../../domain/shared/ids.ts';
import { drawWhole } from '../../scripts/shared/seeded-random.ts';
import { COURIER } from '../../test/support/order-life.ts';
import type { Told } from '../../test/support/order-life.ts';
import { judge, lapsingMinor, ourBooks, unbalanced } from './judge.ts';
import type { OurBooks, TheirBooks } from './judge.ts';
import { ACTS_MAX, MoneyLife, pick } from './life.ts';
import type { Spoil } from './spoil.ts';

const SKUS = ['MILK-1L', 'EGGS-6'] as const;

export interface Played {
  readonly life: MoneyLife;
  readonly acts: number;
  readonly theirs: TheirBooks;
  readonly ours: OurBooks;
  /** Whether a sweep had to take back what nobody wanted. */
  readonly swept: boolean;
  readonly lapsingMinor: number;
  /** In words; empty when the books agree. */
  readonly wrong: readonly string[];
}

/** One life, drawn from its seed: what comes in whatever order, then quiet, then the books of all who have some side by side. */
export async function play(seed: number, spoil: Spoil | null, actsMax = Infinity): Promise<Played> {
  const before = globalThis.fetch;
  let life: MoneyLife | null = null;
  globalThis.fetch = (input, init) => (life === null ? before(input, init) : life.fetch(input, init ?? {}));
  try {
    life = new MoneyLife(seed, spoil);
    await life.fill();
    return await lived(life, actsMax);
  } finally {
    globalThis.fetch = before;
  }
}

async function lived(life: MoneyLife, actsMax: number): Promise<Played> {
  const { random } = life;
  const acts = Math.min(actsMax, drawWhole(random, 5, ACTS_MAX));
  const wrong: string[] = [];
  life.meanwhile = () => {
    if (random() < 0.06) pick(random, MEANWHILE)(life);
  };
  for (let act = 0; act < acts; act += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await drawAct(random)(life);
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (random() < 0.8) await life.run();
    wrong.push(...unbalanced(life.log()));
  }
  await quieten(life);
  // Only what came late, or an approval after the order had given up, may have to be swept.
  const isExplained = life.road.latecomers > 0 || life.lateApprovals > 0;
  if (!isExplained) wrong.push(...judge(life.log(), await life.theirs()));
  const swept = (await life.sweep()) === 'REPAIRED';
  await life.rest();
  const theirs = await life.theirs();
  wrong.push(...judge(life.log(), theirs));
  const log = life.log();
  return {
    life,
    acts,
    theirs,
    ours: ourBooks(log),
    swept,
    lapsingMinor: lapsingMinor(log, theirs),
    wrong: [...new Set(wrong)],
  };
}

/** Nothing goes wrong any more: what is under way arrives, what is held is sent, the customer decides or not, and the order rests. */
async function quieten(life: MoneyLife): Promise<void> {
  const { random, road } = life;
  life.meanwhile = () => undefined;
  const isLateArrival = random() < 0.5;
  if (!isLateArrival) await road.arrive();
  road.isCalm = true;
  await life.script({ webhooks: { copies: 1, hold: false, sign: 'current', ageS: 0 } });
  life.psp.notices.release(random() < 0.5);
  await life.psp.notices.idle();
  if (life.order.payment.at === 'PENDING' && random() < 0.6) await life.decide(true);
  await life.rest();
  await road.arrive();
  await life.psp.notices.idle();
  await life.rest();
}

type Act = (life: MoneyLife) => void | Promise<void>;
type Meanwhile = (life: MoneyLife) => void;

/** What needs nobody's answer, and so may happen between a call and its answer. */
const MEANWHILE: readonly [Meanwhile, ...Meanwhile[]] = [
  cancel,
  crash,
  loseHold,
  askRefund,
  (life) => {
    life.psp.notices.release(life.random() < 0.5);
  },
  (life) => {
    void life.decide(life.random() < 0.7);
  },
];

const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [50, onward],
  [6, askRefund],
  [4, substitute],
  [2, cancel],
  [2, loseHold],
  [3, crash],
  [6, (life) => life.decide(life.random() < 0.7)],
  [4, changeManner],
  [3, (life) => life.psp.notices.release(life.random() < 0.5)],
  [3, (life) => life.replay(life.random() < 0.3)],
  [4, misbehave],
  [3, wait],
  [2, handIn],
  [1, (life) => life.tell({ do: 'report_pick', step: 'rejected', reason: 'OTHER' })],
];
const WEIGHT = ACTS.reduce((sum, [weight]) => sum + weight, 0);

function drawAct(random: () => number): Act {
  let left = random() * WEIGHT;
  for (const [weight, act] of ACTS) {
    left -= weight;
    if (left < 0) return act;
  }
  return onward;
}

/** Whatever brings the order nearer to the door. */
async function onward(life: MoneyLife): Promise<void> {
  const { status, call, courier, payment } = life.order;
  if (call !== null) life.jump();
  else if (status === 'PENDING' && payment.at === 'PENDING') await life.decide(life.random() < 0.8);
  else if (status === 'PENDING') life.jump();
  else if (status === 'ASSIGNED_TO_STORE') life.tell({ do: 'report_pick', step: 'claimed' });
  else if (status === 'PICKING' && courier.at === 'REQUESTED') {
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  } else if (status === 'PICKING') pack(life);
  else if (status === 'ASSIGNED_TO_PARTNER') life.tell({ do: 'report_pick', step: 'handed_over' });
  else if (status === 'PICKED_UP') life.tell({ do: 'report_courier', step: 'departed', courierId: COURIER });
  else if (status === 'IN_TRANSIT') {
    const collectedMinor = cashDueMinor(life.order);
    life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321', collectedMinor });
  }
}

/** All of it, or less, down to nothing, at any weight; and what was agreed to instead. */
function pack(life: MoneyLife): void {
  const { random, order } = life;
  if (random() < 0.4) {
    life.tell({ do: 'report_pick', step: 'packed' });
    return;
  }
  const own = quoteOf(order).lines.map(({ sku, quantity: ordered, weighed }) => {
    const quantity = drawWhole(random, 0, ordered);
    const isOnScale = weighed !== undefined && quantity > 0;
    return { sku, quantity, ...(isOnScale && { grams: drawWhole(random, 50, 3000) }) };
  });
  const instead = order.substitutions.map(({ proposal: { substitute: sku, units } }) => ({ sku, quantity: units }));
  life.tell({ do: 'report_pick', step: 'packed', picked: [...own, ...instead] });
}

function cancel(life: MoneyLife): void {
  life.tell({ do: 'cancel', as: life.random() < 0.5 ? 'customer' : 'operator', reason: 'any' });
}

function crash(life: MoneyLife): void {
  life.story.push('the instance is lost');
  life.bench.wake();
}

/** The goods go to somebody else while the customer pays. */
function loseHold({ bench: { world }, story }: MoneyLife): void {
  for (const [id, status] of world.holds) if (status === 'HELD') world.holds.set(id, 'RELEASED');
  story.push('the hold runs out');
}

function askRefund(life: MoneyLife): void {
  const { random } = life;
  const reason = 'any';
  const to = random() < 0.6 ? 'source' : 'wallet';
  const refundId = `wish-${drawWhole(random, 1, 9)}`;
  const wish: Told =
    random() < 0.5
      ? {
          do: 'refund',
          refundId,
          to,
          reason,
          amountMinor: drawWhole(random, 1, 4000),
          currency: random() < 0.9 ? 'INR' : 'EUR',
        }
      : {
          do: 'refund',
          refundId,
          to,
          reason,
          lines: [{ sku: asSku(pick(random, SKUS)), quantity: drawWhole(random, 1, 2) }],
        };
  life.tell(wish);
}

function substitute(life: MoneyLife): void {
  const { random, order, bench } = life;
  const open = order.substitutions.find(({ proposal }) => proposal.status === 'PROPOSED');
  if (open !== undefined) {
    const answer = random() < 0.7 ? 'APPROVED' : 'DECLINED';
    life.tell({ do: 'answer', proposalId: open.proposal.proposalId, answer });
    return;
  }
  const proposalId = asSubstitutionId(`sub_${String(order.substitutions.length + 1).padStart(26, '0')}`);
  life.tell({
    do: 'propose',
    proposalId,
    missing: asSku(pick(random, SKUS)),
    substitute: asSku('OAT-1L'),
    units: 1,
    answerByMs: bench.world.nowMs + 90_000,
    name: 'Oat drink',
    priceMinor: drawWhole(random, 100, 3000),
    allergens: [],
    terms: [],
  });
}

/** How the provider sends word from now on. */
async function changeManner(life: MoneyLife): Promise<void> {
  const { random } = life;
  const webhooks = {
    copies: drawWhole(random, 1, 5),
    hold: random() < 0.5,
    sign: pick(random, ['current', 'current', 'old', 'forged'] as const),
    ageS: pick(random, [0, 0, 60, 1000] as const),
  };
  life.story.push(`notices: ${JSON.stringify(webhooks)}`);
  await life.script({ webhooks });
}

/** The stand-in's own faults, beside those of the road. */
async function misbehave(life: MoneyLife): Promise<void> {
  const { random } = life;
  const on = pick(random, ['POST /v1/', 'GET /v1/', 'POST /v1/payments', 'POST /v1/refunds'] as const);
  const fault = pick(random, ['cut', 'unavailable'] as const);
  life.story.push(`next ${on}: ${fault}`);
  await life.script({ faults: [{ on, fault }] });
}

function wait(life: MoneyLife): void {
  life.bench.world.nowMs += pick(life.random, [100, 5000, 700_000] as const);
}

function handIn(life: MoneyLife): void {
  life.tell({ do: 'hand_in_cash', amountMinor: cashInHandMinor(life.order), currency: 'INR' });
}
