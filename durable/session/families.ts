import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { RefreshGrant, SignedInActor } from '../../contracts/rpc/session.ts';
import { decideRefresh, FAMILIES_MAX, FAMILY_TTL_MS } from '../../domain/session/family.ts';
import type { FamilyEnd, Presented } from '../../domain/session/family.ts';
import { writeRefreshToken } from '../../domain/session/refresh-token.ts';
import type { RefreshToken } from '../../domain/session/refresh-token.ts';
import { encodeBase32 } from '../../domain/shared/base32.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { SqlPort } from '../kit/sql.ts';

// A type, not an interface: only a type is assignable to the port's row, which has an index signature.
type FamilyRow = {
  readonly device_id: string;
  readonly actor: string;
  readonly successor_key: string;
  readonly current_hash: string;
  readonly previous_hash: string | null;
  readonly rotated_at_ms: number;
  readonly expires_at_ms: number;
};

/** The refresh families of one user. Every method is one transaction. */
export class Families {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  open(actor: SignedInActor, deviceId: string, nowMs: number): RefreshGrant {
    const familyId = encodeBase32(randomBytes(16));
    const secret = encodeBase32(randomBytes(32));
    const expiresAtMs = nowMs + FAMILY_TTL_MS;
    this.#sql.transaction(() => {
      this.#sql.run(
        'INSERT INTO families (family_id, device_id, actor, successor_key, current_hash, opened_at_ms, rotated_at_ms, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        familyId,
        deviceId,
        JSON.stringify(actor),
        encodeBase32(randomBytes(32)),
        hashOf(secret),
        nowMs,
        nowMs,
        expiresAtMs,
      );
      this.#sql.run(
        'DELETE FROM families WHERE expires_at_ms <= ? OR family_id IN (SELECT family_id FROM families ORDER BY opened_at_ms DESC, family_id LIMIT -1 OFFSET ?)',
        nowMs,
        FAMILIES_MAX,
      );
    });
    return { actor, refreshToken: writeRefreshToken({ userId: actor.userId, familyId, secret }), expiresAtMs };
  }

  /** The grant that follows this token. Any refusal has ended the family, if there was one. */
  refresh(token: RefreshToken, deviceId: string, nowMs: number): Result<RefreshGrant, FamilyEnd | 'UNKNOWN'> {
    return this.#sql.transaction((): Result<RefreshGrant, FamilyEnd | 'UNKNOWN'> => {
      const row = this.#find(token.familyId);
      if (row === undefined) return err('UNKNOWN');
      const family = { deviceId: row.device_id, rotatedAtMs: row.rotated_at_ms, expiresAtMs: row.expires_at_ms };
      const decision = decideRefresh(family, presented(row, token.secret), deviceId, nowMs);
      if (!decision.ok) {
        this.#delete(token.familyId);
        return decision;
      }
      const secret = encodeBase32(createHmac('sha256', row.successor_key).update(token.secret).digest());
      if (decision.value === 'rotate') this.#rotate(token.familyId, hashOf(secret), nowMs);
      const actor = readOwnJson<SignedInActor>(row.actor);
      return ok({ actor, refreshToken: writeRefreshToken({ ...token, secret }), expiresAtMs: row.expires_at_ms });
    });
  }

  /** Ends the family of a token that is, or was, a real one of it; a guessed secret ends nothing. */
  close(token: RefreshToken): void {
    const row = this.#find(token.familyId);
    if (row !== undefined && presented(row, token.secret) !== 'other') this.#delete(token.familyId);
  }

  closeAll(): void {
    this.#sql.run('DELETE FROM families');
  }

  #find(familyId: string): FamilyRow | undefined {
    return this.#sql.all<FamilyRow>(
      'SELECT device_id, actor, successor_key, current_hash, previous_hash, rotated_at_ms, expires_at_ms FROM families WHERE family_id = ?',
      familyId,
    )[0];
  }

  #rotate(familyId: string, successorHash: string, nowMs: number): void {
    this.#sql.run(
      'UPDATE families SET previous_hash = current_hash, current_hash = ?, rotated_at_ms = ? WHERE family_id = ?',
      successorHash,
      nowMs,
      familyId,
    );
  }

  #delete(familyId: string): void {
    this.#sql.run('DELETE FROM families WHERE family_id = ?', familyId);
  }
}

function presented(row: FamilyRow, secret: string): Presented {
  const hash = hashOf(secret);
  if (sameText(hash, row.current_hash)) return 'current';
  return row.previous_hash !== null && sameText(hash, row.previous_hash) ? 'previous' : 'other';
}

/** Plain SHA-256 is enough for a secret of 256 random bits: there is nothing to guess. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function sameText(left: string, right: string): boolean {
  const encoder = new TextEncoder();
  return timingSafeEqual(encoder.encode(left), encoder.encode(right));
}
