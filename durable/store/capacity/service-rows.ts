import { DEFAULT_SERVICE_POLICY, OPEN_SERVICE } from '../../../domain/capacity/service-state.ts';
import type { Service, ServicePolicy, ServiceReason, ServiceState } from '../../../domain/capacity/service-state.ts';
import type { SqlPort } from '../../kit/sql.ts';

/** Whether the store takes new orders, and from which load on it takes fewer. */
export class ServiceRows {
  readonly #sql: SqlPort;
  /** As the row has it; `undefined` after a change, for that may be rolled back. */
  #known: Service | undefined;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /**
   * From memory, so that every hold may ask. Not in a transaction that has saved another state: what is read there may never
   * have been.
   */
  current(): Service {
    this.#known ??= this.read();
    return this.#known;
  }

  read(): Service {
    const row = this.#sql.all<{
      state: ServiceState;
      since_ms: number;
      reason: ServiceReason | null;
      until_ms: number | null;
    }>('SELECT state, since_ms, reason, until_ms FROM service')[0];
    if (row === undefined) return OPEN_SERVICE;
    const pin = row.reason === null ? null : { reason: row.reason, untilMs: row.until_ms };
    return { state: row.state, sinceMs: row.since_ms, pin };
  }

  save({ state, sinceMs, pin }: Service): void {
    this.#known = undefined;
    this.#sql.run(
      'INSERT OR REPLACE INTO service (only_row, state, since_ms, reason, until_ms) VALUES (1, ?, ?, ?, ?)',
      state,
      sinceMs,
      pin?.reason ?? null,
      pin?.untilMs ?? null,
    );
  }

  policy(): ServicePolicy {
    const row = this.#sql.all<{ throttle_at_ms: number; pause_at_ms: number }>(
      'SELECT throttle_at_ms, pause_at_ms FROM service_policy',
    )[0];
    if (row === undefined) return DEFAULT_SERVICE_POLICY;
    return { throttleAtMs: row.throttle_at_ms, pauseAtMs: row.pause_at_ms };
  }

  savePolicy({ throttleAtMs, pauseAtMs }: ServicePolicy): void {
    this.#sql.run(
      'INSERT OR REPLACE INTO service_policy (only_row, throttle_at_ms, pause_at_ms) VALUES (1, ?, ?)',
      throttleAtMs,
      pauseAtMs,
    );
  }
}
