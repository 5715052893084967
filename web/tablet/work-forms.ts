import type { PickLineView, PickTaskView } from '../../contracts/ws/tablet.ts';
import type { FloorAct } from './device-journal.ts';
import { element, field, form } from './elements.ts';
import { behind, lineOf, missing } from './floor-state.ts';

/** What the forms must know of the page, and what they tell it. */
export interface Desk {
  /** The order that is worked on, as it is on the screen. */
  work(): PickTaskView | undefined;
  isOnline(): boolean;
  /** Whether acts wait for the store. */
  isWaiting(): boolean;
  do(act: FloorAct): void;
  note(text: string): void;
  /** Back to the queue. */
  close(): void;
  changed(): void;
}

/** The forms of the order that is worked on: scan, give up, pack, hand over. For a scanner that types and ends with Enter. */
export class WorkForms {
  readonly #desk: Desk;
  /** Scanned for the bags, before they are packed or handed over. */
  #seals: readonly string[] = [];
  #giveUp: string | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    onSubmit('scan-form', ['code'], (work, { code = '' }) => this.#scan(work, code), desk);
    onSubmit(
      'short-form',
      ['quantity', 'reason'],
      (work, { quantity, reason = '' }) => {
        this.#short(work, Number(quantity), reason);
      },
      desk,
    );
    onSubmit('pack-form', ['seal'], (_work, { seal = '' }) => this.#addSeal(seal), desk);
    onSubmit(
      'handover-form',
      ['seal', 'code'],
      (work, { seal = '', code = '' }) => {
        this.#addSeal(seal);
        if (code !== '') this.#handOver(work, code);
      },
      desk,
    );
    press('short-never-mind', () => this.begin());
    press('pack', () => this.#pack());
    press('give-back', () => this.#giveBack());
    press('to-queue', () => desk.close());
  }

  get seals(): readonly string[] {
    return this.#seals;
  }

  /** Another order, or the same one after a question: the scanner's field waits. */
  begin(): void {
    this.#giveUp = undefined;
    form('short-form').hidden = true;
    field(form('scan-form'), 'code').focus();
  }

  /** An order is opened: seals of another one are not its own. */
  forgetSeals(): void {
    this.#seals = [];
  }

  askWhy(line: PickLineView): void {
    const work = this.#desk.work();
    if (work === undefined) return;
    this.#giveUp = line.sku;
    const asked = form('short-form');
    asked.hidden = false;
    element('short-told').textContent = `${line.name}: what is wrong?`;
    field(asked, 'quantity').value = String(work.status === 'RESTOCK' ? behind(line) : missing(line));
    field(asked, 'reason').focus();
  }

  /** With wifi the store reads the code; without, only a code that is on the list is taken: nobody would say no. */
  #scan(work: PickTaskView, code: string): void {
    if (code === '') return;
    const [what, left] = work.status === 'RESTOCK' ? (['restock', behind] as const) : (['scan', missing] as const);
    if (!this.#desk.isOnline()) {
      const line = lineOf(work, code, left);
      if (line === undefined) {
        this.#desk.note(`${code} is not on this list. Scan another code of the pack, or wait for wifi.`);
        return;
      }
      if (left(line) === 0) {
        this.#desk.note(`Put it back: no more of ${line.name} is wanted.`);
        return;
      }
    }
    this.#desk.do({ do: what, taskId: work.taskId, barcode: code });
  }

  #short({ taskId, status }: PickTaskView, quantity: number, reason: string): void {
    if (this.#giveUp === undefined) return;
    const from = status === 'RESTOCK' ? 'TOTE' : 'SHELF';
    this.#desk.do({ do: 'short', taskId, sku: this.#giveUp, quantity, reason, from });
    this.begin();
  }

  #addSeal(seal: string): void {
    if (seal !== '' && !this.#seals.includes(seal)) this.#seals = [...this.#seals, seal];
    this.#desk.changed();
  }

  #pack(): void {
    const work = this.#desk.work();
    if (work === undefined) return;
    const [biggest] = work.packing;
    const bags = this.#seals.map((seal, i) => {
      const { size, zone } = work.packing[i] ?? biggest ?? { size: 'M', zone: 'ambient' };
      return { seal, size, zone };
    });
    this.#desk.do({ do: 'pack', taskId: work.taskId, bags });
    this.forgetSeals();
    this.#desk.close();
  }

  #handOver({ taskId }: PickTaskView, code: string): void {
    if (!this.#desk.isOnline() || this.#desk.isWaiting()) {
      this.#desk.note('The store checks the courier’s code: wait for wifi.');
      return;
    }
    // The seals stay scanned: the next code may be the right one.
    this.#desk.do({ do: 'handover', taskId, code, seals: this.#seals });
  }

  #giveBack(): void {
    const work = this.#desk.work();
    if (work !== undefined) this.#desk.do({ do: 'release', taskId: work.taskId });
    this.#desk.close();
  }
}

/** The fields are read and emptied, and the first one waits for more. */
function onSubmit(
  id: string,
  names: readonly string[],
  then: (work: PickTaskView, values: Readonly<Record<string, string>>) => void,
  desk: Desk,
): void {
  const sent = form(id);
  sent.addEventListener('submit', (event) => {
    event.preventDefault();
    const work = desk.work();
    if (work === undefined) return;
    const fields = names.map((name) => field(sent, name));
    const values = Object.fromEntries(fields.map(({ name, value }) => [name, value.trim()]));
    for (const each of fields) if (each instanceof HTMLInputElement) each.value = '';
    fields[0]?.focus();
    then(work, values);
  });
}

function press(id: string, then: () => void): void {
  element(id).addEventListener('click', then);
}
