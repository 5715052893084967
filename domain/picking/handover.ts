import type { Movement } from '../inventory/ledger.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { isOver, step, wrongStep } from './pick-task.ts';
import type { CodeTries, ExpectedCourier, PickTask, TaskError, TaskStep } from './pick-task.ts';

/** Wrong codes in a row until none is taken for a while: guessing six digits at this pace takes years. */
export const HANDOVER_CODE_TRIES = 5;
export const HANDOVER_LOCK_MS = 60_000;

/** Names the courier, or another one after a reassignment; `undefined` once there is nothing to hand over. */
export function expectCourier(task: PickTask, courier: ExpectedCourier): TaskStep | undefined {
  if (isOver(task) || task.status === 'RESTOCK') return undefined;
  return step({ ...task, courier });
}

export interface Handover {
  readonly code: string;
  /** Of the bags that the courier takes, as scanned. */
  readonly seals: readonly string[];
  readonly nowMs: number;
}

/** The bags leave with the courier whom the order announced, who shows the code; sealed bags are all scanned. */
export function handOverTask(task: PickTask, { code, seals, nowMs }: Handover): Result<TaskStep, TaskError> {
  if (task.status !== 'PACKED') return wrongStep(task, 'PACKED');
  if (task.courier === null) return err({ code: 'NO_COURIER' });
  const { tries } = task;
  if (nowMs < tries.lockedUntilMs) return err({ code: 'HANDOVER_CODE_LOCKED', lockedUntilMs: tries.lockedUntilMs });
  const bags = task.sealed.map(({ seal }) => seal);
  const missing = bags.filter((seal) => !seals.includes(seal));
  const foreign = seals.filter((seal) => !bags.includes(seal));
  if (missing.length + foreign.length > 0) return err({ code: 'SEALS_MISMATCH', missing, foreign });
  if (task.courier.handoverCode !== code) return wrongCode(tries, nowMs);
  const sold = task.lines
    .filter((line) => line.picked > 0)
    .map((line): Movement => ({ kind: 'sold', sku: line.sku, quantity: line.picked }));
  const times = { ...task.times, handedOverAtMs: nowMs };
  return ok(step({ ...task, times, status: 'HANDED_OVER' }, sold));
}

function wrongCode(tries: CodeTries, nowMs: number): Result<never, TaskError> {
  const wrong = tries.wrong + 1;
  if (wrong < HANDOVER_CODE_TRIES) {
    const triesLeft = HANDOVER_CODE_TRIES - wrong;
    return err({ code: 'HANDOVER_CODE_WRONG', triesLeft, tries: { ...tries, wrong } });
  }
  return err({
    code: 'HANDOVER_CODE_WRONG',
    triesLeft: 0,
    tries: { wrong: 0, lockedUntilMs: nowMs + HANDOVER_LOCK_MS },
  });
}
