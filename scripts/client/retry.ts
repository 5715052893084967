import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from './api-problem.ts';

export interface RetryPolicy {
  /** From the first try; then the last failure is thrown. */
  readonly deadlineMs: number;
  readonly onRetry?: (problem: ApiProblem) => void;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** A server that is being restarted may say 500 once or twice; one that keeps saying it has a bug. */
const BROKEN_MAX = 5;

/** Longer than a Worker, a database or a broker takes to come back after a kill. */
export const PATIENT: RetryPolicy = { deadlineMs: 120_000 };

/** Again and again with growing, jittered pauses, while the failure is one that passes. The caller's work must be idempotent. */
export async function retrying<T>(policy: RetryPolicy, work: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  let broken = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof ApiProblem) || !passes(cause)) throw cause;
      if (cause.status === 500) broken += 1;
      if (broken > BROKEN_MAX) throw cause;
      const waitMs = cause.retryAfterMs ?? pauseMs * (0.5 + Math.random());
      if (performance.now() - startedAtMs + waitMs > policy.deadlineMs) throw cause;
      policy.onRetry?.(cause);
      await sleep(waitMs);
    }
  }
}

/** No answer, too busy, or a broken server: all may be well a moment later. */
function passes(problem: ApiProblem): boolean {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500;
}
