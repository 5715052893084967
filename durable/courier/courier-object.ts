import { DurableObject } from 'cloudflare:workers';
import type { Actor, Command } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { ConfirmJob, CourierRpc, MoveDelivery, MoveJob, OfferJob } from '../../contracts/rpc/courier.ts';
import type { CourierState } from '../../contracts/ws/courier.ts';
import { isCurrent } from '../../domain/dispatch/position.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import { asCourierId, asOrderId, asZoneId } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectEnv } from '../env.ts';
import type { Deadline } from '../kit/deadlines.ts';
import { ObjectKit } from '../kit/object-kit.ts';
import { answerClose } from '../kit/sockets.ts';
import { requireVersion } from '../kit/version.ts';
import { orderStub } from '../stubs.ts';
import { AppSocket } from './app-socket.ts';
import { openCourierBooks } from './courier-books.ts';
import type { CourierBooks } from './courier-books.ts';
import { denyMove, denyOffer, denyOrder, denyOwn, maySee } from './courier-access.ts';
import { COURIER_MIGRATIONS } from './courier-migrations.ts';
import { courierState, showState } from './courier-view.ts';
import { Deliveries, PROOF_DEADLINE } from './delivery.ts';
import { confirmJob, depart, giveBack, pickUp, withdrawJob } from './jobs.ts';
import { OFFER_DEADLINE, takeOffer, timeOutOffer, withdrawOffers } from './offers.ts';
import { PositionRelay } from './position-relay.ts';
import { Whereabouts } from './whereabouts.ts';

/** One courier: shift, load, position, and the only place where an offer is accepted. */
export class CourierObject extends DurableObject<ObjectEnv> implements CourierRpc {
  readonly #kit: ObjectKit;
  readonly #books: CourierBooks;
  readonly #whereabouts = new Whereabouts();
  readonly #relay: PositionRelay;
  readonly #deliveries: Deliveries;
  readonly #app: AppSocket;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#kit = new ObjectKit({
      ctx,
      env,
      name: 'courier',
      migrations: COURIER_MIGRATIONS,
      onDeadline: (deadline) => this.#onDeadline(deadline),
    });
    const courierId = asCourierId(this.#kit.id);
    this.#books = openCourierBooks(courierId, this.#kit, () => this.#whereabouts.newest());
    this.#relay = new PositionRelay((orderId, { lat, lng, atMs }) =>
      orderStub(env, orderId).courierMoved({ courierId, lat, lng, atMs }),
    );
    this.#deliveries = new Deliveries({
      kit: this.#kit,
      books: this.#books,
      prove: (orderId, command) => orderStub(env, orderId).proveDelivery(command),
    });
    this.#app = new AppSocket({
      ctx,
      kit: this.#kit,
      books: this.#books,
      whereabouts: this.#whereabouts,
      deliveries: this.#deliveries,
      pass: (orderId, fix) => {
        this.#pass(orderId, fix);
      },
    });
    const seen = this.#books.rows.profile()?.seen;
    this.#whereabouts.recall([...(seen === undefined ? [] : [seen]), ...this.#app.recalledFixes()]);
  }

  offer(command: OfferJob): ReturnType<CourierRpc['offer']> {
    return this.#once('offer', command, denyOffer(command), (nowMs) => takeOffer(this.#books, command, nowMs));
  }

  async confirmJob(command: ConfirmJob): ReturnType<CourierRpc['confirmJob']> {
    const answer = await this.#once('confirmJob', command, denyOrder(command), (nowMs) =>
      confirmJob(this.#books, command, nowMs),
    );
    // The order knows its courier from here on, and wants to know where that is, even if no ping comes.
    const fix = this.#whereabouts.newest();
    if (answer.ok && fix !== null && isCurrent(fix, Date.now())) this.#pass(command.orderId, fix);
    return answer;
  }

  moveJob(command: MoveJob): ReturnType<CourierRpc['moveJob']> {
    return this.#once('moveJob', command, denyMove(command), (nowMs) => this.#moveJob(command, nowMs));
  }

  async moveDelivery(command: MoveDelivery): ReturnType<CourierRpc['moveDelivery']> {
    const { orderId, move, ...said } = command;
    const denied = denyOwn(command, this.#books.courierId);
    if (move.to !== 'DELIVERED') {
      return this.#once('moveDelivery', command, denied, (nowMs) =>
        move.to === 'IN_TRANSIT'
          ? depart(this.#books, orderId, nowMs)
          : giveBack(this.#books, orderId, move.reason, nowMs),
      );
    }
    if (denied !== undefined) return err(denied);
    const { shown, collected } = move;
    const answer = await this.#deliveries.deliver({ ...said, orderId, shown, collected });
    this.#app.showNews();
    return answer;
  }

  // oxlint-disable-next-line typescript/require-await -- RPC methods are async by contract; storage is synchronous
  async view(actor: Actor): Promise<Result<CourierState, Refusal<'NOT_FOUND'>>> {
    if (!maySee(actor, this.#books.courierId)) return err(refuse('NOT_FOUND', 'There is no such courier for you.'));
    return ok(courierState(this.#books));
  }

  /** The app's socket. */
  override fetch(request: Request): Response {
    return this.#app.accept(request);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    return this.#app.receive(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    answerClose(socket, code);
  }

  override alarm(): Promise<void> {
    return this.#kit.alarm();
  }

  async #onDeadline({ kind, ref }: Deadline): Promise<void> {
    if (kind === PROOF_DEADLINE) await this.#deliveries.resume(asOrderId(ref));
    if (kind === OFFER_DEADLINE) {
      this.#kit.commit(() => {
        timeOutOffer(this.#books, ref, Date.now());
        showState(this.#books);
      });
    }
    this.#app.showNews();
  }

  #moveJob({ actor, orderId, step, reason }: MoveJob, nowMs: number): Result<null, Refusal<'NOT_FOUND'>> {
    if (step === 'picked_up') return pickUp(this.#books, orderId, nowMs);
    if (actor.kind === 'object' && actor.object === 'zone') {
      withdrawOffers(this.#books, asZoneId(actor.id), orderId, nowMs);
    } else withdrawJob(this.#books, orderId, reason ?? null, nowMs);
    return ok(null);
  }

  #pass(orderId: OrderId, fix: Fix): void {
    this.ctx.waitUntil(this.#relay.pass(orderId, fix));
  }

  /** A command that was refused for who sent it leaves no trace; any other is answered once and remembered. */
  // oxlint-disable-next-line typescript/require-await -- as above
  async #once<T, E>(
    method: string,
    command: Command,
    denied: Refusal<'FORBIDDEN'> | undefined,
    decide: (nowMs: number) => Result<T, E>,
  ): Promise<Result<T, E | Refusal<'FORBIDDEN' | 'OP_ID_REUSED'>>> {
    requireVersion(command);
    if (denied !== undefined) return err(denied);
    const answer = this.#kit.once(method, command, (nowMs) => {
      const decided = decide(nowMs);
      showState(this.#books);
      return decided;
    });
    this.#app.showNews();
    return answer;
  }
}
