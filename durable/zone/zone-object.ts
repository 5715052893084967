import { randomBytes } from 'node:crypto';
import { DurableObject } from 'cloudflare:workers';
import type { Actor, Command } from '../../contracts/actor.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type {
  AnnounceReady,
  AnswerOffer,
  RequestCourier,
  UpdateCandidate,
  WithdrawRequest,
  ZoneRpc,
  ZoneView,
} from '../../contracts/rpc/zone.ts';
import { asOfferId, asZoneId, timeOrderedId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectEnv } from '../env.ts';
import type { Deadline } from '../kit/deadlines.ts';
import { ObjectKit } from '../kit/object-kit.ts';
import { requireVersion } from '../kit/version.ts';
import { openZoneBooks } from './zone-books.ts';
import type { ZoneBooks } from './zone-books.ts';
import {
  announceReady,
  answerOffer,
  giveUpOn,
  LOOK_DEADLINE,
  match,
  requestCourier,
  updateCandidate,
  withdraw,
} from './matching.ts';
import { ANSWER_DEADLINE } from './proposals.ts';
import { denyCourier, denyOperation, denyOrder } from './zone-access.ts';
import { ZONE_MIGRATIONS } from './zone-migrations.ts';

type CallRefusal = Refusal<'FORBIDDEN' | 'OP_ID_REUSED'>;

/** One zone: who is proposed for which order, and why. */
export class ZoneObject extends DurableObject<ObjectEnv> implements ZoneRpc {
  readonly #kit: ObjectKit;
  readonly #books: ZoneBooks;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#kit = new ObjectKit({
      ctx,
      env,
      name: 'zone',
      migrations: ZONE_MIGRATIONS,
      onDeadline: (deadline) => {
        this.#onDeadline(deadline);
      },
    });
    this.#books = openZoneBooks(asZoneId(this.#kit.id), this.#kit, (nowMs) =>
      asOfferId(timeOrderedId('OfferId', nowMs, randomBytes(10))),
    );
  }

  requestCourier(command: RequestCourier): Promise<Result<null, CallRefusal>> {
    return this.#once('requestCourier', command, denyOrder(command), (nowMs) =>
      requestCourier(this.#books, command, nowMs),
    );
  }

  announceReady(command: AnnounceReady): Promise<Result<null, CallRefusal>> {
    return this.#once('announceReady', command, denyOrder(command), (nowMs) =>
      announceReady(this.#books, command, nowMs),
    );
  }

  withdraw(command: WithdrawRequest): Promise<Result<null, CallRefusal>> {
    return this.#once('withdraw', command, denyOrder(command), (nowMs) => withdraw(this.#books, command, nowMs));
  }

  async updateCandidate(command: UpdateCandidate): Promise<Result<null, CallRefusal>> {
    requireVersion(command);
    const denied = denyCourier(command);
    if (denied !== undefined) return err(denied);
    return this.#kit.commit(() => updateCandidate(this.#books, command, Date.now()));
  }

  answerOffer(command: AnswerOffer): Promise<Result<null, CallRefusal>> {
    return this.#once('answerOffer', command, denyCourier(command), (nowMs) =>
      answerOffer(this.#books, command, nowMs),
    );
  }

  // oxlint-disable-next-line typescript/require-await -- RPC methods are async by contract; storage is synchronous
  async view(actor: Actor): Promise<Result<ZoneView, Refusal<'FORBIDDEN'>>> {
    const denied = denyOperation(actor);
    if (denied !== undefined) return err(denied);
    return ok({ candidates: this.#books.candidates.view(), waiting: this.#books.searches.view() });
  }

  override alarm(): Promise<void> {
    return this.#kit.alarm();
  }

  #onDeadline({ kind, ref }: Deadline): void {
    this.#kit.commit(() => {
      if (kind === ANSWER_DEADLINE) giveUpOn(this.#books, ref, Date.now());
      if (kind === LOOK_DEADLINE) match(this.#books, Date.now());
    });
  }

  /** A command that was refused for who sent it leaves no trace; any other is answered once and remembered. */
  // oxlint-disable-next-line typescript/require-await -- as above
  async #once<T>(
    method: string,
    command: Command,
    denied: Refusal<'FORBIDDEN'> | undefined,
    decide: (nowMs: number) => Result<T, never>,
  ): Promise<Result<T, CallRefusal>> {
    requireVersion(command);
    return denied === undefined ? this.#kit.once(method, command, decide) : err(denied);
  }
}
