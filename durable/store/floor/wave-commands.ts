import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { TabletCommand, WaveAnswer, WaveView } from '../../../contracts/ws/tablet.ts';
import { claimTask } from '../../../domain/picking/claim.ts';
import type { FloorRole } from '../../../domain/picking/claim.ts';
import type { PickTask, TaskStep } from '../../../domain/picking/pick-task.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { LEADS_ONLY } from './floor-refusals.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { followClaim } from './task-consequences.ts';
import { taskAnswer } from './task-view.ts';
import { writeStep } from './task-writes.ts';
import { planWave } from './wave-planning.ts';

/** A task that is to be claimed, with the claim that the rules allow. */
interface Claim {
  readonly before: PickTask;
  readonly step: TaskStep;
}

/**
 * The next batch: the most urgent task that waits to be claimed, and what goes well with it. A claim of its own for each, so
 * that what becomes of one is nothing to the others. Inside the transaction of its command.
 */
export function claimWave(
  books: StoreBooks,
  role: FloorRole,
  { ordersMax }: Extract<TabletCommand, { readonly do: 'claimWave' }>,
  cause: Cause,
  hand: Hand,
): Result<WaveAnswer, Refusal> {
  if (!('pickerId' in role)) return err(LEADS_ONLY);
  const { pickerId } = role;
  const nowMs = hand.atMs;
  const open = books.queue.open();
  const inHand = open.filter((task) => task.status === 'PICKING' && task.pickerId === pickerId);
  if (inHand.length > 0) return err(waveOpen(inHand));
  const claims = claimable(open, pickerId, nowMs);
  const wave = planWave(
    books,
    claims.map(({ before }) => before),
    { waveId: cause.opId, pickerId, ordersMax, nowMs },
  );
  // Without a layout nobody knows which orders lie on one way.
  const chosen = wave === null ? claims.slice(0, 1) : inOrderOf(wave, claims);
  books.waves.setOut(
    chosen.map(({ before }) => before.orderId),
    wave,
  );
  for (const { before, step } of chosen) {
    writeStep(books, before, step, cause, hand);
    followClaim(books, before, step.task, hand);
  }
  return ok({ tasks: chosen.map(({ step }) => taskAnswer(step)), wave });
}

/** Those that wait to be claimed and that this picker may claim, the most urgent first. */
function claimable(open: readonly PickTask[], pickerId: UserId, nowMs: number): Claim[] {
  return open.flatMap((before) => {
    const step = claimTask(before, { pickerId, nowMs });
    return step.ok ? [{ before, step: step.value }] : [];
  });
}

function inOrderOf(wave: WaveView, claims: readonly Claim[]): Claim[] {
  return wave.tasks.flatMap(({ taskId }) => claims.find(({ before }) => before.orderId === taskId) ?? []);
}

/** Tasks named in one refusal. */
const NAMED_MAX = 20;

function waveOpen(inHand: readonly PickTask[]): Refusal<'WAVE_OPEN'> {
  return refuse('WAVE_OPEN', 'Pack what you have, or give it back; then ask for the next wave.', {
    taskIds: inHand.slice(0, NAMED_MAX).map(({ orderId }) => orderId),
    tasks: inHand.length,
  });
}
