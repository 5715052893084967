import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { Actor } from '../../../contracts/actor.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { DeviceAnswer } from '../../../contracts/ws/device-journal.ts';
import { TABLET_VERSION } from '../../../contracts/ws/tablet.ts';
import type {
  SubstituteCandidates,
  TabletCommand,
  TabletState,
  TaskAnswer,
  WaveAnswer,
} from '../../../contracts/ws/tablet.ts';
import type { FloorRole } from '../../../domain/picking/claim.ts';
import { asOrderId } from '../../../domain/shared/ids.ts';
import type { OpId, UserId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { fullBucket, takeToken } from '../../../domain/shared/token-bucket.ts';
import type { TokenBucket } from '../../../domain/shared/token-bucket.ts';
import type { ObjectKit } from '../../kit/object-kit.ts';
import { clientOpId } from '../../kit/ops.ts';
import { Sockets } from '../../kit/sockets.ts';
import { keepClaim } from './claims.ts';
import { answerDevice, answerInPlace } from './device-journal.ts';
import { actOnFloor } from './floor-commands.ts';
import { floorView } from '../capacity/capacity-announcements.ts';
import { floorRoleOf, mayWatchFloor } from '../store-access.ts';
import { handOf } from '../store-books.ts';
import { listCandidates, proposeOnFloor } from '../substitution/propose.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { readTabletFrame } from './tablet-frames.ts';
import type { TabletFrame } from './tablet-frames.ts';
import { sharedWaves, taskViews } from './task-view.ts';
import { claimWave } from './wave-commands.ts';

/** Commands of one socket: a shift's worth of offline scans at once, then faster than anybody scans. */
const COMMAND_PACE = { burst: 300, perS: 10 };

/** The floor's sockets: a snapshot and numbered deltas out, commands in, each answered exactly once. */
export class TabletSocket {
  readonly #kit: ObjectKit;
  readonly #books: StoreBooks;
  readonly #sockets: Sockets;
  /** Of the sockets that spoke since the object woke up. */
  readonly #paces = new WeakMap<WebSocket, TokenBucket>();

  constructor({ ctx, kit, books }: { ctx: DurableObjectState; kit: ObjectKit; books: StoreBooks }) {
    this.#kit = kit;
    this.#books = books;
    this.#sockets = new Sockets({
      ctx,
      sql: kit.sql,
      feed: books.feed,
      snapshot: () => this.#snapshot(),
      admits: (actor) => mayWatchFloor(actor, books.storeId),
      version: TABLET_VERSION,
    });
  }

  accept(request: Request): Response {
    return this.#sockets.accept(request, Date.now());
  }

  /** Sends every tablet what it has not seen yet. Call after a commit. */
  showNews(): void {
    this.#sockets.fanOut();
  }

  /** The last sign of life of this picker's tablets; `null` when none is open. */
  heardAtMs(pickerId: UserId): number | null {
    return this.#sockets.heardAtMs((actor) => actor.kind === 'staff' && actor.userId === pickerId);
  }

  receive(socket: WebSocket, message: string | ArrayBuffer): void {
    const frame = this.#sockets.read(socket, message);
    if (frame === undefined) return;
    const read = readTabletFrame(frame);
    if (read.kind === 'nonsense') {
      this.#sockets.reject(socket, read.issue);
      return;
    }
    const answer = this.#tooFast(socket) ?? this.#answer(this.#sockets.actorOf(socket), read);
    this.showNews();
    this.#sockets.answer(socket, read.id, answer);
  }

  #answer(
    actor: Actor,
    frame: Exclude<TabletFrame, { readonly kind: 'nonsense' }>,
  ): Result<TaskAnswer | WaveAnswer | DeviceAnswer | SubstituteCandidates, Refusal> {
    switch (frame.kind) {
      case 'refused':
        return err(frame.refusal);
      case 'device':
        return ok(answerDevice(this.#books, actor, frame.question, Date.now()));
      case 'command':
        return this.#obey(actor, frame.command);
    }
  }

  /** A command goes through the same journal as a call: sent twice, it is answered twice and done once. */
  #obey(actor: Actor, command: TabletCommand): Result<TaskAnswer | WaveAnswer | SubstituteCandidates, Refusal> {
    const { storeId } = this.#books;
    const role = floorRoleOf(actor, storeId);
    if (role === undefined) return err(refuse('FORBIDDEN', 'Only staff of this store works its floor.'));
    if (command.do === 'heartbeat') {
      if (!('pickerId' in role)) return err(refuse('FORBIDDEN', 'Only who picks an order keeps it.'));
      return this.#kit.sql.transaction(() =>
        keepClaim(this.#books, role.pickerId, asOrderId(command.taskId), Date.now()),
      );
    }
    if (command.do === 'candidates') {
      return this.#kit.sql.transaction(() => listCandidates(this.#books, role, command, Date.now()));
    }
    const opId = clientOpId(actor, command.id);
    // Sent again it is the same command, also as another version or out of a journal that began anew.
    const { device: stamp, v: _v, ...said } = { device: undefined, ...command };
    const call = { v: RPC_VERSION, actor, opId, command: said };
    const nowMs = Date.now();
    const hand = { ...handOf(call, nowMs), actedAt: stamp?.at };
    const decide = () => carryOut(this.#books, role, command, opId, hand);
    return this.#kit.commit(() =>
      stamp === undefined
        ? this.#books.ops.once('tablet', call, nowMs, decide)
        : answerInPlace(this.#books, { command: call, stamp, nowMs }, decide),
    );
  }

  /** Refused before it costs a transaction, and not remembered: sent again later, it is done. */
  #tooFast(socket: WebSocket): Result<never, Refusal<'TOO_MANY_REQUESTS'>> | undefined {
    const nowMs = Date.now();
    const taken = takeToken(this.#paces.get(socket) ?? fullBucket(COMMAND_PACE, nowMs), COMMAND_PACE, nowMs);
    if (taken.ok) {
      this.#paces.set(socket, taken.value);
      return undefined;
    }
    const { retryAfterMs } = taken.error;
    return err(refuse('TOO_MANY_REQUESTS', 'Send this command again a little later.', { retryAfterMs }));
  }

  #snapshot(): TabletState {
    const { storeId, cards, queue, service } = this.#books;
    const tasks = queue.open();
    return {
      storeId,
      storeName: cards.published().storeName,
      tasks: taskViews(tasks, this.#books),
      waves: sharedWaves(tasks, this.#books),
      floor: floorView(this.#books, service.read()),
    };
  }
}

/** Inside the transaction of its command. */
function carryOut(
  books: StoreBooks,
  role: FloorRole,
  command: Exclude<TabletCommand, { readonly do: 'heartbeat' | 'candidates' }>,
  opId: OpId,
  hand: Hand,
): Result<TaskAnswer | WaveAnswer, Refusal> {
  if (command.do === 'claimWave') return claimWave(books, role, command, { opId }, hand);
  if (command.do === 'substitute') return proposeOnFloor(books, role, command, opId, hand);
  return actOnFloor(books, role, command, { opId }, hand);
}
