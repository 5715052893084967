import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';

/** The first try and two more: an object that moves or restarts is back within that. */
const TRIES = 3;
const PAUSE_MS = 40;

/**
 * Calls an object. `call` makes its own stub each time, because one that has failed stays broken, and carries an opId if it
 * changes anything, because a call that failed may have been carried out. An overloaded object is never asked again.
 * https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
 */
export async function callObject<T>(call: () => Promise<T>): Promise<Result<T, Refusal<'UNAVAILABLE'>>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return ok(await call());
    } catch (cause) {
      if (isOverloaded(cause)) return err(OVERLOADED);
      if (!isRetryable(cause)) throw cause;
      if (attempt === TRIES) return err(AWAY);
      await scheduler.wait(PAUSE_MS * attempt * (0.5 + Math.random()));
    }
  }
}

/** Like `callObject`, for calls that answer with a `Result` of their own. */
export async function askObject<T, E extends Refusal>(
  call: () => Promise<Result<T, E>>,
): Promise<Result<T, E | Refusal<'UNAVAILABLE'>>> {
  const called = await callObject(call);
  return called.ok ? called.value : called;
}

// The platform marks its own errors with these; what an object's code throws has neither.
function isOverloaded(cause: unknown): boolean {
  return cause instanceof Error && 'overloaded' in cause && cause.overloaded === true;
}

function isRetryable(cause: unknown): boolean {
  return cause instanceof Error && 'retryable' in cause && cause.retryable === true;
}

export const OVERLOADED = refuse('UNAVAILABLE', 'Too many requests at once. Try again shortly.');
const AWAY = refuse('UNAVAILABLE', 'A part of the platform is restarting. Try again shortly.');
