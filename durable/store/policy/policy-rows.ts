import type { HoldStep } from '../../../domain/inventory/hold.ts';
import { APP_CHANNEL, NO_TERMS } from '../../../domain/inventory/sellable.ts';
import type { ChannelTerms, Fence } from '../../../domain/inventory/sellable.ts';
import { DEFAULT_POLICY } from '../../../domain/inventory/store-policy.ts';
import type { HoldOn, StorePolicy } from '../../../domain/inventory/store-policy.ts';
import type { ChannelId, Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

type FenceRow = {
  readonly sku: Sku;
  readonly channel: ChannelId;
  readonly allocation_units: number;
  readonly unused_units: number;
};
type Allocation = { readonly sku: Sku; readonly allocationUnits: number };

/** Changes of what can be sold that are kept for askers who are behind; more than an answer tells of. */
const CHANGES_KEPT = 10_000;

/** How the store sells: its policy for carts, and what each channel may take. */
export class PolicyRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  policy(): StorePolicy {
    const row = this.#sql.all<{ hold_on: HoldOn; scarce_at_units: number }>(
      'SELECT hold_on, scarce_at_units FROM store_policy',
    )[0];
    return row === undefined ? DEFAULT_POLICY : { holdOn: row.hold_on, scarceAtUnits: row.scarce_at_units };
  }

  setPolicy({ holdOn, scarceAtUnits }: StorePolicy): void {
    this.#sql.run(
      `INSERT INTO store_policy (only_row, hold_on, scarce_at_units) VALUES (1, ?, ?)
      ON CONFLICT (only_row) DO UPDATE SET hold_on = excluded.hold_on, scarce_at_units = excluded.scarce_at_units`,
      holdOn,
      scarceAtUnits,
    );
  }

  /** The terms as far as they concern these SKUs. */
  terms(skus: readonly Sku[]): ChannelTerms {
    const buffers = this.#sql.all<{ channel: ChannelId; buffer_units: number }>(
      'SELECT channel, buffer_units FROM channel_terms',
    );
    if (buffers.length === 0) return NO_TERMS;
    const rows = this.#sql.all<FenceRow>(
      `SELECT sku, channel, allocation_units, unused_units FROM channel_allocations
      WHERE sku IN (SELECT value FROM json_each(?))`,
      JSON.stringify(skus),
    );
    return {
      bufferUnits: new Map(buffers.map((row) => [row.channel, row.buffer_units])),
      fences: Map.groupBy(rows.map(toFence), ({ sku }) => sku),
    };
  }

  /** Replaces a channel's terms as a whole; its ring-fence is unused again. */
  setTerms(channel: ChannelId, bufferUnits: number, allocations: readonly Allocation[]): void {
    const dropped = this.#sql.all<{ sku: Sku }>(
      'DELETE FROM channel_allocations WHERE channel = ? RETURNING sku',
      channel,
    );
    this.#sql.run(
      `INSERT INTO channel_terms (channel, buffer_units) VALUES (?, ?)
      ON CONFLICT (channel) DO UPDATE SET buffer_units = excluded.buffer_units`,
      channel,
      bufferUnits,
    );
    this.#sql.run(
      `INSERT INTO channel_allocations (channel, sku, allocation_units, unused_units)
      SELECT ?, value ->> 0, value ->> 1, value ->> 1 FROM json_each(?)`,
      channel,
      JSON.stringify(allocations.map(({ sku, allocationUnits }) => [sku, allocationUnits])),
    );
    // The buffer of our own shop is about every SKU.
    this.#announceChange(channel === APP_CHANNEL ? [''] : [...dropped, ...allocations].map(({ sku }) => sku));
  }

  /** Takes units from ring-fences, or gives them back: a fence never holds more than its allocation. */
  moveFences(moves: readonly { readonly channel: ChannelId; readonly fences: HoldStep['fences'] }[]): void {
    const rows = moves.flatMap(({ channel, fences }) => fences.map(({ sku, units }) => [sku, channel, units]));
    if (rows.length === 0) return;
    this.#sql.run(
      `UPDATE channel_allocations SET unused_units = min(allocation_units, unused_units + moved.units)
      FROM (SELECT value ->> 0 AS sku, value ->> 1 AS channel, sum(value ->> 2) AS units
        FROM json_each(?) GROUP BY 1, 2) AS moved
      WHERE channel_allocations.sku = moved.sku AND channel_allocations.channel = moved.channel`,
      JSON.stringify(rows),
    );
  }

  #announceChange(skus: readonly string[]): void {
    this.#sql.run(
      `INSERT INTO sellable_changes (position, sku)
      SELECT next.position + row_number() OVER (), value FROM json_each(?), (SELECT max(
        (SELECT coalesce(max(position), 0) FROM movements),
        (SELECT coalesce(max(position), 0) FROM sellable_changes)) AS position) AS next`,
      JSON.stringify([...new Set(skus)]),
    );
    this.#sql.run(
      'DELETE FROM sellable_changes WHERE position < (SELECT max(position) FROM sellable_changes) - ?',
      CHANGES_KEPT,
    );
  }
}

function toFence(row: FenceRow): Fence & { readonly sku: Sku } {
  return {
    sku: row.sku,
    channel: row.channel,
    allocationUnits: row.allocation_units,
    unusedUnits: row.unused_units,
  };
}
