import type { PickTaskView } from '../../contracts/ws/tablet.ts';
import type { FloorAct } from './device-journal.ts';
import { element, field, form } from './elements.ts';
import { totesInWords } from './words.ts';
import { givenUp, partFor, partLeft, pickLeft, toPack } from './work.ts';
import type { BinPick, Part, Work } from './work.ts';

/** What the forms must know of the page, and what they tell it. */
export interface Desk {
  /** What is worked on, as it is on the screen. */
  work(): Work | undefined;
  nowMs(): number;
  isOnline(): boolean;
  /** Whether acts wait for the store. */
  isWaiting(): boolean;
  do(act: FloorAct): void;
  /** Units of this part were given up just now. */
  gaveUp(part: Part): void;
  note(text: string): void;
  /** Says that it went well. */
  tell(text: string): void;
  /** Another order; without one, back to the queue. */
  open(taskId: string | undefined): void;
  changed(): void;
}

/** The forms of the work in hand: scan, give up, pack, hand over. For a scanner that types and ends with Enter. */
export class WorkForms {
  readonly #desk: Desk;
  /** Scanned for the bags, before they are packed or handed over; and of which order. */
  #seals: readonly string[] = [];
  #sealed: string | undefined;
  #giveUp: BinPick | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    onSubmit('scan-form', ['code'], (work, { code = '' }) => this.#scan(work, code), desk);
    onSubmit(
      'short-form',
      ['quantity', 'reason'],
      (_work, { quantity, reason = '' }) => {
        this.#short(Number(quantity), reason);
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
    press('to-queue', () => desk.open(undefined));
  }

  get seals(): readonly string[] {
    return this.#seals;
  }

  /** Whose bags are closed now. */
  packing(work: Work | undefined): PickTaskView | undefined {
    return work && toPack(work, this.#desk.nowMs(), this.#sealed);
  }

  /** Other work, or the same one after a question: the field of what is to be done waits for the scanner. */
  begin(): void {
    this.#giveUp = undefined;
    form('short-form').hidden = true;
    this.focus();
  }

  focus(): void {
    const open = ['short-form', 'scan-form', 'pack-form', 'handover-form'].find((id) => !form(id).hidden);
    const first = open === undefined ? undefined : form(open).querySelector('input');
    first?.focus();
  }

  /** An order is opened: seals of another one are not its own. */
  forgetSeals(): void {
    this.#seals = [];
    this.#sealed = undefined;
  }

  takeBack(seal: string): void {
    this.#seals = this.#seals.filter((other) => other !== seal);
    this.#desk.changed();
    this.focus();
  }

  askWhy(shown: BinPick): void {
    const pick = this.#now(shown);
    if (pick === undefined) return;
    this.#giveUp = pick;
    const asked = form('short-form');
    asked.hidden = false;
    element('short-told').textContent = `${pick.parts[0]?.line.name ?? pick.sku}: what is wrong?`;
    field(asked, 'quantity').value = String(pickLeft(pick));
    field(asked, 'reason').focus();
  }

  /** With wifi the store reads the code; without, only a code that is on a list is taken: nobody would say no. */
  #scan(work: Work, code: string): void {
    const [first] = work.tasks;
    if (code === '' || first === undefined) return;
    const part = partFor(work, code);
    if (!this.#desk.isOnline()) {
      if (part === undefined) {
        this.#desk.note(`${code} is not on this list. Scan another code of the pack, or wait for wifi.`);
        return;
      }
      if (partLeft(part) === 0) {
        this.#desk.note(`Put it back: no more of ${part.line.name} is wanted.`);
        return;
      }
    }
    const { taskId, status } = part?.task ?? first;
    this.#desk.do({ do: status === 'RESTOCK' ? 'restock' : 'scan', taskId, barcode: code });
    if (part === undefined || partLeft(part) === 0) return;
    const totes = totesInWords(work, part.task);
    if (totes !== '') this.#desk.tell(`${part.line.name}: into ${totes}.`);
  }

  /** What was shown, as it is by now. */
  #now(shown: BinPick | undefined): BinPick | undefined {
    const picks = this.#desk.work()?.stops.flatMap((stop) => stop.picks);
    return picks?.find(({ sku, bin }) => sku === shown?.sku && bin === shown.bin);
  }

  #short(quantity: number, reason: string): void {
    const pick = this.#now(this.#giveUp);
    if (pick === undefined) return;
    for (const { part, quantity: units } of givenUp(pick, quantity)) {
      const { taskId, status } = part.task;
      const from = status === 'RESTOCK' ? 'TOTE' : 'SHELF';
      this.#desk.do({ do: 'short', taskId, sku: pick.sku, quantity: units, reason, from });
      if (status === 'PICKING') this.#desk.gaveUp(part);
    }
    this.begin();
  }

  #addSeal(seal: string): void {
    if (seal !== '' && !this.#seals.includes(seal)) this.#seals = [...this.#seals, seal];
    this.#sealed = this.packing(this.#desk.work())?.taskId;
    this.#desk.changed();
  }

  #pack(): void {
    const work = this.#desk.work();
    const task = this.packing(work);
    if (task === undefined) return;
    const [biggest] = task.packing;
    const bags = this.#seals.map((seal, i) => {
      const { size, zone } = task.packing[i] ?? biggest ?? { size: 'M', zone: 'ambient' };
      return { seal, size, zone };
    });
    this.#desk.do({ do: 'pack', taskId: task.taskId, bags });
    // Of a wave, what is not packed yet stays in hand.
    this.#desk.open(work?.tasks.find((other) => other !== task)?.taskId);
  }

  #handOver({ tasks: [task] }: Work, code: string): void {
    if (task === undefined) return;
    if (!this.#desk.isOnline() || this.#desk.isWaiting()) {
      this.#desk.note('The store checks the courier’s code: wait for wifi.');
      return;
    }
    // The seals stay scanned: the next code may be the right one.
    this.#desk.do({ do: 'handover', taskId: task.taskId, code, seals: this.#seals });
  }

  #giveBack(): void {
    for (const { taskId } of this.#desk.work()?.tasks ?? []) this.#desk.do({ do: 'release', taskId });
    this.#desk.open(undefined);
  }
}

/** The fields are read and emptied, and the first one waits for more. */
function onSubmit(
  id: string,
  names: readonly string[],
  then: (work: Work, values: Readonly<Record<string, string>>) => void,
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
