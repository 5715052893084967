import type { WireMoney } from '../../contracts/wire.ts';
import type { SubstituteCandidates } from '../../contracts/ws/tablet.ts';
import { button, element, make, show } from './elements.ts';
import type { LiveAct, LiveOutcome } from './live-asks.ts';
import { noneInWords, priceInWords, termsInWords } from './substitute-words.ts';
import { counted } from './words.ts';
import { replaceable } from './work.ts';
import type { Part, Work } from './work.ts';

export interface SubstituteDesk {
  work(): Work | undefined;
  isOnline(): boolean;
  ask(act: LiveAct, answered: (outcome: LiveOutcome) => void): void;
  /** Of one unit by its tag, if the store says. */
  priceOf(sku: string): Promise<WireMoney | undefined>;
  tell(text: string): void;
  note(text: string): void;
  changed(): void;
  /** Back to the scanner. */
  goOn(): void;
}

interface Question {
  readonly taskId: string;
  readonly sku: string;
  readonly name: string;
  readonly price: WireMoney | undefined;
  readonly answer: SubstituteCandidates | undefined;
  /** Those that are shown. */
  readonly most: number;
}
/** On a small screen the walk goes on below them. */
const NEAREST = 3;

/** What could stand in for units that were given up: asked of the store, and of it one proposed to the customer. */
export class Substitutes {
  readonly #desk: SubstituteDesk;
  #question: Question | undefined;

  constructor(desk: SubstituteDesk) {
    this.#desk = desk;
    element('substitutes-more').addEventListener('click', () => this.#add({ most: Infinity }));
    element('substitutes-close').addEventListener('click', () => this.#close());
  }

  /** Lists candidates for a part; they come in a moment. */
  seek({ task: { taskId }, line: { sku, name } }: Part): void {
    const desk = this.#desk;
    const question: Question = { taskId, sku, name, price: undefined, answer: undefined, most: NEAREST };
    this.#question = question;
    desk.ask({ do: 'candidates', taskId, sku }, (answered) => {
      if (!this.#isAbout(question)) return;
      if (answered.ok) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the store answers to this question
        this.#add({ answer: answered.value as SubstituteCandidates });
        return;
      }
      this.#question = undefined;
      desk.note(`${name}: ${answered.problem.detail}`);
    });
    void this.#addPrice(question);
    desk.changed();
  }

  async #addPrice(question: Question): Promise<void> {
    const price = await this.#desk.priceOf(question.sku);
    if (this.#isAbout(question)) this.#add({ price });
  }

  forget(): void {
    this.#question = undefined;
  }

  draw(): void {
    const question = this.#question;
    const work = this.#desk.work();
    const section = element('substitutes');
    section.hidden = question === undefined || !this.#isStillOpen(question, work);
    if (question === undefined || section.hidden) return;
    const { name, answer } = question;
    element('substitutes-title').textContent = `In place of ${name}`;
    element('substitutes-told').textContent = this.#words(question);
    element('substitutes-more').hidden = (answer?.candidates.length ?? 0) <= question.most;
    const press = this.#desk.isOnline() && answer !== undefined;
    show(
      element('candidates'),
      (answer?.candidates ?? []).slice(0, question.most).map((candidate) => {
        const row = make('li');
        const propose = button('Propose', () => this.#propose(candidate));
        propose.id = `propose-${candidate.sku}`;
        propose.disabled = !press;
        propose.setAttribute('aria-label', `Propose ${candidate.name}`);
        row.append(
          make('strong', candidate.name),
          make('span', candidate.bin, 'bin'),
          make('span', priceInWords(candidate, question.price)),
          make('span', termsInWords(candidate)),
          propose,
        );
        return row;
      }),
    );
  }

  #words({ answer }: Question): string {
    if (!this.#desk.isOnline()) return 'Proposing needs the connection: the customer has to answer.';
    if (answer === undefined) return 'The store is looking …';
    if (answer.candidates.length === 0) return noneInWords(answer);
    return `${counted(answer.quantity, 'unit')} may be replaced; the nearest first.`;
  }

  /** The first answer about it, or the part itself, may have come or gone meanwhile. */
  #isStillOpen({ taskId, sku }: Question, work: Work | undefined): boolean {
    const task = work?.tasks.find((own) => own.taskId === taskId);
    const line = task?.lines.find((own) => own.sku === sku);
    return task !== undefined && line !== undefined && replaceable({ task, line }) > 0;
  }

  #isAbout({ taskId, sku }: Question): boolean {
    return this.#question?.taskId === taskId && this.#question.sku === sku;
  }

  #add(known: Partial<Question>): void {
    if (this.#question !== undefined) this.#question = { ...this.#question, ...known };
    this.#desk.changed();
  }

  #propose(candidate: SubstituteCandidates['candidates'][number]): void {
    if (this.#question === undefined) return;
    const { taskId, sku, answer } = this.#question;
    const desk = this.#desk;
    const quantity = Math.min(answer?.quantity ?? 1, availableOf(candidate));
    const act = { do: 'substitute', taskId, sku, substitute: candidate.sku, quantity } as const;
    desk.ask(act, (answered) => {
      if (answered.ok) desk.tell(`The customer is asked for ${quantity} × ${candidate.name}.`);
      else desk.note(`${candidate.name}: ${answered.problem.detail}`);
    });
    this.#close();
  }

  #close(): void {
    this.#question = undefined;
    this.#desk.changed();
    this.#desk.goOn();
  }
}

function availableOf({ terms }: SubstituteCandidates['candidates'][number]): number {
  return Math.max(1, terms.find((term) => term.term === 'stock')?.availableUnits ?? 1);
}
