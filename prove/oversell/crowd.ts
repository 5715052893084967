import type { StockLine } from '../../contracts/rpc/store.ts';
import type { HoldPort, HoldOutcome } from './hold-port.ts';
import { isLinearizable } from './linearizability.ts';
import type { SeenOperation } from './linearizability.ts';

/** What one client of a crowd does, one thing after the other. */
export interface Errand {
  readonly lines: readonly StockLine[];
  /** Gives the basket back once it has it. */
  readonly givesBack: boolean;
  /** How often it asks again, without an answer, before it waits for good. */
  readonly again: number;
}

/** How a client reaches the desk: at once, or over a wire that loses and delays. */
export type Ask = <T>(
  what: string,
  again: number,
  request: () => Promise<T>,
) => Promise<{ readonly answers: readonly Promise<T>[]; readonly first: T }>;

/** What a crowd saw, on its own clock. */
export class CrowdRecord {
  /** What happened, in words. */
  readonly lines: string[] = [];
  readonly broken: string[] = [];
  /** Of each SKU; only baskets of one line, whose answer depends on nothing else. */
  readonly #operations = new Map<string, SeenOperation[]>();
  readonly #stock: ReadonlyMap<string, number>;
  /** Units that clients were told are theirs, and have not begun to give back. */
  readonly #owned = new Map<string, number>();
  readonly #nowMs: () => number;
  #ticks = 0;

  /** Without a clock of its own, every look at the time is a moment later. */
  constructor(stock: readonly StockLine[], nowMs?: () => number) {
    this.#stock = new Map(stock.map(({ sku, quantity }) => [sku, quantity]));
    this.#nowMs = nowMs ?? (() => (this.#ticks += 1));
  }

  now(): number {
    return this.#nowMs();
  }

  granted(who: string, lines: readonly StockLine[]): void {
    for (const { sku, quantity } of lines) {
      const units = this.#own(sku, quantity);
      const stock = this.#stock.get(sku) ?? 0;
      if (units > stock) this.broken.push(`${who} is granted ${quantity} ${sku}, which makes ${units} of ${stock}`);
    }
  }
  givesBack(lines: readonly StockLine[]): void {
    for (const { sku, quantity } of lines) this.#own(sku, -quantity);
  }
  /** Only what can be explained by one SKU is kept. */
  saw(lines: readonly StockLine[], operation: Omit<SeenOperation, 'quantity'>): void {
    const [line] = lines;
    if (line === undefined || lines.length > 1) return;
    const seen = this.#operations.get(line.sku) ?? [];
    this.#operations.set(line.sku, [...seen, { ...operation, quantity: line.quantity }]);
  }

  /** The SKUs whose answers no order of the operations explains. Baskets of several lines must not have been asked for. */
  unexplained(): string[] {
    return [...this.#operations].flatMap(([sku, operations]) =>
      isLinearizable(this.#stock.get(sku) ?? 0, operations) ? [] : [`no order explains what was answered of ${sku}`],
    );
  }

  #own(sku: string, units: number): number {
    const owned = (this.#owned.get(sku) ?? 0) + units;
    this.#owned.set(sku, owned);
    return owned;
  }
}

/** One client: asks for a basket, and gives it back if it is so minded. `id` names the basket. */
export async function runErrand(
  desk: HoldPort,
  record: CrowdRecord,
  { id, errand, ask }: { readonly id: number; readonly errand: Errand; readonly ask: Ask },
): Promise<HoldOutcome> {
  const { lines, again } = errand;
  const who = `client ${id}`;
  const asked = `${who} asks for ${lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(' + ')}`;
  const sentAtMs = record.now();
  const { answers, first: soonest } = await ask(asked, again, () => desk.hold(id, lines));
  const first = typeof soonest === 'object' ? soonest : await unlessGranted(soonest, answers);
  const answeredAtMs = record.now();
  const granted = typeof first === 'object' ? first.granted : null;
  record.lines.push(`${asked}: ${typeof first === 'object' ? 'granted' : first}`);
  record.saw(lines, { kind: 'hold', sentAtMs, answeredAtMs, granted: granted !== null });
  if (granted === null) return first;
  record.granted(who, granted);
  void tellFailures(record, asked, answers);
  if (again > 0) await askOnceMore(desk, record, { id, lines, asked, ask });
  if (!errand.givesBack) return first;
  record.givesBack(granted);
  const backAtMs = record.now();
  await ask(`${who} gives its basket back`, again, () => desk.release(id));
  record.lines.push(`${who} gives its basket back`);
  record.saw(lines, { kind: 'release', sentAtMs: backAtMs, answeredAtMs: record.now(), granted: true });
  return first;
}

/** A refusal is not remembered: another copy of the question that comes later may be granted, and then the basket is the client's. */
async function unlessGranted(refusal: HoldOutcome, answers: readonly Promise<HoldOutcome>[]): Promise<HoldOutcome> {
  const all = await Promise.all(answers);
  return all.find((answer) => typeof answer === 'object') ?? refusal;
}

/** A grant stays one: who asks again once it is known is granted the same. Copies that were on their way may have come too early. */
async function askOnceMore(
  desk: HoldPort,
  record: CrowdRecord,
  {
    id,
    lines,
    asked,
    ask,
  }: { readonly id: number; readonly lines: readonly StockLine[]; readonly asked: string; readonly ask: Ask },
): Promise<void> {
  const { first } = await ask(`${asked} once more`, 0, () => desk.hold(id, lines));
  if (typeof first !== 'object') record.broken.push(`${asked}: granted, then ${first} under the same id`);
}

async function tellFailures(
  record: CrowdRecord,
  asked: string,
  answers: readonly Promise<HoldOutcome>[],
): Promise<void> {
  for (const answer of await Promise.allSettled(answers)) {
    if (answer.status === 'rejected') record.broken.push(`${asked}: ${String(answer.reason)}`);
  }
}

/** A client that is patient, or impatient enough to ask several times at once. */
export const atOnce: Ask = async (_what, again, request) => {
  const answers = Array.from({ length: again + 1 }, request);
  return { answers, first: await Promise.race(answers) };
};
