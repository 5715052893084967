import { STOCK_MOVEMENTS } from '../../contracts/events/stock.ts';
import { parseEvent } from '../../contracts/events/topic.ts';
import { differenceUnits } from '../../domain/inventory/ledger.ts';
import { conservationGap, NO_STOCK } from '../../domain/inventory/stock-level.ts';
import type { StockLevel } from '../../domain/inventory/stock-level.ts';

interface Heard {
  readonly sequence: number;
  readonly after: StockLevel;
}

/** What a consumer of the log makes of the movements: each is the next of its SKU, and none loses units. */
export class HeardLog {
  readonly #last = new Map<string, Heard>();
  readonly #broken: string[] = [];
  #read = 0;

  /** Reads on; an event that comes again is no news. */
  hear(events: readonly string[]): void {
    for (; this.#read < events.length; this.#read += 1) this.#take(events[this.#read] ?? '');
  }

  /** What was wrong with what was heard, and whether it ends at this level. */
  broken(subject: string, level: StockLevel): string[] {
    const heard = this.#last.get(subject)?.after ?? NO_STOCK;
    const units = differenceUnits(level, heard);
    return units === 0 ? this.#broken : [...this.#broken, `the log is ${units} units off the level of ${subject}`];
  }

  #take(text: string): void {
    const event = parseEvent(STOCK_MOVEMENTS, text);
    if (!event.ok) {
      this.#broken.push(`the log was told what is no event: ${event.error.code} ${text}`);
      return;
    }
    const { subject, sequence, data } = event.value;
    const before = this.#last.get(subject)?.sequence ?? 0;
    if (sequence <= before) return;
    if (sequence > before + 1) this.#broken.push(`the log hears of movement ${sequence} of ${subject} after ${before}`);
    if (conservationGap(data.after) !== 0) this.#broken.push(`movement ${sequence} of ${subject} loses units`);
    this.#last.set(subject, { sequence, after: data.after });
  }
}
