import type { Deadlines } from '../../kit/deadlines.ts';
import { OP_KEPT_MS } from '../../kit/ops.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';

/** The deadline of the journal that was silent longest; it stands for all of them. */
export const DEVICE_SILENCE = 'device';

/** Journals that are kept of one picker: some tablets, and those that began anew. */
const DEVICES_PER_ACTOR_MAX = 8;
/** As long as answers are kept: from then on a journal could not tell what was done of it either way. */
const DEVICE_KEPT_MS = OP_KEPT_MS;
/** Journals that one alarm forgets; the rest follow at once in the next. */
const FORGOTTEN_PER_ALARM = 200;

export interface Heard {
  readonly actorId: string;
  readonly deviceId: string;
  readonly seq: number;
  readonly heardAtMs: number;
  /** By the tablet's clock. */
  readonly actedAtMs: number;
}

/**
 * How far the store is in the journal of each tablet. A journal that is forgotten here loses nothing: its tablet is told the
 * number that is wanted, no longer has it, and begins anew; what was done of it is known by the ids of its commands.
 */
export class DeviceRows {
  readonly #sql: SqlPort;
  readonly #deadlines: Deadlines;
  constructor(sql: SqlPort, deadlines: Deadlines) {
    this.#sql = sql;
    this.#deadlines = deadlines;
  }

  /** The last command of this journal that was answered; 0 when it is not known. */
  lastSeq(actorId: string, deviceId: string): number {
    const row = this.#sql.all<{ seq: number }>(
      'SELECT seq FROM devices WHERE actor_id = ? AND device_id = ?',
      actorId,
      deviceId,
    )[0];
    return row?.seq ?? 0;
  }

  /** This command was answered. Inside its transaction. */
  heard({ actorId, deviceId, seq, heardAtMs, actedAtMs }: Heard): void {
    this.#sql.run(
      `INSERT INTO devices (actor_id, device_id, seq, heard_at_ms, acted_at_ms) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (actor_id, device_id) DO UPDATE SET
        seq = excluded.seq, heard_at_ms = excluded.heard_at_ms, acted_at_ms = excluded.acted_at_ms`,
      actorId,
      deviceId,
      seq,
      heardAtMs,
      actedAtMs,
    );
    if (seq === 1) this.#begun(actorId, heardAtMs);
  }

  /** Forgets the journals that were silent for as long as answers are kept. */
  forgetSilent(nowMs: number): void {
    this.#sql.run(
      `DELETE FROM devices WHERE (actor_id, device_id) IN
        (SELECT actor_id, device_id FROM devices WHERE heard_at_ms <= ? ORDER BY heard_at_ms LIMIT ?)`,
      nowMs - DEVICE_KEPT_MS,
      FORGOTTEN_PER_ALARM,
    );
    const { atMs } = one<{ atMs: number | null }>(this.#sql, 'SELECT min(heard_at_ms) AS atMs FROM devices');
    if (atMs !== null) this.#deadlines.set(DEVICE_SILENCE, '', atMs + DEVICE_KEPT_MS);
  }

  /** A journal more: of too many of one picker the one that was silent longest goes. */
  #begun(actorId: string, nowMs: number): void {
    this.#sql.run(
      `DELETE FROM devices WHERE actor_id = ? AND device_id IN
        (SELECT device_id FROM devices WHERE actor_id = ? ORDER BY heard_at_ms DESC, device_id LIMIT -1 OFFSET ?)`,
      actorId,
      actorId,
      DEVICES_PER_ACTOR_MAX,
    );
    this.#deadlines.setEarlier(DEVICE_SILENCE, '', nowMs + DEVICE_KEPT_MS);
  }
}
