import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { DurableCall } from '../../contracts/rpc/durable-call.ts';
import type { StoreAnswer, StoreCommand, StoreCommandName } from '../../contracts/rpc/store-commands.ts';
import type { TransferView } from '../../contracts/rpc/store-transfers.ts';
import { PLACES } from '../../domain/inventory/stock-level.ts';
import { lostLots } from '../../domain/inventory/transfer.ts';
import { asOpId, asSku, asStoreId, asTransferId, asUserId } from '../../domain/shared/ids.ts';
import type { StoreId, TransferId } from '../../domain/shared/ids.ts';
import { err } from '../../domain/shared/result.ts';
import { DAY_MS, goods, receive } from './goods-commands.ts';
import { booksOver, openStoreWorld } from './store-world.ts';
import type { StoreWorld } from './store-world.ts';
import { OpJournal } from '../../durable/kit/ops.ts';
import { closePastSellBy } from '../../durable/store/goods/lot-closing.ts';
import { handlerOf } from '../../durable/store/command-table.ts';

export const SKUS = ['EGGS', 'TEA'];
export const UNITS = 10;
export const EAST = asStoreId(`sto_${'1'.padStart(26, '0')}`);
export const WEST = asStoreId(`sto_${'2'.padStart(26, '0')}`);
export const OPERATOR: Actor = { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) };

class Died extends Error {}

/** Two stores and the messages between them, each store's state in its SQLite and nowhere else. */
export class TwoStores {
  readonly #worlds = new Map<StoreId, StoreWorld>();
  /** Every message that was ever sent, so that it can come once more. */
  readonly #sent: DurableCall[] = [];
  #ops = 0;
  nowMs = 0;

  /** `lots`: the units are of two lots each store got, and one is of none. */
  constructor(of: 'lots' | 'no lot' = 'no lot') {
    for (const storeId of [EAST, WEST]) {
      const units = of === 'lots' ? 0 : UNITS;
      const world = openStoreWorld(Object.fromEntries(SKUS.map((sku) => [sku, units])), storeId);
      if (of === 'lots') for (const sku of SKUS) receive(world, dated(sku));
      this.#worlds.set(storeId, world);
    }
  }

  at(storeId: StoreId): StoreWorld {
    const world = this.#worlds.get(storeId);
    if (world === undefined) throw new Error(`no store ${storeId}`);
    return world;
  }

  by(actor: Actor = OPERATOR) {
    this.#ops += 1;
    return { v: RPC_VERSION, actor, opId: asOpId(`op-${String(this.#ops).padStart(8, '0')}`) };
  }

  /** As the object does it. `dies`: between its decision and its commit. */
  tell<N extends StoreCommandName>(storeId: StoreId, command: StoreCommand<N>, dies = false): StoreAnswer<N> {
    const { nowMs } = this;
    const { sql, books } = this.at(storeId);
    const handler = handlerOf(command);
    const denied = handler.denies(command.actor, storeId) ?? handler.refuses(command);
    if (denied !== undefined) return err(denied);
    return sql.transaction(() => {
      const answer = new OpJournal(sql).once('execute', command, nowMs, () => handler.decide(books, command, nowMs));
      if (dies) throw new Died();
      return answer;
    });
  }

  /** One message of the lane to the other store. Returns whether there was one. */
  deliver(from: StoreId, fate: 'arrives' | 'answer lost' | 'receiver dies'): boolean {
    const to = otherThan(from);
    const { outbox } = this.at(from).books;
    const lane = `object store ${to}`;
    const row = outbox.batch(lane)[0];
    if (row === undefined) return false;
    const call = readOwnJson<DurableCall>(row.body);
    this.#sent.push(call);
    if (fate === 'receiver dies') {
      try {
        this.#arrive(call, true);
      } catch (cause) {
        if (!(cause instanceof Died)) throw cause;
      }
      this.crash(to);
      return true;
    }
    this.#arrive(call, false);
    if (fate === 'arrives') outbox.markSent(lane, row.seq, 0);
    return true;
  }

  /** A message that came before comes again, late and out of order, as one does whose sender gave up waiting. */
  again(n: number): void {
    const call = this.#sent[n % Math.max(1, this.#sent.length)];
    if (call !== undefined) this.#arrive(call, false);
  }

  /** The journal forgets after 30 days; what a store knows of its transfers stays. */
  forget(storeId: StoreId): void {
    this.at(storeId).sql.run('DELETE FROM ops');
  }

  crash(storeId: StoreId): void {
    const { sql } = this.at(storeId);
    this.#worlds.set(storeId, { sql, books: booksOver(sql, storeId) });
  }

  /** A day goes by, and each store's clock rings. */
  sleep(): void {
    this.nowMs += DAY_MS;
    for (const { books } of this.#worlds.values()) closePastSellBy(books, this.nowMs);
  }

  /** Lots that somebody could buy units of though they are closed, or past their sell-by: none, ever. */
  wronglyOnSale(): unknown[] {
    return [...this.#worlds.values()].flatMap(({ sql }) =>
      sql.all(
        `SELECT * FROM lots
        WHERE on_shelf > 0 AND (status <> 'OPEN' AND blocked < on_shelf OR status = 'OPEN' AND sell_by_ms <= ?)`,
        this.nowMs,
      ),
    );
  }

  settle(): void {
    for (const from of [EAST, WEST, EAST, WEST]) while (this.deliver(from, 'arrives'));
  }

  #arrive(call: DurableCall, dies: boolean): void {
    if (call.to !== 'store' || call.method !== 'execute') throw new Error(`stores do not say ${call.method}`);
    const answer = this.tell(asStoreId(call.id), call.command, dies);
    if (!answer.ok) throw new Error(answer.error.code);
  }

  /** Units of a SKU that are in either store, on the way, or lost and named: what must not change. */
  unitsOf(sku: string): number {
    const [inEast, inWest] = [EAST, WEST].map((storeId) => {
      const level = this.at(storeId)
        .books.stock.accounts([asSku(sku)])
        .get(asSku(sku))?.level;
      if (level === undefined) throw new Error(`no ${sku}`);
      return PLACES.reduce((sum, place) => sum + (place === 'transferredOut' ? 0 : level[place]), 0);
    });
    return (inEast ?? 0) + (inWest ?? 0) + this.#away(EAST, sku) + this.#away(WEST, sku);
  }

  /** Units by SKU and lot that are in either store, on the way, or lost and named: what must not change either. */
  lots(): Record<string, number> {
    const units: Record<string, number> = {};
    function add(lots: readonly { sku: string; lotId: string; quantity: number }[], sign = 1): void {
      for (const { sku, lotId, quantity } of lots) {
        const name = `${sku} ${lotId}`;
        units[name] = (units[name] ?? 0) + sign * quantity;
      }
    }
    for (const storeId of [EAST, WEST]) {
      const { sql } = this.at(storeId);
      add(sql.all('SELECT sku, lot_id AS lotId, on_shelf AS quantity FROM lots'));
      const there = this.at(otherThan(storeId)).books.transfers;
      for (const { transferId, status, lots = [] } of this.listed(storeId, 'OUT')) {
        if (status === 'CANCELLED') continue;
        const incoming = there.incoming(storeId, transferId);
        add(lots);
        if (incoming?.status !== 'RECEIVED') continue;
        add(lots, -1);
        add(lostLots(incoming));
      }
    }
    return units;
  }

  #away(origin: StoreId, sku: string): number {
    const there = this.at(otherThan(origin)).books.transfers;
    return this.listed(origin, 'OUT').reduce((units, { transferId, status, lines }) => {
      if (status === 'CANCELLED') return units;
      const incoming = there.incoming(origin, transferId);
      const arrived = incoming?.status === 'RECEIVED' ? unitsIn(incoming.received, sku) : 0;
      return units + unitsIn(lines, sku) - arrived;
    }, 0);
  }

  listed(storeId: StoreId, direction: 'OUT' | 'IN'): TransferView[] {
    return this.at(storeId)
      .books.transfers.list(999)
      .filter((transfer) => transfer.direction === direction);
  }
}

/** Ten units of a SKU: of a lot that is best until day 5, of one that is best until day 9, and of none. */
function dated(sku: string) {
  return [goods(sku, 4, 'SOON', 5), goods(sku, 4, 'LATE', 9), goods(sku, UNITS - 8)];
}

export function otherThan(storeId: StoreId): StoreId {
  return storeId === EAST ? WEST : EAST;
}
function unitsIn(lines: readonly { readonly sku: string; readonly quantity: number }[], sku: string): number {
  return lines.find((one) => one.sku === sku)?.quantity ?? 0;
}
export function numbered(n: number): TransferId {
  return asTransferId(`TN-00000${n}`);
}
export function line(sku: string, quantity: number) {
  return { sku: asSku(sku), quantity };
}
export function sendTo(stores: TwoStores, from: StoreId, n: number, lines = [line('TEA', 4)]) {
  return stores.tell(from, {
    ...stores.by(),
    do: 'SendTransfer',
    transferId: numbered(n),
    toStoreId: otherThan(from),
    lines,
  });
}
export function receiveAt(stores: TwoStores, at: StoreId, n: number, lines = [line('TEA', 4)]) {
  return stores.tell(at, {
    ...stores.by(),
    do: 'ReceiveTransfer',
    transferId: numbered(n),
    fromStoreId: otherThan(at),
    lines,
  });
}
export function callBackAt(stores: TwoStores, at: StoreId, n: number) {
  return stores.tell(at, { ...stores.by(), do: 'CancelTransfer', transferId: numbered(n) });
}
