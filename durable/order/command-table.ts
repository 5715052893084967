import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type {
  OrderAnswer,
  OrderCommand,
  OrderCommandName,
  OrderCommands,
} from '../../contracts/rpc/order-operations.ts';
import type { Decision, NotAssigned } from '../../domain/order/decide.ts';
import { overrideDelivery } from '../../domain/order/delivery.ts';
import type { ProofError } from '../../domain/order/delivery.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { reassign } from '../../domain/order/reassign.ts';
import type { NotReassignable } from '../../domain/order/reassign.ts';
import { continueSaga, settleByHand } from '../../domain/order/stuck.ts';
import type { NotByHand, NotStuck } from '../../domain/order/stuck.ts';
import type { IllegalTransition } from '../../domain/order/transitions.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { drawHandoverCode } from './draw-terms.ts';
import { toProofRefusal, toReassignRefusal, toStuckRefusal } from './order-refusals.ts';
import type { OrderParts } from './order-parts.ts';
import { toSagaView } from './saga-view.ts';

interface Handler<N extends OrderCommandName, E> {
  decide(state: OrderState, command: OrderCommand<N>, nowMs: number): Decision<E>;
  toRefusal(error: E): Refusal<OrderCommands[N]['refuses']>;
}

interface CommandErrors {
  readonly ContinueSaga: NotStuck | NotByHand;
  readonly SettleByHand: NotStuck | NotByHand;
  readonly ReassignCourier: NotReassignable;
  readonly OverrideDelivery: IllegalTransition | NotAssigned | ProofError;
}

const ORDER_COMMANDS: { readonly [N in OrderCommandName]: Handler<N, CommandErrors[N]> } = {
  ContinueSaga: { decide: (state) => continueSaga(state), toRefusal: toStuckRefusal },
  SettleByHand: {
    decide: (state, { reference }, nowMs) => settleByHand(state, reference, nowMs),
    toRefusal: toStuckRefusal,
  },
  ReassignCourier: {
    decide: (state, { reason }) => reassign(state, { reason, handoverCode: drawHandoverCode() }),
    toRefusal: toReassignRefusal,
  },
  OverrideDelivery: { decide: overrideDelivery, toRefusal: toProofRefusal },
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

function handlerOf<N extends OrderCommandName>(command: OrderCommand<N>): Handler<N, CommandErrors[N]> {
  return ORDER_COMMANDS[command.do];
}

const FORBIDDEN = refuse('FORBIDDEN', 'Operators only.');
