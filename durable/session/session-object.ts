import { DurableObject } from 'cloudflare:workers';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { RefreshGrant, SessionRpc, SignedInActor } from '../../contracts/rpc/session.ts';
import { readRefreshToken } from '../../domain/session/refresh-token.ts';
import type { RefreshToken } from '../../domain/session/refresh-token.ts';
import { invariant } from '../../domain/shared/assert.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { err } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectEnv } from '../env.ts';
import { migrate } from '../kit/migrate.ts';
import { objectSql } from '../kit/sql.ts';
import type { SqlPort } from '../kit/sql.ts';
import { Families } from './families.ts';
import { SESSION_MIGRATIONS } from './session-migrations.ts';

/** One user's sessions: a refresh needs this object and nothing else. */
export class SessionObject extends DurableObject<ObjectEnv> implements SessionRpc {
  readonly #sql: SqlPort;
  readonly #families: Families;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#sql = objectSql(ctx.storage);
    this.#families = new Families(this.#sql);
    if (this.#wasOpened()) migrate(this.#sql, 'session', SESSION_MIGRATIONS);
  }

  // oxlint-disable-next-line typescript/require-await -- RPC methods are async by contract; what they do is synchronous
  async open(actor: SignedInActor, deviceId: string): Promise<RefreshGrant> {
    invariant(actor.userId === this.ctx.id.name, 'a session opens in the object of its user');
    migrate(this.#sql, 'session', SESSION_MIGRATIONS);
    return this.#families.open(actor, deviceId, Date.now());
  }

  async refresh(text: string, deviceId: string): Promise<Result<RefreshGrant, Refusal<'SESSION_REVOKED'>>> {
    const token = this.#own(text);
    const refreshed = token === null ? null : this.#families.refresh(token, deviceId, Date.now());
    return refreshed?.ok === true ? refreshed : err(refuse('SESSION_REVOKED', 'Sign in again.'));
  }

  async close(text: string): Promise<void> {
    const token = this.#own(text);
    if (token !== null) this.#families.close(token);
  }

  async closeAll(userId: UserId): Promise<void> {
    invariant(userId === this.ctx.id.name, 'sessions end in the object of their user');
    if (this.#wasOpened()) this.#families.closeAll();
  }

  /** The parsed token, where one was ever given out. One of another user names a family that is not here. */
  #own(text: string): RefreshToken | null {
    return this.#wasOpened() ? readRefreshToken(text) : null;
  }

  /** Tables come with the first sign-in: a made-up token names an object, and must not make it cost storage. */
  #wasOpened(): boolean {
    return this.#sql.all("SELECT 1 AS known FROM sqlite_master WHERE name = 'families'").length > 0;
  }
}
