import { err, ok } from './result.ts';
import type { Result } from './result.ts';

/** How much may come at once, and how fast it may go on. */
export interface Pace {
  readonly burst: number;
  readonly perS: number;
}
export interface TokenBucket {
  readonly tokens: number;
  readonly atMs: number;
}

export function fullBucket({ burst }: Pace, nowMs: number): TokenBucket {
  return { tokens: burst, atMs: nowMs };
}

/** Takes one token, or says when there is one again. */
export function takeToken(
  { tokens, atMs }: TokenBucket,
  { burst, perS }: Pace,
  nowMs: number,
): Result<TokenBucket, { readonly retryAfterMs: number }> {
  // A clock that steps back fills nothing.
  const filled = Math.min(burst, tokens + (Math.max(0, nowMs - atMs) / 1000) * perS);
  if (filled < 1) return err({ retryAfterMs: Math.ceil(((1 - filled) / perS) * 1000) });
  return ok({ tokens: filled - 1, atMs: Math.max(atMs, nowMs) });
}
