import type { ProductView } from '../../contracts/http/catalog.ts';
import type { WireMoney } from '../../contracts/wire.ts';
import type { PickTaskView } from '../../contracts/ws/tablet.ts';
import { Connection } from './connection.ts';
import type { FromStore } from './connection.ts';
import { DeviceJournal } from './device-journal.ts';
import type { AnswerFrame, FloorAct, SavedJournal } from './device-journal.ts';
import { element, isShown, showText } from './elements.ts';
import { asDone, floorOf, NO_FLOOR, withDelta, withWave } from './floor-state.ts';
import type { Floor } from './floor-state.ts';
import { LiveAsks } from './live-asks.ts';
import type { Memory } from './memory.ts';
import { draw } from './screen.ts';
import type { Session } from './session.ts';
import { Shift } from './shift.ts';
import { Substitutes } from './substitutes.ts';
import { Waves } from './waves.ts';
import { actInWords, counted } from './words.ts';
import { WorkForms } from './work-forms.ts';
import { isPickedBy, workOf } from './work.ts';
import type { Part, Work } from './work.ts';

/** A sign of life of whoever picks; the store takes an order back after 90 s without one. */
const HEARTBEAT_EVERY_MS = 30_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
/** Long enough to be read between two shelves. */
const TOLD_MS = 15_000;
/** Unread notes of the page itself. */
const NOTES_MAX = 5;

/** A picker's page: what the store shows, what waits for it, and what is worked on. */
export class FloorPage {
  readonly #memory: Memory;
  readonly #session: Session;
  readonly #journal: DeviceJournal;
  readonly #connection: Connection;
  readonly #forms: WorkForms;
  readonly #asks = new LiveAsks(() => crypto.randomUUID());
  readonly #substitutes: Substitutes;
  readonly #shift: Shift;
  readonly #waves: Waves;
  #floor: Floor;
  #send: ((frame: object) => void) | undefined;
  #work: string | undefined;
  /** It is to be drawn for the first time: then the scanner's field waits. */
  #isOpening = false;
  #countdown: number | undefined;
  #telling: number | undefined;
  #notes: readonly string[] = [];
  #isDrawing = false;
  #isKeeping = false;
  #isFloorNew = false;

  private constructor(
    { memory, session, signedOut }: { memory: Memory; session: Session; signedOut: (why: string) => void },
    journal: DeviceJournal,
    floor: Floor,
  ) {
    this.#memory = memory;
    this.#session = session;
    this.#journal = journal;
    this.#floor = floor;
    const desk = {
      work: () => this.#workOf(this.#tasks()),
      isOnline: () => this.#send !== undefined,
      note: (text: string) => this.#note(text),
      tell: (text: string) => this.#tell(text),
      changed: () => this.changed(),
    };
    this.#forms = new WorkForms({
      ...desk,
      nowMs: () => this.#nowMs(),
      isWaiting: () => journal.entries.length > 0,
      do: (act) => this.#do(act),
      gaveUp: (part) => this.#gaveUp(part),
      open: (taskId) => this.#open(taskId),
    });
    this.#substitutes = new Substitutes({
      ...desk,
      ask: (act, answered) => {
        this.#asks.ask(act, answered);
        this.#goOn();
      },
      priceOf: (sku) => this.#priceOf(sku),
      goOn: () => this.#forms.focus(),
    });
    this.#shift = new Shift(session, desk);
    this.#waves = new Waves(this.#asks, {
      ...desk,
      walk: (wave) => {
        this.#floor = withWave(this.#floor, wave);
        this.#keepFloor();
      },
      open: (taskId) => this.#open(taskId),
      do: (act) => this.#do(act),
      dismiss: (id) => journal.dismiss(id),
      goOn: () => this.#goOn(),
    });
    this.#connection = new Connection({
      ticket: () => session.ticket(),
      opened: (send) => {
        this.#send = send;
        journal.connected(send);
        this.#asks.connected(send);
        void this.#shift.look();
        this.changed();
      },
      heard: (frame) => this.#hear(frame),
      closed: () => {
        this.#send = undefined;
        journal.disconnected();
        this.#asks.disconnected();
        this.changed();
      },
      signedOut,
    });
  }

  static async open(ports: {
    readonly memory: Memory;
    readonly session: Session;
    readonly signedOut: (why: string) => void;
  }): Promise<FloorPage> {
    const { memory, session } = ports;
    const name = `journal:${session.userId}`;
    let page: FloorPage | undefined;
    const journal = await DeviceJournal.open({
      load: () => memory.read<SavedJournal>(name),
      save: (saved) => memory.write(name, saved),
      newId: () => crypto.randomUUID(),
      nowMs: () => Date.now(),
      later: (ms, then) => {
        setTimeout(then, ms);
      },
      changed: () => page?.changed(),
    });
    // What an older page has kept lacks what it did not know.
    const floor = await memory.read<Partial<Floor>>(`floor:${session.userId}`);
    page = new FloorPage(ports, journal, { ...NO_FLOOR, ...floor });
    return page;
  }

  start(): void {
    void this.#connection.keepOpen();
    setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS);
    setInterval(() => this.changed(), MINUTE_MS);
    this.changed();
  }

  stop(): void {
    this.#connection.stop();
  }

  /** Draws once for all that changed in this moment. */
  changed(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  #tasks(): readonly PickTaskView[] {
    return asDone(this.#floor, this.#journal.undone, this.#session.userId);
  }

  #workOf(tasks: readonly PickTaskView[]): Work | undefined {
    return workOf(tasks, this.#floor, this.#work, this.#session.userId);
  }

  /** By the store's clock, as far as it has said that this one is off. */
  #nowMs(): number {
    return Date.now() - this.#journal.clockOffsetMs;
  }

  #draw(): void {
    const journal = this.#journal;
    const tasks = this.#tasks();
    const work = this.#workOf(tasks);
    const focused = document.activeElement;
    const picture = {
      storeName: this.#floor.storeName,
      userId: this.#session.userId,
      nowMs: this.#nowMs(),
      isOnline: this.#send !== undefined,
      waiting: journal.entries.length,
      trouble: this.#trouble(),
      refused: journal.refused,
      notes: this.#notes,
      tasks,
      work,
      packing: this.#forms.packing(work),
      seals: this.#forms.seals,
      isWaveAsked: this.#asks.waits('claimWave'),
    };
    draw(picture, {
      accept: ({ taskId }) => this.#do({ do: 'accept', taskId }),
      claim: (task) => {
        this.#do({ do: 'claim', taskId: task.taskId });
        this.#open(task.taskId);
      },
      open: ({ taskId }) => this.#open(taskId),
      giveUp: (pick) => this.#forms.askWhy(pick),
      substitute: (part) => this.#substitutes.seek(part),
      unscanSeal: (seal) => this.#forms.takeBack(seal),
      dismiss: (id) => journal.dismiss(id),
      dismissNote: (note) => {
        this.#notes = this.#notes.filter((other) => other !== note);
        this.changed();
      },
    });
    this.#substitutes.draw();
    this.#shift.draw(this.#floor.service, picture.isOnline);
    this.#countDown(work);
    if (work === undefined) return;
    if (this.#isOpening) {
      this.#isOpening = false;
      this.#forms.begin();
    } else if (focused instanceof HTMLElement && focused !== document.body && !isShown(focused)) this.#forms.focus();
  }

  /** While a customer chooses, once a second. */
  #countDown(work: Work | undefined): void {
    const isOpen = work?.tasks.some(({ substitutions }) => substitutions.some(({ status }) => status === 'PROPOSED'));
    if (isOpen !== true || this.#countdown !== undefined) return;
    this.#countdown = setTimeout(() => {
      this.#countdown = undefined;
      this.changed();
    }, SECOND_MS);
  }

  #trouble(): string | undefined {
    if (this.#journal.isOutdated) return 'Load this page again: the store has a newer one. What you did is kept.';
    const offMinutes = Math.round(this.#journal.clockOffsetMs / MINUTE_MS);
    if (offMinutes === 0) return undefined;
    const way = offMinutes > 0 ? 'ahead' : 'behind';
    return `This tablet’s clock is ${counted(Math.abs(offMinutes), 'minute')} ${way}.`;
  }

  #open(taskId: string | undefined): void {
    this.#work = taskId;
    this.#isOpening = true;
    this.#forms.forgetSeals();
    this.#substitutes.forget();
    // At once: the scanner does not wait for the next picture.
    this.#draw();
  }

  /** What may stand in for them is looked for at once: the customer needs the time. */
  #gaveUp(part: Part): void {
    if (this.#send !== undefined && part.line.substituteFor === null) this.#substitutes.seek(part);
  }

  async #priceOf(sku: string): Promise<WireMoney | undefined> {
    try {
      return (await this.#session.ofStore<ProductView>('GET', `products/${sku}`)).price;
    } catch {
      return undefined;
    }
  }

  #hear(frame: FromStore): void {
    if (frame.t === 'answer') {
      const entry = this.#journal.entries.find(({ id }) => id === frame.id);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the store answers to commands of this page
      const answer = frame as AnswerFrame;
      this.#journal.heard(answer);
      this.#asks.heard(frame);
      if (entry !== undefined) this.#waves.answered(entry, answer);
      if (entry?.act.do === 'handover' && frame.ok) this.#tell(`${entry.words} done.`);
    } else {
      if (frame.t === 'snapshot') this.#floor = floorOf(frame.state);
      else if (frame.t === 'delta') {
        this.#floor = withDelta(this.#floor, frame.delta);
        if (frame.delta.floor !== undefined) void this.#shift.look();
      }
      this.#keepFloor();
    }
    this.#goOn();
    this.changed();
  }

  #goOn(): void {
    this.#asks.goOn(this.#journal.entries.length === 0);
    this.changed();
  }

  /**
   * For when the tablet is switched on without wifi. Begun before the answer to what changed the floor is heard: the journal
   * forgets an act only after the floor that shows it is kept.
   */
  #keepFloor(): void {
    this.#isFloorNew = true;
    if (this.#isKeeping) return;
    this.#isKeeping = true;
    void this.#keepWhatIsNew().finally(() => {
      this.#isKeeping = false;
    });
  }

  async #keepWhatIsNew(): Promise<void> {
    while (this.#isFloorNew) {
      this.#isFloorNew = false;
      // oxlint-disable-next-line no-await-in-loop -- the newest, once the one before is written
      await this.#memory.write(`floor:${this.#session.userId}`, this.#floor);
    }
  }

  /** Whoever picks is alive as long as the page is open; nothing of it is kept. */
  #beat(): void {
    for (const task of this.#floor.tasks.values()) {
      if (!isPickedBy(task, this.#session.userId)) continue;
      this.#send?.({ t: 'command', v: 3, id: crypto.randomUUID(), do: 'heartbeat', taskId: task.taskId });
    }
  }

  #do(act: FloorAct): void {
    // Another code is tried: what was wrong with the one before is read.
    const before = this.#journal.refused.filter(({ act: other }) => other.do === 'handover' && act.do === 'handover');
    for (const { id, act: other } of before) if (other.taskId === act.taskId) this.#journal.dismiss(id);
    void this.#record(act);
  }

  async #record(act: FloorAct): Promise<void> {
    try {
      const task = this.#tasks().find(({ taskId }) => taskId === act.taskId);
      if (await this.#journal.record(act, actInWords(act, task))) return;
      this.#note('Too much waits for the store: find some wifi before you go on.');
    } catch {
      this.#note('This tablet cannot keep what you do: stay where there is wifi.');
    }
  }

  #note(text: string): void {
    this.#notes = [text, ...this.#notes.filter((note) => note !== text)].slice(0, NOTES_MAX);
    this.changed();
  }

  #tell(text: string): void {
    showText(element('told'), text);
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => showText(element('told'), ''), TOLD_MS);
  }
}
