import type { Act } from './act.ts';
import { holdAt, OPENING_UNITS, SKUS } from './cast.ts';
import type { StoreIndex } from './cast.ts';
import type { Stage } from './stage.ts';

type Told = { readonly ok: boolean; readonly value?: unknown };

/** What clients were told, without a look at the store: the oracle of what the ledger must have taken in. */
export class ToldLedger {
  readonly #received = new Map<string, number>(SKUS.map((sku) => [sku, OPENING_UNITS]));
  readonly #adjusted = new Map<string, number>();

  /** Until when each hold was promised. */
  readonly #until = new Map<string, number>();
  /** Holds that were given back, also before they came. */
  readonly #givenBack = new Set<string>();

  /** The first answer to an act. */
  hear(act: Act, answer: unknown): void {
    if (Array.isArray(answer)) for (const each of answer) this.#hearOfHold(each);
    if (!isTold(answer) || !answer.ok) return;
    const value = fieldsOf(answer.value);
    if (act.do === 'hold' || act.do === 'renew' || act.do === 'promote') this.#hearOfHold(answer);
    if (act.do === 'release') this.#givenBack.add(holdAt(act.hold));
    if (act.do === 'receive' && value['repeated'] === false) {
      for (const { sku, quantity } of act.lines) add(this.#received, sku, quantity);
    }
    if (act.do === 'execute' && act.command.do === 'AdjustStock') {
      add(this.#adjusted, String(value['sku']), act.command.quantity);
    }
    if (act.do === 'submitCount' && value['outcome'] === 'COUNTED') {
      add(this.#adjusted, String(value['sku']), Number(value['variance']));
    }
  }

  /** Where the first store's ledger differs from what its clients were told. */
  differences(stage: Stage): string[] {
    const holds = stage.rows<{ hold_id: string; status: string }>(FIRST, 'SELECT hold_id, status FROM holds');
    const wrong = holds.flatMap(({ hold_id: hold, status }) => this.#wrongHold(hold, status, stage.nowMs()));
    const levels = stage
      .sql(FIRST)
      .all<{ sku: string; received: number; adjusted: number }>('SELECT sku, received, adjusted FROM stock');
    const off = levels.flatMap(({ sku, received, adjusted }) => {
      const toldReceived = this.#received.get(sku) ?? 0;
      const toldAdjusted = this.#adjusted.get(sku) ?? 0;
      return [
        ...(received === toldReceived ? [] : [`${received} of ${sku} were received, ${toldReceived} were answered`]),
        ...(adjusted === toldAdjusted ? [] : [`${sku} was adjusted by ${adjusted}, by ${toldAdjusted} as answered`]),
      ];
    });
    return [...wrong, ...off];
  }

  #hearOfHold(answer: unknown): void {
    if (!isTold(answer) || !answer.ok) return;
    const { holdId, expiresAtMs } = fieldsOf(answer.value);
    if (typeof holdId === 'string' && typeof expiresAtMs === 'number') this.#until.set(holdId, expiresAtMs);
  }

  #wrongHold(hold: string, status: string, nowMs: number): string[] {
    const until = this.#until.get(hold) ?? 0;
    if (status === 'EXPIRED' && nowMs < until) return [`${hold} was promised until ${until} and ended before`];
    return status === 'HELD' && this.#givenBack.has(hold) ? [`${hold} was given back and is held`] : [];
  }
}

const FIRST: StoreIndex = 0;

export function isTold(answer: unknown): answer is Told {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && typeof answer.ok === 'boolean';
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function add(sums: Map<string, number>, sku: string, units: number): void {
  sums.set(sku, (sums.get(sku) ?? 0) + units);
}
