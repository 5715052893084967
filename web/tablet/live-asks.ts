import type { Refusal } from '../../contracts/problem.ts';
import type { ServerFrame } from '../../contracts/ws/frames.ts';

/** What needs the store there and then, and has no place in a journal. */
export type LiveAct =
  | { readonly do: 'claimWave' }
  | { readonly do: 'candidates'; readonly taskId: string; readonly sku: string }
  | {
      readonly do: 'substitute';
      readonly taskId: string;
      readonly sku: string;
      readonly substitute: string;
      readonly quantity: number;
    };
export type LiveAnswer = Extract<ServerFrame<never, never>, { readonly t: 'answer' }>;

/** `ok: false` without a frame: the wire went before there was an answer. */
export type LiveOutcome = LiveAnswer | { readonly ok: false; readonly problem: Pick<Refusal, 'detail'> };

interface Ask {
  readonly id: string;
  readonly act: LiveAct;
  readonly answered: (answer: LiveAnswer | { readonly ok: false; readonly problem: Pick<Refusal, 'detail'> }) => void;
}

const VERSION = 3;
const CUT: LiveOutcome = { ok: false, problem: { detail: 'The wifi went before the store had answered: ask again.' } };

/**
 * Commands outside of the journal, one after the other, and each after what the journal has to say first. One that changes
 * something keeps its id until it is answered, over as many connections as that takes; a question is forgotten with its wire.
 */
export class LiveAsks {
  readonly #newId: () => string;
  #asks: readonly Ask[] = [];
  #send: ((frame: object) => void) | undefined;
  /** On its way over this connection. */
  #sent: string | undefined;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** Whether something of this kind is asked and not answered. */
  waits(kind: LiveAct['do']): boolean {
    return this.#asks.some(({ act }) => act.do === kind);
  }

  ask(act: LiveAct, answered: Ask['answered']): void {
    this.#asks = [...this.#asks, { id: this.#newId(), act, answered }];
  }

  connected(send: (frame: object) => void): void {
    this.#send = send;
  }

  disconnected(): void {
    this.#send = undefined;
    this.#sent = undefined;
    const questions = this.#asks.filter(({ act }) => act.do === 'candidates');
    this.#asks = this.#asks.filter(({ act }) => act.do !== 'candidates');
    for (const { answered } of questions) answered(CUT);
  }

  /** Sends the next one, if nothing of the journal waits. */
  goOn(isJournalEmpty: boolean): void {
    const [next] = this.#asks;
    if (!isJournalEmpty || next === undefined || next.id === this.#sent) return;
    if (this.#send === undefined) return;
    this.#sent = next.id;
    this.#send({ t: 'command', v: VERSION, id: next.id, ...next.act });
  }

  heard(answer: LiveAnswer): void {
    const asked = this.#asks.find(({ id }) => id === answer.id);
    if (asked === undefined) return;
    this.#asks = this.#asks.filter((other) => other !== asked);
    asked.answered(answer);
  }
}
