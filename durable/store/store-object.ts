import { DurableObject } from 'cloudflare:workers';
import type { Actor } from '../../contracts/actor.ts';
import type { Refusal } from '../../contracts/problem.ts';
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
import { answerClose } from '../kit/sockets.ts';
import { denyHolder, denyOperation, denyReservation } from './store-access.ts';
import { storeLoad } from './capacity/store-load.ts';
import { AvailabilityReader } from './availability-reader.ts';
import { openStoreBooks } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import { cancelPick, expectCourierAt } from './floor/task-commands.ts';
import { receiveGoods, takeOverCatalog } from './goods/operator-commands.ts';
import { CommandDoor } from './command-door.ts';
import { HoldDesk } from './holds/hold-desk.ts';
import { handlerOf } from './command-table.ts';
import { answerQuestion } from './question-table.ts';
import { noteOf, refuseCatalog, wantedOf } from './command-checks.ts';
import { commitToOrder, promoteToOrder, releaseStock, renewCart } from './holds/hold-commands.ts';
import { serveDeadline } from './deadline-table.ts';
import { STORE_MIGRATIONS } from './store-migrations.ts';
import { TabletSocket } from './floor/tablet-socket.ts';

/** One dark store: its stock and its pick queue. The only writer of both, one command at a time. */
export class StoreObject extends DurableObject<ObjectEnv> implements StoreRpc {
  readonly #kit: ObjectKit;
  readonly #books: StoreBooks;
  readonly #availability: AvailabilityReader;
  readonly #door: CommandDoor;
  readonly #desk: HoldDesk;
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
    this.#books = openStoreBooks(asStoreId(this.#kit.id), this.#kit, (picker) => this.#tablets.heardAtMs(picker));
    this.#availability = new AvailabilityReader(this.#books, Date.now());
    this.#desk = new HoldDesk(this.#kit, this.#books);
    this.#tablets = new TabletSocket({ ctx, kit: this.#kit, books: this.#books });
    this.#door = new CommandDoor(this.#kit, this.#books, this.#tablets);
  }

  publishCatalog(command: PublishCatalog): ReturnType<StoreRpc['publishCatalog']> {
    const denied = denyOperation(command.actor) ?? refuseCatalog(command);
    return this.#door.once('publishCatalog', command, denied, () => ok(takeOverCatalog(this.#books, command)));
  }

  async receive(command: ReceiveStock): ReturnType<StoreRpc['receive']> {
    const note = noteOf(command);
    if (!note.ok) return note;
    return this.#door.once('receive', command, denyOperation(command.actor), (nowMs) =>
      receiveGoods(this.#books, command, note.value, nowMs),
    );
  }

  hold(command: HoldStock): Promise<Result<HoldView, HoldRefusal>> {
    return this.#desk.hold(command);
  }

  holdMany(commands: readonly HoldStock[]): ReturnType<StoreRpc['holdMany']> {
    return this.#desk.holdMany(commands);
  }

  renew(command: RenewHold): Promise<Result<HoldView, HoldRefusal>> {
    return this.#door.once('renew', command, denyHolder(command.actor), (nowMs) =>
      renewCart(this.#books, command, nowMs),
    );
  }

  viewHold(question: HoldQuestion): ReturnType<StoreRpc['viewHold']> {
    return this.#desk.view(question);
  }

  promote(command: PromoteHold): Promise<Result<HoldView, HoldRefusal>> {
    return this.#door.once('promote', command, denyReservation(command.actor, command.orderId), (nowMs) =>
      promoteToOrder(this.#books, command, nowMs),
    );
  }

  async commit(command: CommitHold): Promise<Result<HoldView, HoldRefusal>> {
    const lines = wantedOf(command);
    if (!lines.ok) return lines;
    return this.#door.onFloor('commit', command, denyReservation(command.actor, command.orderId), (nowMs) =>
      commitToOrder(this.#books, { ...command, lines: lines.value }, nowMs),
    );
  }

  release(command: ReleaseHold): Promise<Result<HoldView, HoldRefusal>> {
    return this.#door.onFloor('release', command, denyHolder(command.actor), (nowMs) =>
      releaseStock(this.#books, command, nowMs),
    );
  }

  find(opId: OpId): Promise<Result<HoldView, HoldRefusal> | null> {
    return this.#desk.find(opId);
  }

  announceCourier(command: AnnounceCourier): ReturnType<StoreRpc['announceCourier']> {
    return this.#door.onFloor('announceCourier', command, denyReservation(command.actor, command.orderId), (nowMs) =>
      expectCourierAt(this.#books, command, nowMs),
    );
  }

  cancelPick(command: CancelPick): ReturnType<StoreRpc['cancelPick']> {
    return this.#door.onFloor('cancelPick', command, denyReservation(command.actor, command.orderId), (nowMs) =>
      cancelPick(this.#books, command, nowMs),
    );
  }

  execute<N extends StoreCommandName>(command: StoreCommand<N>): Promise<StoreAnswer<N>> {
    const handler = handlerOf(command);
    const denied = handler.denies(command.actor, this.#books.storeId) ?? handler.refuses(command);
    return this.#door.onFloor('execute', command, denied, (nowMs) => handler.decide(this.#books, command, nowMs));
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
    return storeLoad(this.#books, Date.now());
  }

  // oxlint-disable-next-line typescript/require-await -- as above
  async audit(actor: Actor): Promise<Result<LedgerAudit, Refusal<'FORBIDDEN'>>> {
    const denied = denyOperation(actor);
    if (denied !== undefined) return err(denied);
    const quarantined = this.#books.auditing.quarantined();
    return ok({ ...this.#books.audit(), quarantined, unpublishedEvents: this.#kit.unsent().rows });
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
}
