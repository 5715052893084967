import * as v from 'valibot';
import { SERVICE_REASONS, SERVICE_STATES } from '../../domain/capacity/service-state.ts';
import { TEMPERATURE_ZONES } from '../../domain/catalog/storage.ts';
import { HOLD_ON } from '../../domain/inventory/store-policy.ts';
import { DISCREPANCY_SOURCES } from '../rpc/store-counts.ts';
import { RECALL_REASONS } from '../rpc/store-goods.ts';
import {
  ChannelIdText,
  Count,
  LotIdText,
  OrderIdText,
  SkuText,
  StoreIdText,
  Timestamp,
  TransferIdText,
  UserIdText,
} from '../wire.ts';
import { defineTopic } from './topic.ts';

const TaskMoved = v.object({
  orderId: OrderIdText,
  lines: Count,
  units: Count,
  /** Of them, those in the tote or in the bags. */
  pickedUnits: v.optional(Count),
  pickerId: v.optional(UserIdText),
  /** Why it was rejected, or went back to the queue. */
  reason: v.optional(v.string()),
  promisedAt: Timestamp,
  assignedAt: v.optional(Timestamp),
  /** As estimated when it was assigned; `packedAt` is when it was. */
  estimatedReadyAt: v.optional(Timestamp),
  acceptedAt: v.optional(Timestamp),
  claimedAt: v.optional(Timestamp),
  packedAt: v.optional(Timestamp),
  handedOverAt: v.optional(Timestamp),
  /** When the step was done by the clock of a tablet that may have been offline, and may be wrong. */
  actedAt: v.optional(Timestamp),
});

/** A scan that found nothing where units should be: `blockedUnits` are not sold until they are counted. */
const NotFound = v.object({ sku: SkuText, orderId: v.optional(OrderIdText), blockedUnits: Count });

/** A count that was believed. `variance` is `counted` less `expected`. */
const Counted = v.object({
  sku: SkuText,
  expected: Count,
  counted: Count,
  variance: v.pipe(v.number(), v.safeInteger()),
  shortfall: Count,
  attempts: Count,
});

/** More units were promised than are there: `shortfall` of them, given up by holds that ended and lines that went short. */
const DiscrepancyFound = v.object({
  sku: SkuText,
  source: v.picklist(DISCREPANCY_SOURCES),
  expected: Count,
  counted: Count,
  shortfall: Count,
  endedHolds: Count,
  shortenedLines: Count,
});

/** How much is left for sale, and for how long at today's demand. */
const StockWatched = v.object({
  sku: SkuText,
  sellable: v.pipe(v.number(), v.safeInteger()),
  lowAtUnits: Count,
  unitsPerHour: v.pipe(v.number(), v.minValue(0)),
  /** Absent when nothing is asked for. */
  runOutHours: v.optional(v.pipe(v.number(), v.minValue(0))),
});

/** A step of a transfer, told by the store at whose end it happened. `units` were sent; `lostUnits` of them arrived nowhere. */
const TransferMoved = v.object({
  transferId: TransferIdText,
  otherStoreId: StoreIdText,
  lines: Count,
  units: Count,
  lostUnits: Count,
});

/** A SKU lies in another bin of the store from now on. */
const PutAway = v.object({
  sku: SkuText,
  bin: v.string(),
  temperatureZone: v.picklist(TEMPERATURE_ZONES),
  quantity: v.optional(Count),
});

/** A lot is not sold any more; `shelfUnits` of it were in the store at that moment. */
const LotExpired = v.object({ sku: SkuText, lotId: LotIdText, shelfUnits: Count });
const LotRecalled = v.object({
  ...LotExpired.entries,
  reason: v.picklist(RECALL_REASONS),
  /** Orders that got some of it, and how many units. */
  orders: Count,
  orderUnits: Count,
});

/** The auditor stopped the sale of a SKU: `what` disagrees with its ledger by so many units. Or it is sold again. */
const Quarantined = v.object({ sku: SkuText, what: v.string(), gapUnits: Count });
const QuarantineLifted = v.object({ sku: SkuText });

/** A picker came, or went; `by`: by its own word or that of an operator, after too long, or after a silence. */
const ShiftStarted = v.object({ pickerId: UserIdText, pickersOnShift: Count });
const ShiftEnded = v.object({ ...ShiftStarted.entries, by: v.picklist(['SAID', 'TOO_LONG', 'SILENT']) });

/** The store takes orders, fewer, or none from now on, and the figures behind that. `cause`: the load, somebody, or the end of what was said. */
const ServiceChanged = v.object({
  before: v.picklist(SERVICE_STATES),
  state: v.picklist(SERVICE_STATES),
  cause: v.picklist(['LOAD', 'SAID', 'TIME_OVER']),
  /** Absent when the load decides. */
  reason: v.optional(v.picklist(SERVICE_REASONS)),
  until: v.optional(Timestamp),
  readyP50Ms: Count,
  readyP90Ms: Count,
  throttleAtMs: Count,
  pauseAtMs: Count,
  queuedTasks: Count,
  queuedLines: Count,
  pickersOnShift: Count,
});
const ServicePolicyChanged = v.object({ throttleAtMs: Count, pauseAtMs: Count });

/** How the store treats carts from now on. */
const PolicyChanged = v.object({ holdOn: v.picklist(HOLD_ON), scarceAtUnits: Count });
/** What a channel may take from now on. */
const ChannelTermsChanged = v.object({ channel: ChannelIdText, bufferUnits: Count, allocatedSkus: Count });

/** The floor was described anew. */
const LayoutChanged = v.object({ version: Count, aisles: Count, racks: Count });

/** Subject: the store. Key: storeId. */
export const STORE_EVENTS = defineTopic({
  name: 'stores.events.v1',
  partitions: 12,
  retentionDays: 90,
  schemas: {
    'pick_task.created': TaskMoved,
    'pick_task.accepted': TaskMoved,
    'pick_task.rejected': TaskMoved,
    'pick_task.claimed': TaskMoved,
    'pick_task.requeued': TaskMoved,
    'pick_task.packed': TaskMoved,
    'pick_task.handed_over': TaskMoved,
    'pick_task.cancelled': TaskMoved,
    'pick_task.restocked': TaskMoved,
    'store.policy_changed': PolicyChanged,
    'store.channel_terms_changed': ChannelTermsChanged,
    'store.service_changed': ServiceChanged,
    'store.service_policy_changed': ServicePolicyChanged,
    'shift.started': ShiftStarted,
    'shift.ended': ShiftEnded,
    'store.layout_changed': LayoutChanged,
    'stock.put_away': PutAway,
    'lot.expired': LotExpired,
    'lot.recalled': LotRecalled,
    'stock.not_found': NotFound,
    'stock.discrepancy_found': DiscrepancyFound,
    'stock.quarantined': Quarantined,
    'stock.quarantine_lifted': QuarantineLifted,
    'stock.low': StockWatched,
    'stock.out': StockWatched,
    'stock.recovered': StockWatched,
    'count.completed': Counted,
    'transfer.sent': TransferMoved,
    'transfer.called_back': TransferMoved,
    'transfer.returned': TransferMoved,
    'transfer.delivered': TransferMoved,
    'transfer.expected': TransferMoved,
    'transfer.received': TransferMoved,
    'transfer.closed': TransferMoved,
  },
});
