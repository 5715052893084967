import type { OfferId, ZoneId } from '../../domain/shared/ids.ts';
import type { Deadlines } from '../kit/deadlines.ts';
import type { Outbox } from '../kit/outbox.ts';
import type { SqlPort } from '../kit/sql.ts';
import { CandidateRows } from './candidate-rows.ts';
import { SearchRows } from './search-rows.ts';

/** What a command of the zone reads and writes. Every write is part of the caller's transaction. */
export interface ZoneBooks {
  readonly zoneId: ZoneId;
  readonly candidates: CandidateRows;
  readonly searches: SearchRows;
  readonly outbox: Outbox;
  readonly deadlines: Deadlines;
  /** A new id for an offer made now. */
  newOfferId(nowMs: number): OfferId;
}

export function openZoneBooks(
  zoneId: ZoneId,
  { sql, outbox, deadlines }: { readonly sql: SqlPort; readonly outbox: Outbox; readonly deadlines: Deadlines },
  newOfferId: (nowMs: number) => OfferId,
): ZoneBooks {
  return { zoneId, candidates: new CandidateRows(sql), searches: new SearchRows(sql), outbox, deadlines, newOfferId };
}
