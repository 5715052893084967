import type { PickTaskView } from '../../contracts/ws/tablet.ts';
import { Connection } from './connection.ts';
import type { FromStore } from './connection.ts';
import { DeviceJournal } from './device-journal.ts';
import type { AnswerFrame, FloorAct, SavedJournal } from './device-journal.ts';
import { asDone, floorOf, withDelta } from './floor-state.ts';
import type { Floor } from './floor-state.ts';
import type { Memory } from './memory.ts';
import { draw } from './screen.ts';
import type { Session } from './session.ts';
import { actInWords, counted } from './words.ts';
import { WorkForms } from './work-forms.ts';

/** A sign of life of whoever picks; the store takes an order back after 90 s without one. */
const HEARTBEAT_EVERY_MS = 30_000;
const MINUTE_MS = 60_000;
/** Unread notes of the page itself. */
const NOTES_MAX = 5;

/** A picker's page: what the store shows, what waits for it, and what is worked on. */
export class FloorPage {
  readonly #memory: Memory;
  readonly #session: Session;
  readonly #journal: DeviceJournal;
  readonly #connection: Connection;
  readonly #forms: WorkForms;
  #floor: Floor;
  #send: ((frame: object) => void) | undefined;
  #work: string | undefined;
  /** It is to be drawn for the first time: then the scanner's field waits. */
  #isOpening = false;
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
    this.#forms = new WorkForms({
      work: () => this.#workOf(this.#tasks()),
      isOnline: () => this.#send !== undefined,
      isWaiting: () => journal.entries.length > 0,
      do: (act) => this.#do(act),
      note: (text) => this.#note(text),
      close: () => this.#open(undefined),
      changed: () => this.changed(),
    });
    this.#connection = new Connection({
      ticket: () => session.ticket(),
      opened: (send) => {
        this.#send = send;
        journal.connected(send);
        this.changed();
      },
      heard: (frame) => this.#hear(frame),
      closed: () => {
        this.#send = undefined;
        journal.disconnected();
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
    const floor = await memory.read<Floor>(`floor:${session.userId}`);
    page = new FloorPage(ports, journal, floor ?? { storeName: 'The floor', tasks: new Map() });
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

  /** What was opened, as long as it is ours to work on. */
  #workOf(tasks: readonly PickTaskView[]): PickTaskView | undefined {
    const task = tasks.find(({ taskId }) => taskId === this.#work);
    if (task === undefined) return undefined;
    const isOurs =
      task.status === 'PICKING' ? task.pickerId === this.#session.userId : OPEN_TO_ALL.includes(task.status);
    return isOurs ? task : undefined;
  }

  #draw(): void {
    const journal = this.#journal;
    const tasks = this.#tasks();
    const work = this.#workOf(tasks);
    const picture = {
      storeName: this.#floor.storeName,
      userId: this.#session.userId,
      nowMs: Date.now(),
      isOnline: this.#send !== undefined,
      waiting: journal.entries.length,
      trouble: this.#trouble(),
      refused: journal.refused,
      notes: this.#notes,
      tasks,
      work,
      seals: this.#forms.seals,
    };
    draw(picture, {
      accept: ({ taskId }) => this.#do({ do: 'accept', taskId }),
      claim: (task) => {
        this.#do({ do: 'claim', taskId: task.taskId });
        this.#open(task);
      },
      open: (task) => this.#open(task),
      giveUp: (line) => this.#forms.askWhy(line),
      dismiss: (id) => journal.dismiss(id),
      dismissNote: (note) => {
        this.#notes = this.#notes.filter((other) => other !== note);
        this.changed();
      },
    });
    if (!this.#isOpening || work === undefined) return;
    this.#isOpening = false;
    this.#forms.begin();
  }

  #trouble(): string | undefined {
    if (this.#journal.isOutdated) return 'Load this page again: the store has a newer one. What you did is kept.';
    const offMinutes = Math.round(this.#journal.clockOffsetMs / MINUTE_MS);
    if (offMinutes === 0) return undefined;
    const way = offMinutes > 0 ? 'ahead' : 'behind';
    return `This tablet’s clock is ${counted(Math.abs(offMinutes), 'minute')} ${way}.`;
  }

  #open(task: PickTaskView | undefined): void {
    this.#work = task?.taskId;
    this.#isOpening = true;
    this.#forms.forgetSeals();
    this.changed();
  }

  #hear(frame: FromStore): void {
    if (frame.t === 'answer') {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the store answers to commands of this page
      this.#journal.heard(frame as AnswerFrame);
    } else {
      if (frame.t === 'snapshot') this.#floor = floorOf(frame.state);
      else if (frame.t === 'delta') this.#floor = withDelta(this.#floor, frame.delta);
      this.#keepFloor();
    }
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
    for (const { status, pickerId, taskId } of this.#floor.tasks.values()) {
      if (status !== 'PICKING' || pickerId !== this.#session.userId) continue;
      this.#send?.({ t: 'command', v: 3, id: crypto.randomUUID(), do: 'heartbeat', taskId });
    }
  }

  #do(act: FloorAct): void {
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
}

/** Whoever has a hand free hands over, and brings back. */
const OPEN_TO_ALL: readonly string[] = ['PACKED', 'RESTOCK'];
