import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import { CommandId } from '../../contracts/ws/frames.ts';
import { TabletCommand } from '../../contracts/ws/tablet.ts';
import type { TabletState } from '../../contracts/ws/tablet.ts';
import { err } from '../../domain/shared/result.ts';
import type { ObjectKit } from '../kit/object-kit.ts';
import { clientOpId } from '../kit/ops.ts';
import { Sockets } from '../kit/sockets.ts';
import { mayWatchFloor, pickerOf } from './store-access.ts';
import { handOf } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import { actOnFloor } from './floor-commands.ts';
import { taskViews } from './task-view.ts';

const AnsweredFrame = v.object({ id: CommandId });

/** The floor's sockets: a snapshot and numbered deltas out, commands in, each answered exactly once. */
export class TabletSocket {
  readonly #kit: ObjectKit;
  readonly #books: StoreBooks;
  readonly #sockets: Sockets;

  constructor({ ctx, kit, books }: { ctx: DurableObjectState; kit: ObjectKit; books: StoreBooks }) {
    this.#kit = kit;
    this.#books = books;
    this.#sockets = new Sockets({
      ctx,
      sql: kit.sql,
      feed: books.feed,
      snapshot: () => this.#snapshot(),
      admits: (actor) => mayWatchFloor(actor, books.storeId),
    });
  }

  accept(request: Request): Response {
    return this.#sockets.accept(request, Date.now());
  }

  /** Sends every tablet what it has not seen yet. Call after a commit. */
  showNews(): void {
    this.#sockets.fanOut();
  }

  /** A command goes through the same journal as a call: sent twice, it is answered twice and done once. */
  receive(socket: WebSocket, message: string | ArrayBuffer): void {
    const frame = this.#sockets.read(socket, message);
    if (frame === null) return;
    const parsed = v.safeParse(TabletCommand, frame);
    if (!parsed.success) {
      this.#refuseFrame(socket, frame, parsed.issues[0].message);
      return;
    }
    const command = parsed.output;
    const actor = this.#sockets.actorOf(socket);
    const pickerId = pickerOf(actor, this.#books.storeId);
    if (pickerId === undefined) {
      this.#sockets.answer(socket, command.id, err(refuse('FORBIDDEN', 'Only staff of this store works its floor.')));
      return;
    }
    const opId = clientOpId(actor, command.id);
    const call = { v: RPC_VERSION, actor, opId, command };
    const result = this.#kit.once('tablet', call, (nowMs) =>
      actOnFloor(this.#books, pickerId, command, { opId }, handOf(call, nowMs)),
    );
    this.showNews();
    this.#sockets.answer(socket, command.id, result);
  }

  /** A frame that says which command it meant is answered; any other is a client gone wrong. */
  #refuseFrame(socket: WebSocket, frame: unknown, issue: string): void {
    const named = v.safeParse(AnsweredFrame, frame);
    if (!named.success) {
      this.#sockets.reject(socket, issue);
      return;
    }
    this.#sockets.answer(socket, named.output.id, err(refuse('INVALID_INPUT', issue)));
  }

  #snapshot(): TabletState {
    const { storeId, cards, queue } = this.#books;
    return { storeId, storeName: cards.published().storeName, tasks: taskViews(queue.open(), cards) };
  }
}
