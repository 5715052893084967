import * as v from 'valibot';
import type { ServiceReason, ServiceState } from '../../domain/capacity/service-state.ts';
import { TEMPERATURE_ZONES } from '../../domain/catalog/storage.ts';
import type { TemperatureZone } from '../../domain/catalog/storage.ts';
import { BAG_SIZES, BAGS_MAX } from '../../domain/picking/packing-list.ts';
import type { Bag, SealedBag } from '../../domain/picking/packing-list.ts';
import { SHORT_FROM } from '../../domain/picking/offline.ts';
import { REJECT_REASONS } from '../../domain/picking/pick-task.ts';
import type { PickStatus, RejectReason } from '../../domain/picking/pick-task.ts';
import { DEFAULT_WAVE_LIMITS } from '../../domain/picking/wave-limits.ts';
import { SHORT_PICK_REASONS } from '../../domain/picking/short-pick.ts';
import type { ProposalStatus, Settlement } from '../../domain/picking/proposal.ts';
import type { ShortPickReason } from '../../domain/picking/short-pick.ts';
import type { RankedSubstitute, RuledOut } from '../../domain/picking/substitution.ts';
import type { Sku } from '../../domain/shared/ids.ts';
import { BarcodeText, LINES_MAX, OrderIdText, Quantity, SkuText, UserIdText } from '../wire.ts';
import { DeviceStamp } from './device-journal.ts';
import { commandEntries } from './frames.ts';

/**
 * Version of the tablets' frames. A command may say which one it was written for; this one and the one before are taken.
 * Version 1 had no seals: `pack` gave the number of bags. Version 2 had no journals: `device` came with 3. A tablet ignores
 * statuses and fields that it does not know.
 */
export const TABLET_VERSION = 3;

export type TaskStatus = PickStatus;

export interface PickLineView {
  readonly sku: Sku;
  readonly name: string;
  readonly bin: string;
  readonly zone: TemperatureZone;
  /** Of one unit; codes on the wrapping of several are taken too. */
  readonly barcodes: readonly string[];
  /** It is sold by weight: a scan without a scale's label needs `grams`. */
  readonly soldByWeight?: true;
  readonly quantity: number;
  readonly picked: number;
  /** Units given up, and why the last of them were. */
  readonly shorted: number;
  readonly shortReason: ShortPickReason | null;
  /** Of a cancelled task: picked units that are back. */
  readonly restocked: number;
  /** Of the picked units, by their scale labels or the picker's scale; 0 where nobody said. */
  readonly grams: number;
  /** The missing article that these units stand in for; `null` for what the customer ordered. */
  readonly substituteFor: Sku | null;
}

/** A substitute that was proposed to the customer. */
export interface ProposalView {
  readonly proposalId: string;
  /** The missing article. */
  readonly sku: Sku;
  readonly substitute: Sku;
  /** Of the substitute, and where it lies. */
  readonly name: string;
  readonly bin: string;
  readonly quantity: number;
  readonly status: ProposalStatus;
  /** What came of it; `null` while nobody has answered, and after a withdrawal. */
  readonly settlement: Settlement | null;
  /** By when the customer answers, and what silence means. */
  readonly expiresAt: string;
  readonly onSilence: Settlement;
}

/** Units of one SKU to take from one bin, and for whom. */
export interface WalkPickView {
  readonly bin: string;
  readonly zone: TemperatureZone;
  readonly sku: Sku;
  /** One for each order; `totes` are the positions on the cart that are its own. */
  readonly units: readonly { readonly taskId: string; readonly totes: readonly number[]; readonly quantity: number }[];
}
/** One place where the picker stops. */
export interface WalkStopView {
  /** Metres from the stop before; of the first from the packing station. */
  readonly walkM: number;
  /** Seconds since the picker set off, median. */
  readonly arrivesAtS: number;
  readonly picks: readonly WalkPickView[];
}
/** From the packing station over all stops and back to it, as planned at the claim. Fragile goods come late, frozen ones last. */
export interface WalkView {
  /** Of the store's layout that it was planned with. */
  readonly layoutVersion: number;
  readonly distanceM: number;
  /** Walking, stopping and scanning, median. */
  readonly durationS: number;
  readonly stops: readonly WalkStopView[];
  /** Where the layout knows no place: after all stops, for whoever knows where it is. */
  readonly unplaced: readonly WalkPickView[];
}
/** What one picker collects on one walk. */
export interface WaveView {
  readonly waveId: string;
  readonly pickerId: string;
  /** In the order of packing: whose bags have to be ready first. */
  readonly tasks: readonly {
    readonly taskId: string;
    /** Positions on the cart, from 1: they stay as they are while the wave lasts. */
    readonly totes: readonly number[];
    /** Nine times of ten its bags are packed by then. */
    readonly packedBy: string;
  }[];
  readonly walk: WalkView;
  /** Metres less than the same orders one by one; 0 for a single one. */
  readonly savedM: number;
}

/** A pick task as a tablet shows it. Its id is the order's id. */
export interface PickTaskView {
  readonly taskId: string;
  readonly orderNumber: string;
  readonly status: TaskStatus;
  readonly promisedAt: string;
  readonly assignedAt: string;
  readonly estimatedReadyAt: string;
  /** `null` before it was packed. */
  readonly packedAt: string | null;
  readonly pickerId: string | null;
  /** Who alone may claim it, until a moment has passed. */
  readonly offeredTo: string | null;
  /** With `REJECTED`. */
  readonly rejectReason: RejectReason | null;
  /** In the order of the walk while it is picked on one; else in that of the bins. */
  readonly lines: readonly PickLineView[];
  /** Substitutes that were proposed, the oldest first. Packing waits for the open ones, nothing else does. */
  readonly substitutions: readonly ProposalView[];
  /** Which bags to take for what is not given up: a suggestion. */
  readonly packing: readonly Bag[];
  readonly bags: number;
  /** The packed bags, when they were sealed: each is scanned at handover. */
  readonly sealed: readonly SealedBag[];
  /** Known once a courier accepted. */
  readonly courierId: string | null;
  /** Its place in the queue: less comes first, equals by id. It never changes. */
  readonly urgency: number;
  /** While picking, in a store that has a layout: the walk that it is collected on, and its positions on the cart. */
  readonly waveId: string | null;
  readonly totes: readonly number[];
  /** With a `waveId`: the walk, when the task is alone on it. That of several tasks is their wave's. */
  readonly walk: WalkView | null;
}
export interface TabletState {
  readonly storeId: string;
  readonly storeName: string;
  /** Open tasks, the most urgent first; `RESTOCK` is what is left of a cancelled one: its units go back to their shelves. */
  readonly tasks: readonly PickTaskView[];
  /** Walks for several tasks that pickers are on. */
  readonly waves: readonly WaveView[];
  readonly floor: FloorView;
}
/** Who is there, and whether the store takes orders. */
export interface FloorView {
  readonly pickersOnShift: number;
  readonly service: {
    readonly state: ServiceState;
    /** Why somebody set the state, and until when: `null` when the load decides, and for no end. */
    readonly reason: ServiceReason | null;
    readonly until: string | null;
  };
}
/** What changed: a task as it is now, one that is handed over, cancelled or rejected leaves the list; or the floor. */
export interface TabletDelta {
  readonly task?: PickTaskView;
  readonly floor?: FloorView;
}

const TaskId = OrderIdText;
/** A seal's number: letters, digits and dashes, as printed. */
const Seal = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{4,32}$/));
const liveEntries = {
  ...commandEntries,
  v: v.optional(v.picklist([TABLET_VERSION - 1, TABLET_VERSION])),
  taskId: TaskId,
};
/** What a tablet may also do without wifi. */
const taskEntries = { ...liveEntries, device: v.optional(DeviceStamp) };

/** Grams of one scan: more than anybody lifts off a scale. */
const WEIGHED_GRAMS_MAX = 100_000;

/** Orders of one wave. */
const WAVE_ORDERS_MAX = DEFAULT_WAVE_LIMITS.tasksMax;

const SealedBagFrame = v.strictObject({
  seal: Seal,
  size: v.picklist(BAG_SIZES),
  zone: v.picklist(TEMPERATURE_ZONES),
});

export const TabletCommand = v.variant('do', [
  v.strictObject({ ...taskEntries, do: v.literal('accept') }),
  v.strictObject({
    ...taskEntries,
    do: v.literal('reject'),
    reason: v.picklist(REJECT_REASONS),
    /** SKUs that the shelf does not have. */
    notThere: v.optional(v.pipe(v.array(SkuText), v.maxLength(LINES_MAX))),
  }),
  v.strictObject({ ...taskEntries, do: v.literal('claim') }),
  /** A sign of life: without one for 90 s the claim ends. Any other command on the task is one too. */
  v.strictObject({ ...liveEntries, do: v.literal('heartbeat') }),
  v.strictObject({ ...taskEntries, do: v.literal('release') }),
  v.strictObject({ ...taskEntries, do: v.literal('handoff'), to: UserIdText }),
  v.strictObject({
    ...taskEntries,
    do: v.literal('scan'),
    barcode: BarcodeText,
    quantity: v.optional(Quantity, 1),
    /** What all of these weigh, for an article that is sold by weight; what a scale's label says goes before it. */
    grams: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(WEIGHED_GRAMS_MAX))),
  }),
  v.strictObject({
    ...taskEntries,
    do: v.literal('short'),
    sku: SkuText,
    quantity: Quantity,
    reason: v.picklist(SHORT_PICK_REASONS),
    /** Where they are missing: at the shelf while picking, or in the tote of a cancelled order. As the task is, if unsaid. */
    from: v.optional(v.picklist(SHORT_FROM)),
  }),
  v.strictObject({
    ...taskEntries,
    do: v.literal('pack'),
    /** None when nothing was there. */
    bags: v.union([
      v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(BAGS_MAX)),
      v.pipe(v.array(SealedBagFrame), v.maxLength(BAGS_MAX)),
    ]),
  }),
  v.strictObject({
    ...taskEntries,
    do: v.literal('handover'),
    code: v.pipe(v.string(), v.regex(/^\d{6}$/)),
    /** All of the bags' seals, scanned as the courier takes them. */
    seals: v.optional(v.pipe(v.array(Seal), v.maxLength(BAGS_MAX))),
  }),
  v.strictObject({ ...taskEntries, do: v.literal('restock'), barcode: BarcodeText, quantity: v.optional(Quantity, 1) }),
  /** Asks for the next batch: the store chooses. */
  v.strictObject({
    ...commandEntries,
    v: taskEntries.v,
    do: v.literal('claimWave'),
    /** How many orders the cart takes; fewer come when more would be late, warm or a detour. */
    ordersMax: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(WAVE_ORDERS_MAX)), WAVE_ORDERS_MAX),
  }),
  /** A question: what could stand in for this line. Not remembered under its id. */
  v.strictObject({ ...liveEntries, do: v.literal('candidates'), sku: SkuText }),
  /** Proposes one of them for units that were given up. */
  v.strictObject({
    ...liveEntries,
    do: v.literal('substitute'),
    sku: SkuText,
    substitute: SkuText,
    quantity: Quantity,
  }),
]);
export type TabletCommand = v.InferOutput<typeof TabletCommand>;
/** Those about substitutes: only for a tablet that has its connection, because the customer has to answer. */
export type SubstituteCommand = Extract<TabletCommand, { readonly do: 'candidates' | 'substitute' }>;

/** What a command on a task is answered; the task as a whole comes as a delta. */
export interface TaskAnswer {
  readonly taskId: string;
  readonly status: TaskStatus;
  /** While picking: when the claim ends without another sign of life. */
  readonly leaseEndsAt?: string;
  /** The claim had ended by the clock and nobody had claimed since: this command of the journal has claimed it again. */
  readonly reclaimed?: true;
  /** The command was done later than it is now: the tablet's clock is ahead by so much. */
  readonly clockOffsetMs?: number;
  /** With `scan`, `short` and `restock`: the line, as it is now. */
  readonly line?: Pick<PickLineView, 'sku' | 'quantity' | 'picked' | 'shorted' | 'restocked' | 'grams'>;
  /** With `substitute`: what was proposed. */
  readonly proposalId?: string;
}

/** What `candidates` is answered. */
export interface SubstituteCandidates {
  readonly taskId: string;
  readonly sku: Sku;
  /** Units that were given up and have no substitute yet. */
  readonly quantity: number;
  /** Set when the customer wants none; then nothing else is. */
  readonly barredBy: 'do_not_substitute' | 'refund' | null;
  /** Best first, with the terms of the score. */
  readonly candidates: readonly (RankedSubstitute & { readonly name: string; readonly bin: string })[];
  /** What a rule forbids, the nearest first: some of `ruledOutTotal`. */
  readonly ruledOut: readonly Pick<RuledOut, 'sku' | 'why'>[];
  readonly ruledOutTotal: number;
}

/** What `claimWave` is answered. */
export interface WaveAnswer {
  /** Yours from now on, each with a claim of its own; none when nothing waits to be claimed. In the order of packing. */
  readonly tasks: readonly TaskAnswer[];
  /** `null` in a store without a layout: then one task comes, its lines in the order of the bins. */
  readonly wave: WaveView | null;
}
