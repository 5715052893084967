import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { AnswerOverweight, AnswerSubstitution, OrderRpc } from '../../contracts/rpc/order.ts';
import { answerOverweight } from '../../domain/order/overweight.ts';
import { answerSubstitution } from '../../domain/order/substitution.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { maySee } from './order-access.ts';
import type { OrderParts } from './order-parts.ts';
import { toAnswerRefusal, toOverweightRefusal } from './order-refusals.ts';
import { toOrderView } from './order-view.ts';

// What the customer answers to what the store asks, by API or socket. Nothing waits in it.

type Heard<Method extends keyof OrderRpc> = Awaited<ReturnType<OrderRpc[Method]>>;

export function hearAnswer(parts: OrderParts, command: AnswerSubstitution): Heard<'answerSubstitution'> {
  const { actor } = command;
  const barred = barredFrom(parts, actor);
  if (barred !== null) return err(barred);
  const told = parts.tell(
    'answer',
    command,
    (state, nowMs) => answerSubstitution(state, command, nowMs),
    toAnswerRefusal,
  );
  return told.ok ? ok(toOrderView(parts.book.placed, actor)) : told;
}

export function hearWeightAnswer(parts: OrderParts, command: AnswerOverweight): Heard<'answerOverweight'> {
  const { actor, answer } = command;
  const barred = barredFrom(parts, actor);
  if (barred !== null) return err(barred);
  const told = parts.tell(
    'answerOverweight',
    command,
    (state, nowMs) => answerOverweight(state, answer, nowMs),
    toOverweightRefusal,
  );
  return told.ok ? ok(toOrderView(parts.book.placed, actor)) : told;
}

/** The customer's own word, and nobody else's; who may not see the order is told of none. */
function barredFrom({ book }: OrderParts, actor: Actor): Refusal<'NOT_FOUND' | 'FORBIDDEN'> | null {
  if (book.state === null || !maySee(book.state, actor)) return refuse('NOT_FOUND', 'There is no such order.');
  return actor.kind === 'customer' ? null : refuse('FORBIDDEN', 'This is not yours to do.');
}
