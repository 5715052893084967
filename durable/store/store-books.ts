import type { Actor, Command } from '../../contracts/actor.ts';
import { STOCK_MOVEMENTS } from '../../contracts/events/stock.ts';
import type { StoreId, UserId } from '../../domain/shared/ids.ts';
import type { Deadlines } from '../kit/deadlines.ts';
import { Feed } from '../kit/feed.ts';
import { OpJournal } from '../kit/ops.ts';
import type { Outbox } from '../kit/outbox.ts';
import type { SqlPort } from '../kit/sql.ts';
import { AuditRows } from './ledger/audit-rows.ts';
import { watchLedger } from './ledger/auditor.ts';
import { CountRows } from './counts/count-rows.ts';
import { PaceRows } from './capacity/pace-rows.ts';
import { ServiceRows } from './capacity/service-rows.ts';
import { ShiftRows } from './capacity/shift-rows.ts';
import { WaitingRows } from './capacity/waiting-rows.ts';
import { DemandRows } from './counts/demand-rows.ts';
import { DemandWatch } from './counts/demand-watch.ts';
import { DiscrepancyRows } from './counts/discrepancy-rows.ts';
import { HoldRows } from './holds/hold-rows.ts';
import { LayoutRows } from './layout/layout-rows.ts';
import { PickHistory } from './layout/pick-history.ts';
import { pruneLots } from './goods/lot-retention.ts';
import { LotRows } from './goods/lot-rows.ts';
import { MovementHistory } from './ledger/movement-history.ts';
import { SellByMargins } from './goods/sell-by-margins.ts';
import { compactLedger } from './ledger/ledger-compaction.ts';
import { LedgerLane } from './ledger/ledger-lane.ts';
import { PolicyRows } from './policy/policy-rows.ts';
import { ItemCards } from './goods/item-cards.ts';
import { DeviceRows } from './floor/device-rows.ts';
import { PickQueue } from './floor/pick-queue.ts';
import { WaveRows } from './floor/wave-rows.ts';
import { ReceiptRows } from './ledger/receipt-rows.ts';
import { ShelfRows } from './goods/shelf-rows.ts';
import { auditSinceSweep, WholeAudits } from './ledger/stock-audit.ts';
import type { StockAudit, WholeAudit } from './ledger/stock-audit.ts';
import { StockPast } from './ledger/stock-past.ts';
import { StockWriter } from './ledger/stock-writer.ts';
import type { Hand } from './ledger/stock-writer.ts';
import { ProposalRows } from './substitution/proposal-rows.ts';
import { WishRows } from './substitution/wish-rows.ts';
import { TransferRows } from './transfers/transfer-rows.ts';

/** What a command of the store reads and writes. Every write is part of the caller's transaction. */
export interface StoreBooks {
  readonly storeId: StoreId;
  readonly stock: StockWriter;
  readonly holds: HoldRows;
  readonly policies: PolicyRows;
  readonly queue: PickQueue;
  readonly waves: WaveRows;
  readonly devices: DeviceRows;
  readonly proposals: ProposalRows;
  readonly wishes: WishRows;
  readonly cards: ItemCards;
  readonly layouts: LayoutRows;
  readonly pickHistory: PickHistory;
  readonly receipts: ReceiptRows;
  readonly lots: LotRows;
  readonly margins: SellByMargins;
  readonly history: MovementHistory;
  readonly past: StockPast;
  readonly counts: CountRows;
  readonly shelves: ShelfRows;
  readonly discrepancies: DiscrepancyRows;
  readonly demand: DemandRows;
  readonly watch: DemandWatch;
  readonly transfers: TransferRows;
  readonly auditing: AuditRows;
  readonly shifts: ShiftRows;
  readonly pace: PaceRows;
  readonly service: ServiceRows;
  readonly waiting: WaitingRows;
  /** The last sign of life of this picker's tablet; `null` when it has none open. */
  heardAtMs(pickerId: UserId): number | null;
  /** Turns old movements into sums by day; true when there are more. */
  compact(nowMs: number, limit: number): boolean;
  /** Forgets lots that were sold out long ago, and who got them, some at a time. */
  pruneLots(nowMs: number): void;
  /** Every level against the ledger, as far as the auditor has added it up and from there on. */
  audit(): StockAudit;
  /** The same against every movement that ever was: not older than ten minutes. */
  auditWhole(nowMs: number): WholeAudit;
  /** What the tablets see, as numbered deltas. */
  readonly feed: Feed;
  readonly outbox: Outbox;
  readonly deadlines: Deadlines;
  /** The answers to commands by their opId; a hold is its own. */
  readonly ops: OpJournal;
}

export function openStoreBooks(
  storeId: StoreId,
  { sql, outbox, deadlines }: { readonly sql: SqlPort; readonly outbox: Outbox; readonly deadlines: Deadlines },
  heardAtMs: StoreBooks['heardAtMs'] = () => null,
): StoreBooks {
  const demand = new DemandRows(sql);
  const lots = new LotRows(sql, deadlines);
  const auditing = new AuditRows(sql);
  const wholeAudits = new WholeAudits(sql);
  const watch = new DemandWatch(demand, storeId, outbox);
  const policies = new PolicyRows(sql);
  outbox.derive(new LedgerLane(sql, storeId, outbox));
  return {
    storeId,
    stock: new StockWriter(sql, policies, {
      lots,
      watch,
      appended: (atMs) => {
        outbox.appended(STOCK_MOVEMENTS);
        watchLedger({ deadlines }, atMs);
      },
    }),
    holds: new HoldRows(sql),
    policies,
    queue: new PickQueue(sql),
    waves: new WaveRows(sql),
    devices: new DeviceRows(sql, deadlines),
    proposals: new ProposalRows(sql),
    wishes: new WishRows(sql),
    cards: new ItemCards(sql),
    layouts: new LayoutRows(sql),
    pickHistory: new PickHistory(sql),
    receipts: new ReceiptRows(sql),
    lots,
    margins: new SellByMargins(sql),
    history: new MovementHistory(sql),
    past: new StockPast(sql),
    counts: new CountRows(sql),
    shelves: new ShelfRows(sql),
    discrepancies: new DiscrepancyRows(sql),
    demand,
    watch,
    transfers: new TransferRows(sql),
    auditing,
    shifts: new ShiftRows(sql),
    pace: new PaceRows(sql),
    service: new ServiceRows(sql),
    waiting: new WaitingRows(sql),
    heardAtMs,
    compact: (nowMs, limit) => compactLedger(sql, { nowMs, limit }),
    pruneLots: (nowMs) => {
      pruneLots(sql, nowMs);
    },
    audit: () => auditSinceSweep(sql, auditing),
    auditWhole: (nowMs) => wholeAudits.at(nowMs),
    feed: new Feed(sql),
    outbox,
    deadlines,
    ops: new OpJournal(sql),
  };
}

export function handOf({ actor, traceparent }: Command, atMs: number): Hand {
  return { actor, atMs, traceparent };
}

/** The store acting by itself, such as when its clock expires a hold. */
export function storeActor(storeId: StoreId): Actor {
  return { kind: 'object', object: 'store', id: storeId };
}
