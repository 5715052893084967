import type { UserId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Actor } from '../actor.ts';
import type { Refusal } from '../problem.ts';

/** The actor a session signs in as: what an access token is made from, with no look-up elsewhere. */
export type SignedInActor = Exclude<Actor, { readonly kind: 'object' | 'channel' }>;

export interface RefreshGrant {
  readonly actor: SignedInActor;
  /** Opaque, used once; its successor comes with the next refresh. */
  readonly refreshToken: string;
  readonly expiresAtMs: number;
}

/** One object per user. Refresh tokens rotate; a rotated one used again ends its whole family (RFC 9700, 4.14.2). */
export interface SessionRpc {
  open(actor: SignedInActor, deviceId: string): Promise<RefreshGrant>;
  refresh(refreshToken: string, deviceId: string): Promise<Result<RefreshGrant, Refusal<'SESSION_REVOKED'>>>;
  /** Ends the family of this token; quiet when it has ended already. */
  close(refreshToken: string): Promise<void>;
  closeAll(userId: UserId): Promise<void>;
}
