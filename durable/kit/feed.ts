import type { SqlPort } from './sql.ts';

/** What a socket needs to resume: numbered deltas. An event log can be one. */
export interface FeedSource {
  /** The number of the newest delta; 0 before the first. */
  head(): number;
  /** The deltas after a number, in order, as JSON text; `null` when they are no longer kept. */
  since(after: number): readonly { readonly seq: number; readonly delta: string }[] | null;
}

/** Deltas kept for reconnecting clients; one that missed more gets a snapshot. */
const FEED_KEPT = 1000;

/** A feed in a table of its own, for objects whose state is not an event log. */
export class Feed implements FeedSource {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** Appends a delta and returns its number. Inside a transaction only. */
  append(delta: unknown): number {
    const row = this.#sql.all<{ seq: number }>(
      'INSERT INTO feed (delta) VALUES (?) RETURNING seq',
      JSON.stringify(delta),
    )[0];
    const seq = row?.seq ?? 0;
    if (seq % 100 === 0) this.#sql.run('DELETE FROM feed WHERE seq <= ?', seq - FEED_KEPT);
    return seq;
  }

  /** Forgets the deltas before this one: a client that missed one of them gets a snapshot. */
  forgetBefore(seq: number): void {
    this.#sql.run('DELETE FROM feed WHERE seq < ?', seq);
  }

  head(): number {
    return this.#sql.all<{ seq: number | null }>('SELECT max(seq) AS seq FROM feed')[0]?.seq ?? 0;
  }

  since(after: number): { seq: number; delta: string }[] | null {
    if (after > this.head()) return null;
    const first = this.#sql.all<{ seq: number | null }>('SELECT min(seq) AS seq FROM feed')[0]?.seq ?? 1;
    if (after < first - 1) return null;
    return this.#sql.all<{ seq: number; delta: string }>(
      'SELECT seq, delta FROM feed WHERE seq > ? ORDER BY seq',
      after,
    );
  }
}
