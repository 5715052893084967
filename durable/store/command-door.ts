import type { Command } from '../../contracts/actor.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { err } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectKit } from '../kit/object-kit.ts';
import { OP_ID_REUSED } from '../kit/ops.ts';
import { requireVersion } from '../kit/version.ts';
import type { StoreBooks } from './store-books.ts';
import type { TabletSocket } from './floor/tablet-socket.ts';

type CallRefusal = Refusal<'FORBIDDEN' | 'INVALID_INPUT' | 'OP_ID_REUSED'>;
type Denied = Refusal<'FORBIDDEN' | 'INVALID_INPUT'> | undefined;

/** How a command comes in: refused for what it is, it leaves no trace; any other is answered once and remembered. */
export class CommandDoor {
  readonly #kit: ObjectKit;
  readonly #books: StoreBooks;
  readonly #tablets: TabletSocket;
  constructor(kit: ObjectKit, books: StoreBooks, tablets: TabletSocket) {
    this.#kit = kit;
    this.#books = books;
    this.#tablets = tablets;
  }

  // oxlint-disable-next-line typescript/require-await -- RPC methods are async by contract; storage is synchronous
  async once<T, E>(
    method: string,
    command: Command,
    denied: Denied,
    decide: (nowMs: number) => Result<T, E>,
  ): Promise<Result<T, E | CallRefusal>> {
    requireVersion(command);
    if (denied !== undefined) return err(denied);
    // A hold is its own journal; its opId is used up like any other.
    if (this.#books.holds.findByOp(command.opId) !== undefined) return err(OP_ID_REUSED);
    return this.#kit.once(method, command, decide);
  }

  /** A command that may change what the tablets show. */
  async onFloor<T, E>(
    method: string,
    command: Command,
    denied: Denied,
    decide: (nowMs: number) => Result<T, E>,
  ): Promise<Result<T, E | CallRefusal>> {
    const answer = await this.once(method, command, denied, decide);
    this.#tablets.showNews();
    return answer;
  }
}
