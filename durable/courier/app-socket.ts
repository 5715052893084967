import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { CourierCommand, CourierPing } from '../../contracts/ws/courier.ts';
import { CLOSE_CODES, CommandId } from '../../contracts/ws/frames.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import { err } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectKit } from '../kit/object-kit.ts';
import { clientOpId } from '../kit/ops.ts';
import { Sockets } from '../kit/sockets.ts';
import type { CourierBooks } from './courier-books.ts';
import { courierState, showState } from './courier-view.ts';
import type { Deliveries } from './delivery.ts';
import { depart, giveBack } from './jobs.ts';
import { tellZone } from './courier-announcements.ts';
import { acceptOffer, rejectOffer } from './offers.ts';
import { endShift, startShift } from './shifts.ts';
import type { Whereabouts } from './whereabouts.ts';

const NamedFrame = v.object({ id: CommandId });
const Note = v.object({ lat: v.number(), lng: v.number(), atMs: v.number() });

type CourierActor = Extract<Actor, { kind: 'courier' }>;
type DeliverFrame = Extract<CourierCommand, { do: 'deliver' }>;
type Answer = Result<null, Refusal>;

export interface AppSocketDeps {
  readonly ctx: DurableObjectState;
  readonly kit: ObjectKit;
  readonly books: CourierBooks;
  readonly whereabouts: Whereabouts;
  readonly deliveries: Deliveries;
  /** Passes a position on to an order; returns at once. */
  pass(orderId: OrderId, fix: Fix): void;
}

/** The courier's app: one socket. State out as numbered deltas; commands in, each answered exactly once; pings in, not answered. */
export class AppSocket {
  readonly #deps: AppSocketDeps;
  readonly #sockets: Sockets;

  constructor(deps: AppSocketDeps) {
    const { ctx, kit, books } = deps;
    this.#deps = deps;
    this.#sockets = new Sockets({
      ctx,
      sql: kit.sql,
      feed: books.feed,
      snapshot: () => courierState(books),
      admits: (actor) => actor.kind === 'courier' && actor.courierId === books.courierId,
    });
  }

  /** The positions that the sockets remember from before a sleep. */
  recalledFixes(): Fix[] {
    return this.#sockets.notes().flatMap((note) => {
      const parsed = v.safeParse(Note, note);
      return parsed.success ? [parsed.output] : [];
    });
  }

  /** The newest socket is the app; one that was left behind by a dead network is closed. */
  accept(request: Request): Response {
    const before = this.#deps.ctx.getWebSockets();
    const response = this.#sockets.accept(request, Date.now());
    if (response.status === 101) {
      for (const socket of before) socket.close(CLOSE_CODES.REPLACED, 'Another socket of this courier was opened.');
    }
    return response;
  }

  /** Sends the app what it has not seen yet. Call after a commit. */
  showNews(): void {
    this.#sockets.fanOut();
  }

  async receive(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const frame = this.#sockets.read(socket, message);
    if (frame === undefined) return;
    const ping = v.safeParse(CourierPing, frame);
    if (ping.success) {
      this.#see(socket, { lat: ping.output.lat, lng: ping.output.lng, atMs: Date.now() });
      return;
    }
    const parsed = v.safeParse(CourierCommand, frame);
    if (!parsed.success) {
      this.#refuseFrame(socket, frame, parsed.issues[0].message);
      return;
    }
    const actor = this.#sockets.actorOf(socket);
    // Only couriers are admitted, so any other actor here is a bug of this object.
    if (actor.kind !== 'courier') return;
    const answer = await this.#obey(actor, parsed.output);
    this.showNews();
    this.#sockets.answer(socket, parsed.output.id, answer);
  }

  #obey(actor: CourierActor, command: CourierCommand): Answer | Promise<Answer> {
    const { books } = this.#deps;
    switch (command.do) {
      case 'startShift':
        return this.#once(actor, command, (nowMs) => this.#startShift(actor, { ...command.at, atMs: nowMs }));
      case 'endShift':
        return this.#once(actor, command, (nowMs) => endShift(books, nowMs));
      case 'acceptOffer':
        return this.#once(actor, command, (nowMs) => acceptOffer(books, command.offerId, nowMs));
      case 'rejectOffer':
        return this.#once(actor, command, (nowMs) => rejectOffer(books, command.offerId, nowMs));
      case 'depart':
        return this.#once(actor, command, (nowMs) => depart(books, asOrderId(command.orderId), nowMs));
      case 'giveBack': {
        const orderId = asOrderId(command.orderId);
        return this.#once(actor, command, (nowMs) => giveBack(books, orderId, command.reason, nowMs));
      }
      case 'deliver':
        return this.#deliver(actor, command);
    }
  }

  #once(actor: CourierActor, command: CourierCommand, decide: (nowMs: number) => Answer): Answer {
    const call = { v: RPC_VERSION, actor, opId: clientOpId(actor, command.id), command };
    return this.#deps.kit.once('app', call, (nowMs) => {
      const answer = decide(nowMs);
      showState(this.#deps.books);
      return answer;
    });
  }

  #startShift(actor: CourierActor, at: Fix): Answer {
    const { books, whereabouts } = this.#deps;
    if (!whereabouts.see(at)) {
      return err(refuse('POSITION_REFUSED', 'Nobody moves that fast; if you are there, start the shift again.'));
    }
    return startShift(books, actor.zoneId, at);
  }

  #deliver(actor: CourierActor, { id, orderId, code, photo, collected }: DeliverFrame): Answer | Promise<Answer> {
    if ((code === undefined) === (photo === undefined)) {
      return err(refuse('INVALID_INPUT', 'Send the code or a picture, and not both.'));
    }
    return this.#deps.deliveries.deliver({
      v: RPC_VERSION,
      actor,
      opId: clientOpId(actor, id),
      orderId: asOrderId(orderId),
      shown: photo === undefined ? { code: code ?? '' } : { photo },
      collected,
    });
  }

  /** A ping: to the orders on hand, now and then to the zone, hardly ever to a row. Of no interest off work. */
  #see(socket: WebSocket, fix: Fix): void {
    const { kit, books, whereabouts } = this.#deps;
    const profile = books.rows.profile();
    const orderIds = books.rows.liveOrderIds();
    if (profile === null || (!profile.onShift && orderIds.length === 0)) return;
    const sighting = whereabouts.ping(fix, profile.onShift ? profile.told : null);
    if (sighting === 'refused') return;
    this.#sockets.remember(socket, { lat: fix.lat, lng: fix.lng, atMs: fix.atMs });
    for (const orderId of orderIds) this.#deps.pass(orderId, fix);
    if (sighting === 'tell zone') {
      kit.commit(() => {
        tellZone(books, fix.atMs);
      });
    } else if (sighting === 'keep row') books.rows.keepPosition(fix);
  }

  /** A frame that says which command it meant is answered; any other is a client gone wrong. */
  #refuseFrame(socket: WebSocket, frame: unknown, issue: string): void {
    const named = v.safeParse(NamedFrame, frame);
    if (named.success) this.#sockets.answer(socket, named.output.id, err(refuse('INVALID_INPUT', issue)));
    else this.#sockets.reject(socket, issue);
  }
}
