import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type {
  OrderAnswer,
  OrderCommand,
  OrderCommandName,
  OrderCommands,
} from '../../contracts/rpc/order-operations.ts';
import type { Decision } from '../../domain/order/decide.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { continueSaga, settleByHand } from '../../domain/order/stuck.ts';
import type { NotByHand, NotStuck } from '../../domain/order/stuck.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { toStuckRefusal } from './order-refusals.ts';
import type { OrderParts } from './order-parts.ts';
import { toSagaView } from './saga-view.ts';

interface Handler<N extends OrderCommandName, E> {
  decide(state: OrderState, command: OrderCommand<N>, nowMs: number): Decision<E>;
  toRefusal(error: E): Refusal<OrderCommands[N]['refuses']>;
}

const ORDER_COMMANDS: { readonly [N in OrderCommandName]: Handler<N, NotStuck | NotByHand> } = {
  ContinueSaga: { decide: (state) => continueSaga(state), toRefusal: toStuckRefusal },
  SettleByHand: {
    decide: (state, { reference }, nowMs) => settleByHand(state, reference, nowMs),
    toRefusal: toStuckRefusal,
  },
};

/** One command of an operator: decided, recorded and answered once. */
export function obeyOperator<N extends OrderCommandName>(parts: OrderParts, command: OrderCommand<N>): OrderAnswer<N> {
  if (command.actor.kind !== 'operator') return err(FORBIDDEN);
  const handler = handlerOf(command);
  const told = parts.tell(
    command.do,
    command,
    (state, nowMs) => handler.decide(state, command, nowMs),
    (error) => handler.toRefusal(error),
  );
  return told.ok ? ok(toSagaView(parts.book.placed, Date.now())) : told;
}

function handlerOf<N extends OrderCommandName>(command: OrderCommand<N>): Handler<N, NotStuck | NotByHand> {
  return ORDER_COMMANDS[command.do];
}

const FORBIDDEN = refuse('FORBIDDEN', 'Operators only.');
