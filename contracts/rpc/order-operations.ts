import type { ReassignReason } from '../../domain/order/reassign.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Actor, Command } from '../actor.ts';
import type { DeliveryView } from '../http/deliveries.ts';
import type { OrderLogView, OrderPastView, SagaView } from '../http/order-saga.ts';
import type { Refusal } from '../problem.ts';

/** Everything that people ask an order beside how it stands, by name; `OrderRpc.ask` takes any of them. Asking changes nothing. */
export interface OrderQuestions {
  /** How far it has come by itself and what it needs; for operators. */
  readonly AskSaga: { readonly question: object; readonly answer: SagaView };
  /** The order as it was known at a moment, ms since the epoch. */
  readonly AskPast: { readonly question: { readonly atMs: number }; readonly answer: OrderPastView };
  /** Its log without secrets, for a replay elsewhere; for operators. */
  readonly AskLog: { readonly question: object; readonly answer: OrderLogView };
  /** The order as a delivery; there is none before a courier took it. */
  readonly AskDelivery: { readonly question: object; readonly answer: DeliveryView };
}
export type OrderQuestionName = keyof OrderQuestions;
export type OrderQuestion<N extends OrderQuestionName = OrderQuestionName> = {
  readonly [K in N]: OrderQuestions[K]['question'] & { readonly ask: K; readonly actor: Actor };
}[N];
export type OrderReply<N extends OrderQuestionName = OrderQuestionName> = Result<
  OrderQuestions[N]['answer'],
  Refusal<'FORBIDDEN' | 'NOT_FOUND'>
>;

/** Why a delivery is not taken as proved. */
export type ProofCode =
  | 'NOT_ASSIGNED'
  | 'DELIVERY_CODE_WRONG'
  | 'DELIVERY_CODE_LOCKED'
  | 'PHOTO_NOT_ENOUGH'
  | 'INVALID_INPUT';

/** What operators tell an order to do, by name; `OrderRpc.execute` takes any of them. */
export interface OrderCommands {
  /** The call that fails is made again at once. */
  readonly ContinueSaga: { readonly command: object; readonly refuses: 'NOT_STUCK' };
  /** Money was moved by hand where the provider would not; `reference` is where that can be looked up. */
  readonly SettleByHand: { readonly command: { readonly reference: string }; readonly refuses: 'NOT_STUCK' };
  /** The courier is taken off while the bags are still in the store, and another one is looked for. */
  readonly ReassignCourier: {
    readonly command: { readonly reason: ReassignReason };
    readonly refuses: 'NOT_REASSIGNABLE';
  };
  /** It was delivered, though the chain of custody does not show it; `collectedMinor` is the cash that the courier took. */
  readonly OverrideDelivery: {
    readonly command: { readonly reason: string; readonly collectedMinor: number };
    readonly refuses: 'ILLEGAL_TRANSITION' | ProofCode;
  };
}
export type OrderCommandName = keyof OrderCommands;
export type OrderCommand<N extends OrderCommandName = OrderCommandName> = {
  readonly [K in N]: OrderCommands[K]['command'] & Command & { readonly do: K };
}[N];
/** How the order's way stands after it. */
export type OrderAnswer<N extends OrderCommandName = OrderCommandName> = Result<
  SagaView,
  Refusal<OrderCommands[N]['refuses'] | 'FORBIDDEN' | 'NOT_FOUND' | 'OP_ID_REUSED'>
>;
