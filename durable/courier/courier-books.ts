import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor, Command } from '../../contracts/actor.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { CourierId } from '../../domain/shared/ids.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import type { Deadlines } from '../kit/deadlines.ts';
import { Feed } from '../kit/feed.ts';
import type { Outbox } from '../kit/outbox.ts';
import type { SqlPort } from '../kit/sql.ts';
import { CourierWriter } from './courier-writer.ts';

/** What a command of the courier reads and writes. Every write is part of the caller's transaction. */
export interface CourierBooks {
  readonly courierId: CourierId;
  readonly rows: CourierWriter;
  readonly outbox: Outbox;
  readonly deadlines: Deadlines;
  /** What the courier's app sees, as numbered deltas. */
  readonly feed: Feed;
  /** The newest position, which may not be a row yet. */
  newestFix(): Fix | null;
}

export function openCourierBooks(
  courierId: CourierId,
  { sql, outbox, deadlines }: { readonly sql: SqlPort; readonly outbox: Outbox; readonly deadlines: Deadlines },
  newestFix: () => Fix | null,
): CourierBooks {
  return { courierId, rows: new CourierWriter(sql), outbox, deadlines, feed: new Feed(sql), newestFix };
}

/** The courier's object acting on its own account. */
export function courierActor(courierId: CourierId): Actor {
  return { kind: 'object', object: 'courier', id: courierId };
}

/** The part that every command of this object shares. The id says what it is about, so that it is the same on every attempt. */
export function ownCommand(courierId: CourierId, opId: string, traceparent: string | null): Command {
  return {
    v: RPC_VERSION,
    actor: courierActor(courierId),
    opId: asOpId(opId),
    ...(traceparent === null ? {} : { traceparent }),
  };
}
