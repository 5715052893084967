import type { DeviceAnswer } from '../../contracts/ws/device-journal.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { PickTaskView, TaskAnswer } from '../../contracts/ws/tablet.ts';

/** What a picker does: a command without what the journal adds to it. */
export interface FloorAct {
  readonly do: string;
  readonly taskId: string;
  readonly barcode?: string;
  readonly sku?: string;
  readonly quantity?: number;
  readonly reason?: string;
  readonly from?: 'SHELF' | 'TOTE';
  readonly bags?: readonly SealedBag[];
  readonly code?: string;
  readonly seals?: readonly string[];
}
type SealedBag = PickTaskView['sealed'][number];
export interface Entry {
  /** Its number in the journal. */
  readonly seq: number;
  /** The command's id: it stays the same whatever number it gets. */
  readonly id: string;
  readonly act: FloorAct;
  /** The act as its picker would call it: the order may be gone from the floor when it is answered. */
  readonly words: string;
  /** By this tablet's clock. */
  readonly at: string;
}
/** An act that the store refused, until somebody has read it. */
export interface Refused extends Omit<Entry, 'seq'> {
  readonly problem: Refusal;
}
export interface SavedJournal {
  readonly device: string;
  /** The last number that was given. */
  readonly lastSeq: number;
  /** Acts without an answer, in the order in which they were done. */
  readonly entries: readonly Entry[];
  readonly refused: readonly Refused[];
}

export interface JournalPorts {
  load(): Promise<SavedJournal | undefined>;
  /** Whole, or not at all. */
  save(journal: SavedJournal): Promise<void>;
  newId(): string;
  nowMs(): number;
  /** Calls back once, later. */
  later(ms: number, then: () => void): void;
  /** Something in the journal is different: show it. */
  changed(): void;
}

export type AnswerFrame =
  | { readonly t: 'answer'; readonly id: string; readonly ok: true; readonly value: TaskAnswer | DeviceAnswer }
  | { readonly t: 'answer'; readonly id: string; readonly ok: false; readonly problem: Refusal };

const VERSION = 3;
/** More than any shift without wifi; who is here is told to look for some. */
export const ENTRIES_MAX = 500;
/** Refusals that nobody has read; the newest. */
const REFUSED_MAX = 200;
/** Sent before the first of them is answered. */
const IN_FLIGHT_MAX = 30;
const NEWER_STORE_MS = 30_000;

/** The store has not taken them: they are sent again. */
const ASK_AGAIN: readonly string[] = ['DEVICE_GAP', 'TOO_MANY_REQUESTS', 'VERSION_UNSUPPORTED', 'DEVICE_SEQ_REUSED'];
/** Whether such a command took its number is not said. */
const NUMBER_IN_DOUBT: readonly string[] = ['INVALID_INPUT', 'OP_ID_REUSED'];

/**
 * What a tablet has done and the store has not answered. Written down before it is sent, sent in order, over as many
 * connections as it takes, and dropped when it is answered. Whatever is wrong with the numbers, the journal begins anew under
 * another device id: the store knows by their ids which commands it has done.
 */
export class DeviceJournal {
  readonly #ports: JournalPorts;
  #saved: SavedJournal;
  #saving: Promise<void> = Promise.resolve();
  #send: ((frame: object) => void) | undefined;
  #question: string | undefined;
  /** Ids on their way over this connection. */
  readonly #inFlight = new Set<string>();
  /** Entries before this place were sent over this connection. */
  #sent = 0;
  /** Nothing more is sent until what is on its way was answered: then again from the first, maybe later or under new numbers. */
  #halt: { readonly afterMs: number; readonly anew: boolean } | undefined;
  #pause: object | undefined;
  /** The store's: entries up to here are done, though their answers have not come. */
  #doneSeq = 0;
  #isOutdated = false;
  #clockOffsetMs = 0;

  private constructor(ports: JournalPorts, saved: SavedJournal) {
    this.#ports = ports;
    this.#saved = saved;
  }

  static async open(ports: JournalPorts): Promise<DeviceJournal> {
    const saved = await ports.load();
    return new DeviceJournal(ports, saved ?? { device: ports.newId(), lastSeq: 0, entries: [], refused: [] });
  }

  /** Acts that wait for their answer. */
  get entries(): readonly Entry[] {
    return this.#saved.entries;
  }
  /** Of them, those that the store has not done as far as is known. */
  get undone(): readonly Entry[] {
    return this.#saved.entries.filter(({ seq }) => seq > this.#doneSeq);
  }
  get refused(): readonly Refused[] {
    return this.#saved.refused;
  }
  /** The page must be loaded again before the store takes anything more. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }
  /** How far this tablet's clock is ahead of the store's, once that is too far; 0 else. */
  get clockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  /** Writes an act down, then sends it when it can. False when too much waits already. */
  async record(act: FloorAct, words: string): Promise<boolean> {
    const { entries, lastSeq } = this.#saved;
    if (entries.length >= ENTRIES_MAX) return false;
    const entry = { seq: lastSeq + 1, id: this.#ports.newId(), act, words, at: this.#now() };
    await this.#save({ ...this.#saved, lastSeq: entry.seq, entries: [...entries, entry] });
    this.#sendMore();
    return true;
  }

  /** A connection is there: asks how far the store is, then sends what has no answer. */
  connected(send: (frame: object) => void): void {
    this.disconnected();
    this.#send = send;
    this.#question = this.#ports.newId();
    send({ t: 'device', v: VERSION, id: this.#question, device: this.#saved.device, at: this.#now() });
  }

  disconnected(): void {
    this.#send = undefined;
    this.#question = undefined;
    this.#inFlight.clear();
    this.#sent = 0;
    this.#halt = undefined;
    this.#pause = undefined;
  }

  /** Takes an answer of this connection; others' are no concern of it. */
  heard(answer: AnswerFrame): void {
    if (answer.id === this.#question) this.#heardWhere(answer);
    else if (this.#inFlight.delete(answer.id)) this.#heardEntry(answer);
    this.#goOn();
  }

  /** Somebody has read it. */
  dismiss(id: string): void {
    this.#keep({ ...this.#saved, refused: this.#saved.refused.filter((refused) => refused.id !== id) });
  }

  #heardWhere(answer: AnswerFrame): void {
    this.#question = undefined;
    if (!answer.ok) {
      this.#stopFor(answer.problem);
      return;
    }
    if (!('seq' in answer.value)) return;
    const { seq, clockOffsetMs = 0 } = answer.value;
    this.#clockOffsetMs = clockOffsetMs;
    const { entries, lastSeq } = this.#saved;
    const firstWaiting = entries[0]?.seq ?? lastSeq + 1;
    // The store has forgotten this journal; or it knows more of it than we do, who came from a copy.
    if (seq < firstWaiting - 1 || seq > lastSeq) this.#halt = { afterMs: 0, anew: true };
    else this.#doneSeq = seq;
    this.#ports.changed();
  }

  #heardEntry(answer: AnswerFrame): void {
    const { entries, refused } = this.#saved;
    const at = entries.findIndex(({ id }) => id === answer.id);
    const entry = entries[at];
    if (entry === undefined) return;
    if (!answer.ok && ASK_AGAIN.includes(answer.problem.code)) {
      this.#stopFor(answer.problem);
      return;
    }
    if (answer.ok && 'taskId' in answer.value) this.#clockOffsetMs = answer.value.clockOffsetMs ?? this.#clockOffsetMs;
    if (!answer.ok && NUMBER_IN_DOUBT.includes(answer.problem.code)) this.#halt = { afterMs: 0, anew: true };
    this.#sent -= 1;
    const { seq: _seq, ...spoken } = entry;
    this.#keep({
      ...this.#saved,
      entries: entries.toSpliced(at, 1),
      refused: answer.ok ? refused : [...refused, { ...spoken, problem: answer.problem }].slice(-REFUSED_MAX),
    });
  }

  #stopFor({ code, numbers }: Refusal): void {
    const { retryAfterMs, missing, v, newest } = numbers ?? {};
    if (code === 'VERSION_UNSUPPORTED' && Number(v) < Number(newest)) {
      this.#isOutdated = true;
      this.#ports.changed();
    }
    const isForgotten = code === 'DEVICE_GAP' && Number(missing) < (this.#saved.entries[0]?.seq ?? 0);
    const anew = isForgotten || code === 'DEVICE_SEQ_REUSED' || this.#halt?.anew === true;
    const wait = code === 'VERSION_UNSUPPORTED' ? NEWER_STORE_MS : Number(retryAfterMs ?? 0);
    this.#halt = { afterMs: Math.max(wait, this.#halt?.afterMs ?? 0), anew };
  }

  /** Sends more, or again once everything on its way was answered. */
  #goOn(): void {
    if (this.#halt === undefined) {
      this.#sendMore();
      return;
    }
    if (this.#inFlight.size > 0 || this.#isOutdated) return;
    const { afterMs, anew } = this.#halt;
    this.#halt = undefined;
    this.#sent = 0;
    if (anew) this.#beginAnew();
    if (afterMs > 0) this.#pauseFor(afterMs);
    else this.#sendMore();
  }

  #pauseFor(ms: number): void {
    const pause = {};
    this.#pause = pause;
    this.#ports.later(ms, () => {
      // Another connection does not wait for what this one was told.
      if (this.#pause !== pause) return;
      this.#pause = undefined;
      this.#sendMore();
    });
  }

  #beginAnew(): void {
    const entries = this.#saved.entries.map((entry, i) => ({ ...entry, seq: i + 1 }));
    this.#doneSeq = 0;
    this.#keep({ ...this.#saved, device: this.#ports.newId(), lastSeq: entries.length, entries });
  }

  #sendMore(): void {
    if (this.#send === undefined || this.#question !== undefined) return;
    if (this.#halt !== undefined || this.#pause !== undefined) return;
    const { device, entries } = this.#saved;
    while (this.#sent < entries.length && this.#inFlight.size < IN_FLIGHT_MAX) {
      const entry = entries[this.#sent];
      if (entry === undefined) return;
      this.#sent += 1;
      this.#inFlight.add(entry.id);
      this.#send({
        t: 'command',
        v: VERSION,
        id: entry.id,
        ...entry.act,
        device: { id: device, seq: entry.seq, at: entry.at },
      });
    }
  }

  #save(journal: SavedJournal): Promise<void> {
    this.#saved = journal;
    this.#ports.changed();
    const saving = this.#saving.then(() => this.#ports.save(journal));
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  /** As `#save`, of what the store knows anyhow: should it fail, an answered command is sent and answered once more. */
  #keep(journal: SavedJournal): void {
    this.#save(journal).catch(() => undefined);
  }

  #now(): string {
    return new Date(this.#ports.nowMs()).toISOString();
  }
}
