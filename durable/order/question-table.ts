import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type {
  OrderQuestion,
  OrderQuestionName,
  OrderQuestions,
  OrderReply,
} from '../../contracts/rpc/order-operations.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { toDeliveryView } from './delivery-view.ts';
import { maySee } from './order-access.ts';
import type { OrderBook } from './order-book.ts';
import { logView, pastView } from './order-past.ts';
import { toSagaView } from './saga-view.ts';

interface Reader<N extends OrderQuestionName> {
  /** For operators; else for whoever may see the order. */
  readonly operatorsOnly: boolean;
  /** `null` when there was nothing yet. */
  read(book: OrderBook, question: OrderQuestion<N>, nowMs: number): OrderQuestions[N]['answer'] | null;
}

const ORDER_QUESTIONS: { readonly [N in OrderQuestionName]: Reader<N> } = {
  AskSaga: { operatorsOnly: true, read: ({ placed }, _question, nowMs) => toSagaView(placed, nowMs) },
  AskPast: { operatorsOnly: false, read: (book, { actor, atMs }) => pastView(book.entries(), actor, atMs) },
  AskLog: { operatorsOnly: true, read: (book) => logView(book.entries(), book.placed) },
  AskDelivery: { operatorsOnly: false, read: ({ placed }) => toDeliveryView(placed) },
};

/** Answers a question from the book; changes nothing and is not remembered. */
export function answerQuestion<N extends OrderQuestionName>(
  book: OrderBook,
  question: OrderQuestion<N>,
  nowMs: number,
): OrderReply<N> {
  const reader = readerOf(question);
  const { actor } = question;
  if (book.state === null || !maySee(book.state, actor)) return err(NOT_FOUND);
  if (reader.operatorsOnly && !isOperator(actor)) return err(FORBIDDEN);
  const answer = reader.read(book, question, nowMs);
  return answer === null ? err(refuse('NOT_FOUND', 'The order has not come so far.')) : ok(answer);
}

function readerOf<N extends OrderQuestionName>(question: OrderQuestion<N>): Reader<N> {
  return ORDER_QUESTIONS[question.ask];
}

function isOperator(actor: Actor): boolean {
  return actor.kind === 'operator';
}

const NOT_FOUND = refuse('NOT_FOUND', 'There is no such order for you.');
const FORBIDDEN = refuse('FORBIDDEN', 'Operators only.');
