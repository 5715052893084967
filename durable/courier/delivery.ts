import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { WireMoney } from '../../contracts/wire.ts';
import type { ProveDelivery } from '../../contracts/rpc/order.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectKit } from '../kit/object-kit.ts';
import { courierActor } from './courier-books.ts';
import type { CourierBooks } from './courier-books.ts';
import { showState } from './courier-view.ts';
import type { DeliverCommand } from './courier-rows.ts';
import { concludeDelivery, mayDeliver } from './jobs.ts';

/** The deadline of a proof whose outcome is unknown, by order id. */
export const PROOF_DEADLINE = 'proof';
/** When the object asks again by itself, if the app does not: longer than the call may take. */
const ASK_AGAIN_MS = 10_000;
/** An older proof of the same order first, then this one, then its answer. */
const TURNS_MAX = 3;

type Answer = Result<null, Refusal>;
/** As the courier says it, in the currency that it names. */
type SaidDelivered = Omit<DeliverCommand, 'collectedMinor'> & { readonly collected?: WireMoney | undefined };

export interface DeliveryDeps {
  readonly kit: ObjectKit;
  readonly books: CourierBooks;
  /** Asks the order. Throws when it could not be asked, or its answer was lost. */
  prove(orderId: OrderId, command: ProveDelivery): Promise<Answer>;
}

/**
 * Proof of delivery: the order judges the code, so this is a call that the courier at the door waits for. The question is on
 * record before it is asked and until it is answered, with the app's own id, so that neither a crash nor a lost answer can leave
 * the order delivered and the courier still carrying it.
 */
export class Deliveries {
  readonly #deps: DeliveryDeps;
  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  async deliver({ collected, ...said }: SaidDelivered): Promise<Answer> {
    const currency = this.#deps.books.rows.job(said.orderId)?.details?.currency;
    if (collected !== undefined && currency !== undefined && collected.currency !== currency) {
      return err(refuse('INVALID_INPUT', `The cash for this order is in ${currency}.`, { currency }));
    }
    return this.#prove({ ...said, collectedMinor: collected?.amount ?? null });
  }

  async #prove(command: DeliverCommand): Promise<Answer> {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const begun = this.#begin(command, Date.now());
      if ('answer' in begun) return begun.answer;
      // oxlint-disable-next-line no-await-in-loop -- one proof of an order at a time
      if (!(await this.#ask(begun.open))) break;
    }
    return err(refuse('UNAVAILABLE', 'The order cannot be reached; send the same command again.'));
  }

  /** Asks again for a proof that is still open. Throws when the order still cannot be reached. */
  async resume(orderId: OrderId): Promise<void> {
    const open = this.#deps.books.rows.proof(orderId);
    if (open !== null && !(await this.#ask(open))) throw new Error(`the proof of ${orderId} is still unanswered`);
  }

  /** The answer, if there is one already; else the proof to ask about, which is on record now. */
  #begin(command: DeliverCommand, nowMs: number): { readonly answer: Answer } | { readonly open: DeliverCommand } {
    const { kit, books } = this.#deps;
    return kit.commit(() => {
      if (kit.ops.find(command.opId) !== null) return { answer: this.#answer(command, nowMs, () => ok(null)) };
      const open = books.rows.proof(command.orderId);
      if (open !== null) return { open };
      const may = mayDeliver(books, command.orderId);
      if (!may.ok) return { answer: this.#answer(command, nowMs, () => may) };
      if (may.value === 'done') return { answer: this.#answer(command, nowMs, () => ok(null)) };
      books.rows.insertProof(command.orderId, command);
      books.deadlines.set(PROOF_DEADLINE, command.orderId, nowMs + ASK_AGAIN_MS);
      return { open: command };
    });
  }

  /** False when the outcome stays unknown. */
  async #ask(open: DeliverCommand): Promise<boolean> {
    const { kit, books } = this.#deps;
    const { orderId, v, opId, shown, collectedMinor, traceparent } = open;
    const question: ProveDelivery = {
      v,
      actor: courierActor(books.courierId),
      opId,
      courierId: books.courierId,
      shown,
      ...(collectedMinor === null ? {} : { collectedMinor }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    let answer: Answer;
    try {
      answer = await this.#deps.prove(orderId, question);
    } catch {
      return false;
    }
    kit.commit(() => {
      const nowMs = Date.now();
      // Asked twice at once, the second answer may find the next proof on record: that one stays.
      if (books.rows.proof(orderId)?.opId === opId) {
        books.rows.deleteProof(orderId);
        books.deadlines.clear(PROOF_DEADLINE, orderId);
      }
      this.#answer(open, nowMs, () => {
        if (!answer.ok) return err(answer.error);
        concludeDelivery(books, orderId, nowMs);
        return ok(null);
      });
      showState(books);
    });
    return true;
  }

  #answer(command: DeliverCommand, nowMs: number, decide: () => Answer): Answer {
    return this.#deps.kit.ops.once('deliver', command, nowMs, decide);
  }
}
