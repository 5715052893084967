import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { DeviceAnswer, DeviceQuestion, DeviceStamp } from '../../../contracts/ws/device-journal.ts';
import { actorId } from '../../../contracts/actor.ts';
import type { Actor, Command } from '../../../contracts/actor.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import { clockOffsetMs, placeInJournal } from '../../../domain/picking/device-journal.ts';
import type { PlaceError } from '../../../domain/picking/device-journal.ts';
import { err } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { StoreBooks } from '../store-books.ts';

type Journaled = Pick<StoreBooks, 'devices' | 'ops'>;
type NoPlace = Refusal<'DEVICE_GAP' | 'DEVICE_SEQ_REUSED'>;

/**
 * A command of a tablet's journal: answered in its place, and never before one that precedes it. One that comes too early is
 * told which number is missing and waits at its tablet, not here: the tablet has it until it is answered, so nothing is lost,
 * and nothing that waits must be bounded, pruned or survive a restart. Inside a transaction.
 */
export function answerInPlace<T, E>(
  { devices, ops }: Journaled,
  { command, stamp, nowMs }: { readonly command: Command; readonly stamp: DeviceStamp; readonly nowMs: number },
  decide: () => Result<T, E>,
): Result<T, E | NoPlace | Refusal<'OP_ID_REUSED'>> {
  const [actor, isKnown] = [actorId(command.actor), ops.find(command.opId) !== null];
  const place = placeInJournal(devices.lastSeq(actor, stamp.id), { seq: stamp.seq, isKnown });
  if (!place.ok) return err(noPlace(place.error));
  if (place.value === 'NEXT') {
    const { id: deviceId, seq, at } = stamp;
    devices.heard({ actorId: actor, deviceId, seq, heardAtMs: nowMs, actedAtMs: Date.parse(at) });
  }
  return ops.once('tablet', command, nowMs, decide);
}

/** How far the store is in this journal, for a tablet that comes back. */
export function answerDevice(
  { devices }: Journaled,
  actor: Actor,
  { device, at }: DeviceQuestion,
  nowMs: number,
): DeviceAnswer {
  const offsetMs = clockOffsetMs(Date.parse(at), nowMs);
  return {
    device,
    seq: devices.lastSeq(actorId(actor), device),
    at: toTimestamp(nowMs),
    ...(offsetMs !== undefined && { clockOffsetMs: offsetMs }),
  };
}

function noPlace(error: PlaceError): NoPlace {
  return error.code === 'DEVICE_GAP'
    ? refuse('DEVICE_GAP', 'Send the commands of this journal again, from the missing one on.', {
        missing: error.missing,
      })
    : refuse('DEVICE_SEQ_REUSED', 'Begin a new journal, with what was not answered yet.', { next: error.next });
}
