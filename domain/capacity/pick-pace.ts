import { decayed } from '../shared/decay.ts';
import { Z_90 } from '../shared/normal.ts';

// How fast a store picks, measured: so much for an order, so much more for each of its lines, and how far picks stray from that.

/** From the first claim of a picker with empty hands until the hands are empty again: one order, or the orders of one walk. */
export interface PickSpell {
  readonly orders: number;
  readonly lines: number;
  readonly tookMs: number;
}

/** What a store's floor takes at the median. */
export interface Pace {
  /** Walking to the first shelf, packing and sealing, per order. */
  readonly orderMs: number;
  readonly lineMs: number;
  /** Nine in ten orders are ready within this many times the median. */
  readonly p90Factor: number;
}

/**
 * What is remembered of the spells: weighted sums over them, in seconds. A spell weighs 1 when it comes and half as much after
 * every half-life of later ones; without new ones the pace stays as it was.
 */
export interface MeasuredPace {
  readonly spells: number;
  readonly ordersOrders: number;
  readonly ordersLines: number;
  readonly linesLines: number;
  readonly ordersSeconds: number;
  readonly linesSeconds: number;
  /** Squares of ln(took / expected). */
  readonly strayed: number;
  readonly atMs: number;
}
export const NOTHING_MEASURED: MeasuredPace = {
  spells: 0,
  ordersOrders: 0,
  ordersLines: 0,
  linesLines: 0,
  ordersSeconds: 0,
  linesSeconds: 0,
  strayed: 0,
  atMs: 0,
};

/** Half is forgotten after a long shift: a slow evening shows in the evening, and the morning still knows the store. */
const HALF_LIFE_MS = 12 * 60 * 60 * 1000;

/**
 * Nine in ten orders are ready within this many times the median: a working figure until a store's own spread is measured. Pick times
 * are taken for log-normal.
 */
export const P90_FACTOR = 1.6;

/**
 * Until it is measured: a minute for an order, and 8 s a line. A usual basket of six lines and eight units then takes 9.6 s a
 * unit at p90, the slow end of manual picking in a dark store: about six items a minute (public figures of operators, 2021).
 * It counts as ten spells, half of them of 2 lines and half of 10, so it is outvoted within the first hour of a busy store.
 */
const PRIOR: MeasuredPace = sumOf(
  [2, 10].map((lines) => ({ spell: { orders: 1, lines, tookMs: (60 + 8 * lines) * 1000 }, weight: 5 })),
);

/** No floor is faster or slower than this; what is measured beyond it is not believed. */
const ORDER_S = { min: 10, max: 600 };
const LINE_S = { min: 1, max: 60 };
/** What took so many times more or less than expected was no picking: a tote left standing, a journal sent at once. */
const BOGUS_FACTOR = 8;
/** What strayed further than this counts as having strayed so far. */
const STRAYED_MAX = 3;

/** The pace that the spells and the prior add up to, by least squares. */
export function paceOf(measured: MeasuredPace): Pace {
  const sums = plus(measured, PRIOR);
  const { orderS, lineS } = bounded(sums);
  const sigma = Math.sqrt((sums.strayed + PRIOR.spells * (Math.log(P90_FACTOR) / Z_90) ** 2) / sums.spells);
  return { orderMs: orderS * 1000, lineMs: lineS * 1000, p90Factor: Math.exp(Z_90 * sigma) };
}

/** With one spell more; the same when that was none. */
export function withSpell(measured: MeasuredPace, spell: PickSpell, nowMs: number): MeasuredPace {
  const { orderMs, lineMs } = paceOf(measured);
  const expectedMs = spell.orders * orderMs + spell.lines * lineMs;
  const ratio = spell.tookMs / expectedMs;
  if (!(ratio >= 1 / BOGUS_FACTOR && ratio <= BOGUS_FACTOR)) return measured;
  const believed = Math.min(STRAYED_MAX, Math.max(1 / STRAYED_MAX, ratio));
  const strayed = Math.log(believed) ** 2;
  const one = { ...sumOf([{ spell: { ...spell, tookMs: expectedMs * believed }, weight: 1 }]), strayed };
  return { ...plus(faded(measured, nowMs), one), atMs: Math.max(measured.atMs, nowMs) };
}

/** Solves the two normal equations; a solution out of bounds is the bound, and the other follows from it. */
function bounded(sums: MeasuredPace): { readonly orderS: number; readonly lineS: number } {
  const { ordersOrders: oo, ordersLines: ol, linesLines: ll, ordersSeconds: ot, linesSeconds: lt } = sums;
  const determinant = oo * ll - ol * ol;
  const orderS = (ot * ll - lt * ol) / determinant;
  const lineS = (lt * oo - ot * ol) / determinant;
  if (orderS !== within(ORDER_S, orderS)) {
    const fixed = within(ORDER_S, orderS);
    return { orderS: fixed, lineS: within(LINE_S, (lt - fixed * ol) / ll) };
  }
  const fixed = within(LINE_S, lineS);
  return { orderS: fixed === lineS ? orderS : within(ORDER_S, (ot - fixed * ol) / oo), lineS: fixed };
}

function within({ min, max }: { readonly min: number; readonly max: number }, value: number): number {
  return Math.min(max, Math.max(min, value));
}

function faded(measured: MeasuredPace, nowMs: number): MeasuredPace {
  const left = decayed(1, nowMs - measured.atMs, HALF_LIFE_MS);
  return {
    spells: measured.spells * left,
    ordersOrders: measured.ordersOrders * left,
    ordersLines: measured.ordersLines * left,
    linesLines: measured.linesLines * left,
    ordersSeconds: measured.ordersSeconds * left,
    linesSeconds: measured.linesSeconds * left,
    strayed: measured.strayed * left,
    atMs: measured.atMs,
  };
}

function plus(a: MeasuredPace, b: MeasuredPace): MeasuredPace {
  return {
    spells: a.spells + b.spells,
    ordersOrders: a.ordersOrders + b.ordersOrders,
    ordersLines: a.ordersLines + b.ordersLines,
    linesLines: a.linesLines + b.linesLines,
    ordersSeconds: a.ordersSeconds + b.ordersSeconds,
    linesSeconds: a.linesSeconds + b.linesSeconds,
    strayed: a.strayed + b.strayed,
    atMs: a.atMs,
  };
}

function sumOf(spells: readonly { readonly spell: PickSpell; readonly weight: number }[]): MeasuredPace {
  return spells
    .map(({ spell: { orders, lines, tookMs }, weight }) => ({
      spells: weight,
      ordersOrders: weight * orders * orders,
      ordersLines: weight * orders * lines,
      linesLines: weight * lines * lines,
      ordersSeconds: (weight * orders * tookMs) / 1000,
      linesSeconds: (weight * lines * tookMs) / 1000,
      strayed: 0,
      atMs: 0,
    }))
    .reduce(plus, NOTHING_MEASURED);
}
