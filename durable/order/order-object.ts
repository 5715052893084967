import { DurableObject } from 'cloudflare:workers';
import type { Actor, Command } from '../../contracts/actor.ts';
import type { OrderView } from '../../contracts/http/orders.ts';
import type { TrackingView } from '../../contracts/http/tracking.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type {
  AnswerOverweight,
  AnswerSubstitution,
  CancelOrder,
  CourierPosition,
  MoneyCommand,
  MoveInLine,
  NotePayment,
  OrderRpc,
  PlacedOrder,
  PlaceOrder,
  PlaceRefusal,
  ProposeSubstitution,
  ProveDelivery,
  ReportCourier,
  ReportPick,
  WithdrawSubstitution,
} from '../../contracts/rpc/order.ts';
import type {
  OrderAnswer,
  OrderCommand,
  OrderCommandName,
  OrderQuestion,
  OrderQuestionName,
  OrderReply,
} from '../../contracts/rpc/order-operations.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { invariant } from '../../domain/shared/assert.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { within } from '../../integrations/within.ts';
import type { ObjectEnv, OrderEvents } from '../env.ts';
import { answerClose } from '../kit/sockets.ts';
import { obeyOperator } from './command-table.ts';
import { hearAnswer, hearWeightAnswer } from './customer-answers.ts';
import { cancelOrder } from './cancel-order.ts';
import { maySee } from './order-access.ts';
import { providersAtPlacing } from './order-gateways.ts';
import { OrderParts } from './order-parts.ts';
import { moveMoney, readPayment, reconcilePayment } from './order-money.ts';
import { drawTerms } from './draw-terms.ts';
import { hearCourier, hearLine, hearNotice, hearPick, hearProof, hearProposal, hearWithdrawal } from './reports.ts';
import { obeyWatcher } from './order-socket.ts';
import { toOrderView } from './order-view.ts';
import { answerQuestion } from './question-table.ts';

/** Whoever places an order gets the outcome so far after this, and the rest by asking or watching. */
const ANSWER_WITHIN_MS = 1500;
const NOT_FOUND = refuse('NOT_FOUND', 'There is no such order for you.');
const FORBIDDEN = refuse('FORBIDDEN', 'This is not yours to do.');

/** One order: its saga, its money, its watchers. The rules are in domain/order, the wiring in `OrderParts`. */
export class OrderObject extends DurableObject<ObjectEnv> implements OrderRpc, OrderEvents {
  /** `null` until the order is placed: a made-up id must not make an object cost storage. */
  #parts: OrderParts | null = null;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    if (OrderParts.isOpen(ctx)) this.#parts = new OrderParts(ctx, env);
  }

  async place(command: PlaceOrder): Promise<Result<PlacedOrder, PlaceRefusal>> {
    invariant(command.orderId === this.ctx.id.name, 'an order is placed in its own object');
    const { actor, customerId } = command;
    if (actor.kind !== 'customer' || actor.userId !== customerId) return err(FORBIDDEN);
    const known = this.#parts?.book.state ?? null;
    if (known !== null && (known.terms.bodyDigest !== command.bodyDigest || known.terms.customerId !== customerId)) {
      return err(refuse('IDEMPOTENCY_KEY_REUSED', 'Use a new Idempotency-Key for another order.'));
    }
    const providers = known === null ? providersAtPlacing(this.env, command) : ok([]);
    if (!providers.ok) return providers;
    const terms = known === null ? drawTerms(command, providers.value) : null;
    const parts = (this.#parts ??= new OrderParts(this.ctx, this.env));
    const replayed = parts.book.hasFirstAnswer();
    if (terms !== null) parts.place(terms, command);
    if (!replayed) {
      const outcome = parts.runner.runUntil(Date.now() + ANSWER_WITHIN_MS);
      this.ctx.waitUntil(outcome.catch(() => undefined));
      await within(ANSWER_WITHIN_MS, 'the saga', outcome).catch(() => undefined);
    }
    const answer = parts.book.keepFirstAnswer();
    return answer.ok ? ok({ order: answer.value, replayed }) : answer;
  }

  async view(actor: Actor): Promise<Result<OrderView, Refusal<'NOT_FOUND'>>> {
    const seen = this.#seenBy(actor);
    return seen === null ? err(NOT_FOUND) : ok(toOrderView(seen, actor));
  }

  async tracking(actor: Actor): Promise<Result<TrackingView, Refusal<'NOT_FOUND'>>> {
    if (this.#seenBy(actor) === null || this.#parts === null) return err(NOT_FOUND);
    return ok(this.#parts.watchers.tracking(actor));
  }

  async follow(actor: Actor, after: number | null): ReturnType<OrderEvents['follow']> {
    return this.#parts?.watchers.followers.follow(actor, after) ?? err(NOT_FOUND);
  }

  async awaitUpdates(actor: Actor, after: number | null, waitMs: number): ReturnType<OrderRpc['awaitUpdates']> {
    return this.#parts?.watchers.followers.awaitUpdates(actor, after, waitMs) ?? err(NOT_FOUND);
  }

  async cancel(command: CancelOrder): ReturnType<OrderRpc['cancel']> {
    return this.#parts === null ? err(NOT_FOUND) : cancelOrder(this.#parts, command);
  }

  async execute<N extends OrderCommandName>(command: OrderCommand<N>): Promise<OrderAnswer<N>> {
    return this.#parts === null ? err(NOT_FOUND) : obeyOperator(this.#parts, command);
  }

  async ask<N extends OrderQuestionName>(question: OrderQuestion<N>): Promise<OrderReply<N>> {
    return this.#parts === null ? err(NOT_FOUND) : answerQuestion(this.#parts.book, question, Date.now());
  }

  async reportPick(command: ReportPick): ReturnType<OrderRpc['reportPick']> {
    return this.#parts === null ? err(NOT_FOUND) : hearPick(this.#parts, command);
  }

  async moveInLine(command: MoveInLine): ReturnType<OrderRpc['moveInLine']> {
    return this.#parts === null ? err(NOT_FOUND) : hearLine(this.#parts, command);
  }

  async proposeSubstitution(command: ProposeSubstitution): ReturnType<OrderRpc['proposeSubstitution']> {
    return this.#parts === null ? err(NOT_FOUND) : hearProposal(this.#parts, command);
  }

  async withdrawSubstitution(command: WithdrawSubstitution): ReturnType<OrderRpc['withdrawSubstitution']> {
    return this.#parts === null ? err(NOT_FOUND) : hearWithdrawal(this.#parts, command);
  }

  async answerSubstitution(command: AnswerSubstitution): ReturnType<OrderRpc['answerSubstitution']> {
    return this.#parts === null ? err(NOT_FOUND) : hearAnswer(this.#parts, command);
  }

  async answerOverweight(command: AnswerOverweight): ReturnType<OrderRpc['answerOverweight']> {
    return this.#parts === null ? err(NOT_FOUND) : hearWeightAnswer(this.#parts, command);
  }

  async reportCourier(command: ReportCourier): ReturnType<OrderRpc['reportCourier']> {
    return this.#parts === null ? err(NOT_FOUND) : hearCourier(this.#parts, command);
  }

  async proveDelivery(command: ProveDelivery): ReturnType<OrderRpc['proveDelivery']> {
    return this.#parts === null ? err(NOT_FOUND) : hearProof(this.#parts, command);
  }

  async courierMoved(position: CourierPosition): Promise<void> {
    const courier = this.#parts?.book.state?.courier;
    if (courier?.at === 'ACCEPTED' && courier.courierId === position.courierId) this.#parts?.moveCourier(position);
  }

  /** A hint that the edge took from a signed webhook, in the order's own name: the provider itself is asked for the truth. */
  async notePayment(command: NotePayment): ReturnType<OrderRpc['notePayment']> {
    return this.#parts === null ? err(NOT_FOUND) : hearNotice(this.#parts, command);
  }

  async payment(actor: Actor): ReturnType<OrderRpc['payment']> {
    return this.#parts === null ? err(NOT_FOUND) : readPayment(this.#parts, actor);
  }

  async reconcile(command: Command): ReturnType<OrderRpc['reconcile']> {
    return this.#parts === null ? err(NOT_FOUND) : reconcilePayment(this.#parts, this.env, command);
  }

  async moveMoney(command: MoneyCommand): ReturnType<OrderRpc['moveMoney']> {
    return this.#parts === null ? err(NOT_FOUND) : moveMoney(this.#parts, command);
  }

  /** The watchers' socket. */
  override async fetch(request: Request): Promise<Response> {
    return this.#parts?.watchers.sockets.accept(request, Date.now()) ?? new Response(null, { status: 404 });
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    answerClose(socket, code);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const parts = this.#parts;
    if (parts === null) return;
    obeyWatcher(parts.watchers.sockets, socket, message, (command) =>
      'proposalId' in command ? hearAnswer(parts, command) : hearWeightAnswer(parts, command),
    );
  }

  override async alarm(): Promise<void> {
    await this.#parts?.kit.alarm();
  }

  #seenBy(actor: Actor): OrderState | null {
    const state = this.#parts?.book.state ?? null;
    return state !== null && maySee(state, actor) ? state : null;
  }
}
