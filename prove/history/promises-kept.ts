import type { HoldView } from '../../contracts/rpc/store.ts';
import { asHoldId } from '../../domain/shared/ids.ts';
import type { SqlPort } from '../../durable/kit/sql.ts';
import { OPERATOR, STORES } from './cast.ts';
import type { Stage } from './stage.ts';

type Units = { readonly [sku: string]: number };

/** What is set aside is what holds and tasks say is set aside for them. */
export async function brokenPromises(stage: Stage): Promise<string[]> {
  const sql = stage.sql(0);
  const holds = await allHolds(stage);
  const held = holds.filter(({ status }) => status === 'HELD');
  const promised: { readonly [bucket: string]: Units } = {
    held: unitsOf(held.flatMap(({ setAside }) => setAside.map(({ sku, quantity }) => ({ sku, units: quantity })))),
    allocated: taskUnits(sql, 'quantity - picked - shorted', "'QUEUED', 'ACCEPTED', 'PICKING'"),
    picked: taskUnits(sql, 'picked - restocked', "'ACCEPTED', 'PICKING', 'PACKED', 'RESTOCK'"),
    sold: taskUnits(sql, 'picked', "'HANDED_OVER'"),
  };
  const found: string[] = [];
  for (const level of sql.all<{ sku: string; held: number; allocated: number; picked: number; sold: number }>(
    'SELECT sku, held, allocated, picked, sold FROM stock',
  )) {
    for (const bucket of ['held', 'allocated', 'picked', 'sold'] as const) {
      const units = promised[bucket]?.[level.sku] ?? 0;
      if (units !== level[bucket]) {
        found.push(`${level[bucket]} of ${level.sku} are ${bucket}, and those who have them name ${units}`);
      }
    }
  }
  return [...found, ...brokenDeadlines(stage, held)];
}

function taskUnits(sql: SqlPort, units: string, statuses: string): Units {
  return unitsOf(
    sql.all<{ sku: string; units: number }>(
      `SELECT sku, sum(${units}) AS units FROM pick_tasks JOIN pick_lines USING (order_id)
      WHERE status IN (${statuses}) GROUP BY sku`,
    ),
  );
}

/** A hold that is still held is one that the clock will end, and has not missed. */
function brokenDeadlines(stage: Stage, held: readonly HoldView[]): string[] {
  if (held.length === 0) return [];
  const { alarmAtMs } = stage.platform.store(STORES[0]);
  const earliest = Math.min(...held.map(({ expiresAtMs }) => expiresAtMs ?? Number.NaN));
  if (!(earliest > stage.nowMs())) return [`a hold that was over at ${earliest} is still held`];
  if (alarmAtMs !== null && alarmAtMs <= earliest) return [];
  return [`a hold ends at ${earliest} and the alarm rings at ${alarmAtMs ?? 'no time'}`];
}

async function allHolds(stage: Stage): Promise<HoldView[]> {
  const rows = stage.sql(0).all<{ hold_id: string }>('SELECT hold_id FROM holds ORDER BY hold_id');
  const asked = rows.map((row) => stage.store(0).viewHold({ actor: OPERATOR, holdId: asHoldId(row.hold_id) }));
  return (await Promise.all(asked)).flatMap((view) => (view.ok ? [view.value] : []));
}

/** What one store sent is on the way, at the other one, back, or named as lost. */
export function brokenTransfers(stage: Stage): string[] {
  return ([0, 1] as const).flatMap((from) => {
    const to = from === 0 ? 1 : 0;
    const out = bucketOf(stage.sql(from), 'transferred_out');
    const named = linesOf(stage.sql(from), 'SELECT lines FROM transfers_out');
    const arrived = linesOf(stage.sql(to), "SELECT received AS lines FROM transfers_in WHERE status = 'RECEIVED'");
    const back = linesOf(stage.sql(from), "SELECT lines FROM transfers_out WHERE status = 'CANCELLED'");
    const here = bucketOf(stage.sql(to), 'transferred_in');
    const backThere = linesOf(stage.sql(to), "SELECT lines FROM transfers_out WHERE status = 'CANCELLED'");
    return Object.keys(out).flatMap((sku) => {
      const found: string[] = [];
      if (out[sku] !== (named[sku] ?? 0))
        found.push(`${out[sku]} of ${sku} left store ${from + 1}, ${named[sku] ?? 0} by name`);
      const came = (arrived[sku] ?? 0) + (backThere[sku] ?? 0);
      if (here[sku] !== came) found.push(`${here[sku] ?? 0} of ${sku} came to store ${to + 1}, ${came} by name`);
      if ((arrived[sku] ?? 0) + (back[sku] ?? 0) > (out[sku] ?? 0)) found.push(`more of ${sku} arrived than was sent`);
      return found;
    });
  });
}

function linesOf(sql: SqlPort, query: string): Units {
  return unitsOf(
    sql.all<{ sku: string; units: number }>(
      `SELECT line.value ->> 'sku' AS sku, line.value ->> 'quantity' AS units FROM (${query}) AS t, json_each(t.lines) AS line`,
    ),
  );
}

function bucketOf(sql: SqlPort, column: string): Units {
  return unitsOf(sql.all<{ sku: string; units: number }>(`SELECT sku, ${column} AS units FROM stock`));
}

function unitsOf(rows: readonly { readonly sku: string; readonly units: number }[]): Units {
  const sums: { [sku: string]: number } = {};
  for (const { sku, units } of rows) sums[sku] = (sums[sku] ?? 0) + units;
  return sums;
}
