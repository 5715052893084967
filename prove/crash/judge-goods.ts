import type * as v from 'valibot';
import type { AuditView } from '../../contracts/http/admin.ts';
import type { OrderView } from '../../contracts/http/orders.ts';
import { conservationGap } from '../../domain/inventory/stock-level.ts';
import { entriesOf, outcomeOf, type Entry } from './client-ledger.ts';
import { basket, unitsOf } from './judge-holds.ts';
import { inWords, type BodyOf } from './operation.ts';

/** What is looked at of an audit. */
type Audit = Pick<v.InferOutput<typeof AuditView>, 'totals' | 'discrepancies'>;

/** Before the bags stand at the counter. */
export const UNFINISHED: readonly OrderView['status'][] = ['PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE', 'PICKING'];

export interface StoreEvidence {
  readonly storeId: string;
  /** Units that it had received before anything was asked for. */
  readonly openingUnits: number;
  readonly audit: Audit;
}

/** Stock and ledger of a store against each other, and against the notes that clients brought. */
export function judgeStock(
  entries: readonly Entry[],
  { storeId, openingUnits, audit }: StoreEvidence,
): readonly string[] {
  const { totals, discrepancies } = audit;
  const notes = entriesOf(entries, 'receive').filter(({ operation }) => operation.storeId === storeId);
  const received = notes
    .filter((entry) => outcomeOf(entry)?.ok === true)
    .reduce((sum, { operation }) => sum + unitsOf(operation.lines), openingUnits);
  const undecided = notes.filter((entry) => outcomeOf(entry)?.ok !== true);
  const gap = conservationGap(totals);
  return [
    ...discrepancies.map(({ sku, gapUnits }) => `${storeId}: ${sku} is ${gapUnits} units away from its ledger`),
    ...(gap === 0 ? [] : [`${storeId}: ${gap} units are nowhere`]),
    ...undecided.map(({ operation }) => `${inWords(operation)}: it was never received`),
    ...(totals.received === received
      ? []
      : [`${storeId}: notes of ${received} units were received, it counts ${totals.received}`]),
  ];
}

/** How a transfer is at its origin, by its number, read after everything was decided. */
export type FoundTransfers = ReadonlyMap<string, BodyOf<'send'>>;

/** A van is unloaded or comes back, never both, and over both stores no unit is lost or twice there. */
export function judgeTransfers(
  entries: readonly Entry[],
  found: FoundTransfers,
  stores: readonly StoreEvidence[],
): readonly string[] {
  const unloads = new Map(entriesOf(entries, 'unload').map((entry) => [entry.operation.transferId, entry]));
  const backs = new Map(entriesOf(entries, 'callBack').map((entry) => [entry.operation.transferId, entry]));
  const sent = entriesOf(entries, 'send').filter((entry) => outcomeOf(entry)?.ok === true);
  const lost = entriesOf(entries, 'send').filter((entry) => outcomeOf(entry) === undefined);
  const vans = sent.flatMap(({ operation }) => {
    const van = found.get(operation.key);
    if (van === undefined) return [`${inWords(operation)}: it was acknowledged and is not there`];
    return vanProblems(van, unloads.get(operation.key), backs.get(operation.key)).map(
      (problem) => `${inWords(operation)}: ${problem}`,
    );
  });
  const out = sent.reduce((sum, { operation }) => sum + unitsOf(operation.lines), 0);
  const back = [...found.values()].reduce(
    (sum, van) => sum + unitsOf(van.status === 'CANCELLED' ? van.lines : (van.received ?? [])),
    0,
  );
  const totals = stores.map(({ audit }) => audit.totals);
  const outTotal = totals.reduce((sum, { transferredOut }) => sum + transferredOut, 0);
  const inTotal = totals.reduce((sum, { transferredIn }) => sum + transferredIn, 0);
  return [
    ...lost.map(({ operation }) => `${inWords(operation)}: nobody knows what became of it`),
    ...vans,
    ...(outTotal === out ? [] : [`vans with ${out} units left, the stores count ${outTotal}`]),
    ...(inTotal === back ? [] : [`${back} units were unloaded or came back, the stores count ${inTotal}`]),
  ];
}

function vanProblems(
  van: BodyOf<'send'>,
  unload: Entry<'unload'> | undefined,
  back: Entry<'callBack'> | undefined,
): readonly string[] {
  const isUnloaded = unload !== undefined && unload.answers.some(({ ok }) => ok);
  if (isUnloaded) {
    const found = basket(van.received ?? []);
    const told = basket(unload.operation.lines);
    return van.status === 'RECEIVED' && found === told
      ? []
      : [`${told} was unloaded, and at its origin it is ${van.status} with ${found}`];
  }
  if (van.status === 'RECEIVED') return ['nobody unloaded it, and it is received'];
  if (van.status === 'CANCELLED') return back === undefined ? ['nobody called it back, and it came back'] : [];
  const isCalledBack = back !== undefined && back.answers.some(({ ok }) => ok);
  return isCalledBack ? [`it was called back and is still ${van.status}`] : [];
}

/** Every order that was acknowledged is there as it was placed, and the store has set aside exactly what they want. */
export function judgeOrders(
  entries: readonly Entry[],
  found: ReadonlyMap<string, OrderView>,
  { storeId, audit }: StoreEvidence,
): readonly string[] {
  const placed = entriesOf(entries, 'order');
  const problems = placed.flatMap((entry) => {
    const { operation, answers } = entry;
    const outcome = outcomeOf(entry);
    if (outcome === undefined) return [`${inWords(operation)}: nobody knows what became of it`];
    const ids = new Set(answers.flatMap((answer) => (answer.ok ? [answer.body.id] : [])));
    if (ids.size > 1) return [`${inWords(operation)}: one key placed ${[...ids].join(' and ')}`];
    const order = found.get(operation.key);
    if (ids.size === 0) return [];
    if (order === undefined) return [`${inWords(operation)}: it was acknowledged and is not there`];
    if (UNFINISHED.includes(order.status)) return [`${inWords(operation)}: it stands still at ${order.status}`];
    return basket(order.lines) === basket(operation.lines)
      ? []
      : [`${inWords(operation)}: it is for ${basket(order.lines)}`];
  });
  const wanted = [...found.values()].filter(({ status }) => status !== 'CANCELLED' && status !== 'REFUNDED');
  const units = wanted.reduce((sum, { lines }) => sum + unitsOf(lines), 0);
  const { allocated, picked, sold } = audit.totals;
  const kept = allocated + picked + sold;
  return [
    ...problems,
    ...(kept === units ? [] : [`${storeId}: orders want ${units} units, ${kept} are kept for them`]),
  ];
}
