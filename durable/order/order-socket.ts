import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { AnswerOverweight, AnswerSubstitution } from '../../contracts/rpc/order.ts';
import { CommandId } from '../../contracts/ws/frames.ts';
import { TrackingCommand } from '../../contracts/ws/tracking.ts';
import { asSubstitutionId } from '../../domain/shared/ids.ts';
import { err } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { fullBucket, takeToken } from '../../domain/shared/token-bucket.ts';
import type { TokenBucket } from '../../domain/shared/token-bucket.ts';
import { clientOpId } from '../kit/ops.ts';
import type { Sockets } from '../kit/sockets.ts';

const AnsweredFrame = v.object({ id: CommandId });
/** Commands of one socket: more than an order can have substitutes, then as fast as a finger. */
const COMMAND_PACE = { burst: 30, perS: 1 };
/** Of the sockets that spoke since the object woke up. */
const paces = new WeakMap<WebSocket, TokenBucket>();

/** What a watcher says: one command that the customer may give, each answered exactly once. */
export function obeyWatcher(
  sockets: Sockets,
  socket: WebSocket,
  message: string | ArrayBuffer,
  answer: (command: AnswerSubstitution | AnswerOverweight) => Result<unknown, Refusal>,
): void {
  const frame = sockets.read(socket, message);
  if (frame === undefined) return;
  const named = v.safeParse(AnsweredFrame, frame);
  if (!named.success) {
    sockets.reject(socket, 'This socket takes pings, and answers to what the store asks.');
    return;
  }
  const parsed = v.safeParse(TrackingCommand, frame);
  const result = parsed.success
    ? (tooFast(socket) ?? answer(toCommand(sockets.actorOf(socket), parsed.output)))
    : err(refuse('INVALID_INPUT', parsed.issues[0].message));
  sockets.answer(socket, named.output.id, result);
}

function toCommand(actor: Actor, frame: TrackingCommand): AnswerSubstitution | AnswerOverweight {
  const answer = frame.answer === 'APPROVE' ? ('APPROVED' as const) : ('DECLINED' as const);
  const command = { v: RPC_VERSION, actor, opId: clientOpId(actor, frame.id), answer };
  return frame.do === 'answer_substitution' ? { ...command, proposalId: asSubstitutionId(frame.proposalId) } : command;
}

function tooFast(socket: WebSocket): Result<never, Refusal<'TOO_MANY_REQUESTS'>> | undefined {
  const nowMs = Date.now();
  const taken = takeToken(paces.get(socket) ?? fullBucket(COMMAND_PACE, nowMs), COMMAND_PACE, nowMs);
  if (!taken.ok) {
    const { retryAfterMs } = taken.error;
    return err(refuse('TOO_MANY_REQUESTS', 'Send this command again a little later.', { retryAfterMs }));
  }
  paces.set(socket, taken.value);
  return undefined;
}
