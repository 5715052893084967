import type { StockLine } from '../../contracts/rpc/store.ts';
import type { SqlPort } from '../../durable/kit/sql.ts';
import { holdCommand } from '../history/order-call.ts';
import { actorOf, holdAt } from '../history/cast.ts';
import type { Stage } from '../history/stage.ts';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { asOpId } from '../../domain/shared/ids.ts';

/** What is set aside now, which may be less than was asked for; or that there is too little; or that the hold is over. */
export type HoldOutcome = { readonly granted: readonly StockLine[] } | 'short' | 'gone';

/** Where baskets are asked for and given back; the same number is the same basket, asked again. */
export interface HoldPort {
  hold(id: number, lines: readonly StockLine[]): Promise<HoldOutcome>;
  release(id: number): Promise<void>;
}

/** The real store, asked by orders. */
export class StoreHolds implements HoldPort {
  readonly #stage: Stage;
  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async hold(id: number, lines: readonly StockLine[]): Promise<HoldOutcome> {
    const command = holdCommand({ do: 'hold', hold: id, order: id, buyer: 'order', lines }, `hold-${id}`);
    const answer = await this.#stage.store(0).hold(command);
    if (answer.ok) return { granted: answer.value.setAside };
    if (answer.error.code === 'INSUFFICIENT_STOCK') return 'short';
    if (answer.error.code === 'HOLD_RELEASED') return 'gone';
    throw new Error(`a hold was refused: ${answer.error.code}`);
  }

  async release(id: number): Promise<void> {
    const command = { v: RPC_VERSION, actor: actorOf('order', id), opId: asOpId(`op-release-${id}`) };
    const answer = await this.#stage.store(0).release({ ...command, holdId: holdAt(id), reason: 'void' });
    if (!answer.ok) throw new Error(`a release was refused: ${answer.error.code}`);
  }
}

/** The control: it reads what is left, waits, and writes what it read less what is asked for. It must oversell. */
export class UnlockedHolds implements HoldPort {
  readonly #sql: SqlPort;
  readonly #wait: () => Promise<void>;

  /** `wait` is what lies between read and write: a turn of the loop, or a round trip. */
  constructor(sql: SqlPort, stock: readonly StockLine[], wait: () => Promise<void>) {
    this.#sql = sql;
    this.#wait = wait;
    sql.run('CREATE TABLE stock (sku TEXT PRIMARY KEY, available INTEGER NOT NULL)');
    sql.run('CREATE TABLE holds (hold_id INTEGER PRIMARY KEY, lines TEXT NOT NULL)');
    for (const { sku, quantity } of stock) sql.run('INSERT INTO stock VALUES (?, ?)', sku, quantity);
  }

  async hold(id: number, lines: readonly StockLine[]): Promise<HoldOutcome> {
    if (this.#sql.all('SELECT 1 AS known FROM holds WHERE hold_id = ?', id).length > 0) return { granted: lines };
    const left = lines.map(({ sku, quantity }) => ({ sku, units: this.#available(sku) - quantity }));
    await this.#wait();
    if (left.some(({ units }) => units < 0)) return 'short';
    for (const { sku, units } of left) this.#sql.run('UPDATE stock SET available = ? WHERE sku = ?', units, sku);
    this.#sql.run('INSERT OR REPLACE INTO holds VALUES (?, ?)', id, JSON.stringify(lines));
    return { granted: lines };
  }

  async release(id: number): Promise<void> {
    const held = this.#sql.all<{ sku: string; quantity: number }>(
      `SELECT line.value ->> 'sku' AS sku, line.value ->> 'quantity' AS quantity
      FROM holds, json_each(holds.lines) AS line WHERE hold_id = ?`,
      id,
    );
    const after = held.map(({ sku, quantity }) => ({ sku, units: this.#available(sku) + quantity }));
    await this.#wait();
    for (const { sku, units } of after) this.#sql.run('UPDATE stock SET available = ? WHERE sku = ?', units, sku);
    this.#sql.run('DELETE FROM holds WHERE hold_id = ?', id);
  }

  #available(sku: string): number {
    return this.#sql.all<{ available: number }>('SELECT available FROM stock WHERE sku = ?', sku)[0]?.available ?? 0;
  }
}
