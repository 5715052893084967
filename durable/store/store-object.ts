import { DurableObject } from 'cloudflare:workers';
import type { Actor, Command } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { HOLDS_PER_CALL } from '../../contracts/rpc/store.ts';
import type {
  AnnounceCourier,
  AvailabilityAnswer,
  AvailabilityQuestion,
  CancelPick,
  CommitHold,
  HoldQuestion,
  HoldRefusal,
  HoldStock,
  HoldView,
  LedgerAudit,
  PromoteHold,
  PublishCatalog,
  ReceiveStock,
  ReleaseHold,
  RenewHold,
  StoreLoad,
  StoreRpc,
} from '../../contracts/rpc/store.ts';
import type { StoreAnswer, StoreCommand, StoreCommandName } from '../../contracts/rpc/store-commands.ts';
import type { StoreQuestion, StoreQuestionName, StoreReply } from '../../contracts/rpc/store-questions.ts';
import { asStoreId } from '../../domain/shared/ids.ts';
import type { OpId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectEnv } from '../env.ts';
import { ObjectKit } from '../kit/object-kit.ts';
import { requireVersion } from '../kit/version.ts';
import { answerClose } from '../kit/sockets.ts';
import { denyHold, denyOperation, denyReservation } from './store-access.ts';
import { AvailabilityReader } from './availability-reader.ts';
import { openStoreBooks } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import { cancelPick, expectCourierAt } from './task-commands.ts';
import { receiveGoods, takeOverCatalog } from './operator-commands.ts';
import { holdView, isHoldAnswer } from './hold-rows.ts';
import { withholdClosed } from './lot-closing.ts';
import { handlerOf } from './command-table.ts';
import { answerQuestion } from './question-table.ts';
import { basketOf, noteOf, refuseCatalog } from './command-checks.ts';
import { commitToOrder, holdStock, promoteToOrder, releaseStock, renewCart } from './hold-commands.ts';
import { serveDeadline } from './deadline-table.ts';
import { auditStock } from './stock-audit.ts';
import { STORE_MIGRATIONS } from './store-migrations.ts';
import { TabletSocket } from './tablet-socket.ts';

type CallRefusal = Refusal<'FORBIDDEN' | 'INVALID_INPUT' | 'OP_ID_REUSED'>;
type Denied = Refusal<'FORBIDDEN' | 'INVALID_INPUT'> | undefined;

/** One dark store: its stock and its pick queue. The only writer of both, one command at a time. */
export class StoreObject extends DurableObject<ObjectEnv> implements StoreRpc {
  readonly #kit: ObjectKit;
  readonly #books: StoreBooks;
  readonly #availability: AvailabilityReader;
  readonly #tablets: TabletSocket;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#kit = new ObjectKit({
      ctx,
      env,
      name: 'store',
      migrations: STORE_MIGRATIONS,
      onDeadline: (deadline) => {
        this.#kit.commit(() => {
          serveDeadline(this.#books, deadline, Date.now());
        });
        this.#tablets.showNews();
      },
    });
    this.#books = openStoreBooks(asStoreId(this.#kit.id), this.#kit);
    this.#availability = new AvailabilityReader(this.#books, Date.now());
    this.#tablets = new TabletSocket({ ctx, kit: this.#kit, books: this.#books });
  }

  publishCatalog(command: PublishCatalog): ReturnType<StoreRpc['publishCatalog']> {
    const denied = denyOperation(command.actor) ?? refuseCatalog(command);
    return this.#once('publishCatalog', command, denied, () => ok(takeOverCatalog(this.#books, command)));
  }

  async receive(command: ReceiveStock): ReturnType<StoreRpc['receive']> {
    const note = noteOf(command);
    if (!note.ok) return note;
    return this.#once('receive', command, denyOperation(command.actor), (nowMs) =>
      receiveGoods(this.#books, command, note.value, nowMs),
    );
  }

  async hold(command: HoldStock): Promise<Result<HoldView, HoldRefusal>> {
    const basket = basketOf(command);
    if (!basket.ok) return basket;
    return this.#once('hold', command, denyHold(command), (nowMs) => {
      const skus = basket.value.map(({ sku }) => sku);
      withholdClosed(this.#books, skus, nowMs);
      return holdStock(this.#books, command, basket.value, nowMs);
    });
  }

  holdMany(commands: readonly HoldStock[]): ReturnType<StoreRpc['holdMany']> {
    return Promise.all(commands.slice(0, HOLDS_PER_CALL).map((command) => this.hold(command)));
  }

  renew(command: RenewHold): Promise<Result<HoldView, HoldRefusal>> {
    return this.#once('renew', command, denyReservation(command.actor, null), (nowMs) =>
      renewCart(this.#books, command, nowMs),
    );
  }

  // oxlint-disable-next-line typescript/require-await -- as below
  async viewHold({ actor, holdId }: HoldQuestion): ReturnType<StoreRpc['viewHold']> {
    const hold = this.#books.holds.find(holdId);
    if (hold !== undefined && denyReservation(actor, hold.orderId) === undefined) return ok(holdView(hold));
    return err(refuse('HOLD_NOT_FOUND', 'This store knows no such hold; hold the basket first.'));
  }

  promote(command: PromoteHold): Promise<Result<HoldView, HoldRefusal>> {
    return this.#once('promote', command, denyReservation(command.actor, command.orderId), (nowMs) =>
      promoteToOrder(this.#books, command, nowMs),
    );
  }

  commit(command: CommitHold): Promise<Result<HoldView, HoldRefusal>> {
    return this.#onFloor('commit', command, denyReservation(command.actor, command.orderId), (nowMs) =>
      commitToOrder(this.#books, command, nowMs),
    );
  }

  release(command: ReleaseHold): Promise<Result<HoldView, HoldRefusal>> {
    return this.#onFloor('release', command, denyReservation(command.actor, null), (nowMs) =>
      releaseStock(this.#books, command, nowMs),
    );
  }

  // oxlint-disable-next-line typescript/require-await -- RPC methods are async by contract; storage is synchronous
  async find(opId: OpId): Promise<Result<HoldView, HoldRefusal> | null> {
    const stored = this.#kit.ops.find(opId);
    return isHoldAnswer(stored) ? stored : null;
  }

  announceCourier(command: AnnounceCourier): ReturnType<StoreRpc['announceCourier']> {
    return this.#onFloor('announceCourier', command, denyReservation(command.actor, command.orderId), (nowMs) =>
      expectCourierAt(this.#books, command, nowMs),
    );
  }

  cancelPick(command: CancelPick): ReturnType<StoreRpc['cancelPick']> {
    return this.#onFloor('cancelPick', command, denyReservation(command.actor, command.orderId), (nowMs) =>
      cancelPick(this.#books, command, nowMs),
    );
  }

  execute<N extends StoreCommandName>(command: StoreCommand<N>): Promise<StoreAnswer<N>> {
    const handler = handlerOf(command);
    const denied = handler.denies(command.actor, this.#books.storeId) ?? handler.refuses(command);
    return this.#onFloor('execute', command, denied, (nowMs) => handler.decide(this.#books, command, nowMs));
  }

  // oxlint-disable-next-line typescript/require-await -- RPC methods are async by contract; storage is synchronous
  async ask<N extends StoreQuestionName>(question: StoreQuestion<N>): Promise<StoreReply<N>> {
    return answerQuestion(this.#books, question, Date.now());
  }

  // oxlint-disable-next-line typescript/require-await -- as above
  async availability({ since }: AvailabilityQuestion): Promise<AvailabilityAnswer> {
    return this.#availability.answer(since, Date.now());
  }

  // oxlint-disable-next-line typescript/require-await -- as above
  async load(): Promise<StoreLoad> {
    return this.#availability.load();
  }

  // oxlint-disable-next-line typescript/require-await -- as above
  async audit(actor: Actor): Promise<Result<LedgerAudit, Refusal<'FORBIDDEN'>>> {
    const denied = denyOperation(actor);
    if (denied !== undefined) return err(denied);
    return ok({ ...auditStock(this.#kit.sql), unpublishedEvents: this.#kit.outbox.unsent().rows });
  }

  /** The tablets' socket. */
  override fetch(request: Request): Response {
    return this.#tablets.accept(request);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#tablets.receive(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    answerClose(socket, code);
  }

  override alarm(): Promise<void> {
    return this.#kit.alarm();
  }

  /** A command that was refused for what it is leaves no trace; any other is answered once and remembered. */
  // oxlint-disable-next-line typescript/require-await -- as above
  async #once<T, E>(
    method: string,
    command: Command,
    denied: Denied,
    decide: (nowMs: number) => Result<T, E>,
  ): Promise<Result<T, E | CallRefusal>> {
    requireVersion(command);
    return denied === undefined ? this.#kit.once(method, command, decide) : err(denied);
  }

  /** A command that may change what the tablets show. */
  async #onFloor<T, E>(
    method: string,
    command: Command,
    denied: Denied,
    decide: (nowMs: number) => Result<T, E>,
  ): Promise<Result<T, E | CallRefusal>> {
    const answer = await this.#once(method, command, denied, decide);
    this.#tablets.showNews();
    return answer;
  }
}
