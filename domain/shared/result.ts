/** The outcome of a decision: plain data, so it crosses an RPC or a socket unchanged. */
export type Result<T, E> = Ok<T> | Err<E>;
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}
export interface Err<E> {
  readonly ok: false;
  readonly error: E;
}

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function err<const E>(error: E): Err<E> {
  return { ok: false, error };
}
