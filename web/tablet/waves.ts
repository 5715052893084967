import type { TaskAnswer, WaveAnswer, WaveView } from '../../contracts/ws/tablet.ts';
import type { AnswerFrame, Entry, FloorAct } from './device-journal.ts';
import { element } from './elements.ts';
import type { LiveAsks } from './live-asks.ts';
import { counted, totesInWords } from './words.ts';
import { partFor } from './work.ts';
import type { Work } from './work.ts';

export interface WaveDesk {
  work(): Work | undefined;
  /** A walk for several orders is this picker's. */
  walk(wave: WaveView): void;
  open(taskId: string): void;
  do(act: FloorAct): void;
  dismiss(refused: string): void;
  note(text: string): void;
  tell(text: string): void;
  goOn(): void;
}

/** This order does not want it: another one of the wave may. */
const FOR_ANOTHER: readonly string[] = ['WRONG_ITEM', 'OVER_QUANTITY'];

/** Several orders on one walk: asked of the store, and scanned without saying which is meant. */
export class Waves {
  readonly #asks: LiveAsks;
  readonly #desk: WaveDesk;

  constructor(asks: LiveAsks, desk: WaveDesk) {
    this.#asks = asks;
    this.#desk = desk;
    element('next-wave').addEventListener('click', () => this.#claim());
  }

  #claim(): void {
    const desk = this.#desk;
    this.#asks.ask({ do: 'claimWave' }, (answered) => {
      if (!answered.ok) {
        desk.note(answered.problem.detail);
        return;
      }
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the store answers to this command
      const { tasks, wave } = answered.value as WaveAnswer;
      const [first] = tasks;
      if (wave !== null) desk.walk(wave);
      if (wave !== null && wave.savedM > 0)
        desk.tell(`${counted(tasks.length, 'order')} on one walk: ${Math.round(wave.savedM)} m saved.`);
      if (first === undefined) desk.tell('Nothing waits to be picked.');
      else desk.open(first.taskId);
    });
    desk.goOn();
  }

  /** A code that is on no list is read by the store alone: it is asked for one order of the wave after the other. */
  answered({ id, act }: Entry, answer: AnswerFrame): void {
    const work = this.#desk.work();
    if (act.do !== 'scan' || work === undefined || work.tasks.length < 2) return;
    if (partFor(work, act.barcode) !== undefined) return;
    const at = work.tasks.findIndex(({ taskId }) => taskId === act.taskId);
    if (answer.ok) this.#tellTote(work, answer.value);
    else if (FOR_ANOTHER.includes(answer.problem.code)) {
      const next = at < 0 ? undefined : work.tasks[at + 1];
      if (next === undefined) return;
      this.#desk.dismiss(id);
      this.#desk.do({ ...act, taskId: next.taskId });
    }
  }

  #tellTote(work: Work, value: Partial<TaskAnswer>): void {
    const task = work.tasks.find(({ taskId }) => taskId === value.taskId);
    const line = task?.lines.find(({ sku }) => sku === value.line?.sku);
    if (task !== undefined && line !== undefined) this.#desk.tell(`${line.name}: into ${totesInWords(work, task)}.`);
  }
}
