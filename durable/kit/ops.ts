import { createHash } from 'node:crypto';
import { actorId } from '../../contracts/actor.ts';
import type { Actor, Command } from '../../contracts/actor.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { canonicalJson } from '../../domain/shared/canonical.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { OpId } from '../../domain/shared/ids.ts';
import { err } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { SqlPort } from './sql.ts';

export const OP_ID_REUSED = refuse('OP_ID_REUSED', 'Use a new operation id for another command.');

/** How long an answer is kept for a retry of the same opId. */
export const OP_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** An answer with the command that it was given to; `null` where that was not kept. */
export interface Answered {
  readonly method: string | null;
  readonly answer: unknown;
}

/** Same opId and body, same answer; same opId and another body, a refusal that says so. Inside a transaction only. */
export class OpJournal {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  once<T, E>(
    method: string,
    command: Command,
    nowMs: number,
    decide: () => Result<T, E>,
  ): Result<T, E | Refusal<'OP_ID_REUSED'>> {
    const digest = bodyDigest(method, command);
    const known = this.#sql.all<{ body_digest: string; answer: string }>(
      'SELECT body_digest, answer FROM ops WHERE op_id = ?',
      command.opId,
    )[0];
    if (known !== undefined && known.body_digest !== digest) {
      return err(OP_ID_REUSED);
    }
    // The digest covers the method's name, so the stored answer has this method's types.
    if (known !== undefined) return readOwnJson<Result<T, E>>(known.answer);
    const answer = decide();
    this.#sql.run(
      'INSERT INTO ops (op_id, method, body_digest, answer, answered_at_ms) VALUES (?, ?, ?, ?, ?)',
      command.opId,
      method,
      digest,
      JSON.stringify(answer),
      nowMs,
    );
    return answer;
  }

  /** What was answered to an opId, or `null` if it never came. */
  find(opId: string): Answered | null {
    const row = this.#sql.all<{ method: string | null; answer: string }>(
      'SELECT method, answer FROM ops WHERE op_id = ?',
      opId,
    )[0];
    return row === undefined ? null : { method: row.method, answer: readOwnJson<unknown>(row.answer) };
  }

  /** Those of the opIds that were answered before. */
  known(opIds: readonly OpId[]): ReadonlySet<string> {
    const rows = this.#sql.all<{ op_id: string }>(
      'SELECT op_id FROM ops WHERE op_id IN (SELECT value FROM json_each(?))',
      JSON.stringify(opIds),
    );
    return new Set(rows.map((row) => row.op_id));
  }

  /** Forgets old answers, a bounded number at a time. */
  prune(nowMs: number): void {
    this.#sql.run(
      'DELETE FROM ops WHERE op_id IN (SELECT op_id FROM ops WHERE answered_at_ms < ? LIMIT 1000)',
      nowMs - OP_KEPT_MS,
    );
  }
}

/**
 * The opId of a command whose id a client made up. Each client has ids of its own, so that nobody can use up the id under which
 * an order or another client will act: ids of objects' commands can be guessed, and whoever comes second is refused.
 */
export function clientOpId(actor: Actor, commandId: string): OpId {
  const own = createHash('sha256')
    .update(`${actorId(actor)}\n${commandId}`)
    .digest('base64url');
  return asOpId(`client:${own}`);
}

/** What must be equal for two calls to be the same: everything but the trace and the sender's version, which may differ per attempt. */
function bodyDigest(method: string, command: Command): string {
  const { traceparent: _traceparent, v: _v, ...body } = command;
  return createHash('sha256')
    .update(`${method}\n${canonicalJson(body)}`)
    .digest('base64url');
}
