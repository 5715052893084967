import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { HOLDS_PER_CALL } from '../../../contracts/rpc/store.ts';
import type { HoldQuestion, HoldRefusal, HoldStock, HoldView } from '../../../contracts/rpc/store.ts';
import type { OpId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { ObjectKit } from '../../kit/object-kit.ts';
import { requireVersion } from '../../kit/version.ts';
import { basketOf } from '../command-checks.ts';
import { holdAll } from './hold-batch.ts';
import type { HoldOp } from './hold-batch.ts';
import { findOutcome, viewHold } from './hold-commands.ts';
import { busy, HoldQueue } from './hold-queue.ts';
import { denyHold } from '../store-access.ts';
import type { StoreBooks } from '../store-books.ts';

type Answer = Result<HoldView, HoldRefusal>;

/** Where baskets are held, many at a time. What is wrong with a command by itself is refused here and costs no transaction. */
export class HoldDesk {
  readonly #books: StoreBooks;
  readonly #queue: HoldQueue;
  constructor(kit: ObjectKit, books: StoreBooks) {
    this.#books = books;
    this.#queue = new HoldQueue({
      decide: (ops) => kit.commit(() => holdAll(books, ops, Date.now())),
      nowMs: () => Date.now(),
      nextTurn: () => scheduler.wait(0),
      report: (cause) => {
        kit.report('batch of holds', cause);
      },
    });
  }

  // oxlint-disable-next-line typescript/require-await -- RPC methods are async by contract; storage is synchronous
  async view(question: HoldQuestion): Promise<Result<HoldView, Refusal<'HOLD_NOT_FOUND'>>> {
    return viewHold(this.#books, question);
  }

  /** What the store answered to this opId. */
  // oxlint-disable-next-line typescript/require-await -- as above
  async find(opId: OpId): Promise<Answer | null> {
    return findOutcome(this.#books, opId);
  }

  async hold(command: HoldStock): Promise<Answer> {
    const op = check(command);
    if (!op.ok) return op;
    const [answer = err(busy())] = await Promise.all(this.#queue.hold([op.value]));
    return answer;
  }

  async holdMany(commands: readonly HoldStock[]): Promise<Answer[]> {
    if (commands.length > HOLDS_PER_CALL) return commands.map(() => err(TOO_MANY));
    const checked = commands.map(check);
    const waiting = this.#queue.hold(checked.flatMap((op) => (op.ok ? [op.value] : [])));
    const settled = await Promise.allSettled(waiting);
    // One that cannot be decided at all must not take the answers of the others with it.
    const decided = settled.map((answer) => (answer.status === 'fulfilled' ? answer.value : err(busy()))).values();
    return checked.map((op) => (op.ok ? (decided.next().value ?? err(busy())) : op));
  }
}

const TOO_MANY = refuse('INVALID_INPUT', `Send at most ${HOLDS_PER_CALL} holds in one call.`);

function check(command: HoldStock): Result<HoldOp, HoldRefusal> {
  requireVersion(command);
  const denied = denyHold(command);
  if (denied !== undefined) return err(denied);
  const lines = basketOf(command);
  return lines.ok ? ok({ command, lines: lines.value }) : lines;
}
