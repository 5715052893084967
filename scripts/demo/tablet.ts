import { randomBytes } from 'node:crypto';
import type { PickTaskView, TabletCommand, TabletDelta, TabletState } from '../../contracts/ws/tablet.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { LiveSocket } from '../client/live-socket.ts';
import type { Session } from '../client/session.ts';
import type { Arrival, MeetingPoints } from './meeting-points.ts';
import type { Timeline } from './timeline.ts';

/** A sign of life while a picker is between two scans; the store takes an order back after 90 s without one. */
const HEARTBEAT_EVERY_MS = 30_000;

/** Refusals that only say that this tablet's picture of the floor was a moment old. */
const OTHERS_WERE_FASTER: readonly Refusal['code'][] = ['TASK_TAKEN', 'TASK_STATE', 'TASK_REQUEUED'];

/** Tasks that leave the tablets. */
const OVER: readonly PickTaskView['status'][] = ['HANDED_OVER', 'CANCELLED', 'REJECTED'];

export interface TabletOptions {
  readonly name: string;
  readonly storeId: string;
  readonly session: Session;
  readonly meetings: MeetingPoints;
  /** Orders that somebody in the store is busy with: pickers stand beside each other and see that. */
  readonly busy: Set<string>;
  readonly timeline: Timeline;
}

type Work =
  | { readonly kind: 'go home' }
  | { readonly kind: 'hand over'; readonly task: PickTaskView; readonly arrival: Arrival }
  | { readonly kind: 'pick' | 'bring back'; readonly task: PickTaskView };

type Command = TabletCommand extends infer One ? (One extends TabletCommand ? Omit<One, 't' | 'id'> : never) : never;

/** A picker with a tablet: hands bags to couriers who wait, else picks the most urgent order. */
export class Tablet {
  readonly #options: TabletOptions;
  readonly #socket: LiveSocket<TabletState, TabletDelta>;
  readonly #tasks = new Map<string, PickTaskView>();
  /** Views of tasks that the store refused to move on; a newer view is tried again. */
  readonly #refused = new Set<PickTaskView>();
  #goesHome = false;
  #userId = '';

  constructor(options: TabletOptions) {
    this.#options = options;
    this.#socket = new LiveSocket<TabletState, TabletDelta>({
      session: options.session,
      ticketPath: `/api/v1/stores/${options.storeId}/ticket`,
      onSnapshot: ({ tasks }) => {
        this.#tasks.clear();
        for (const task of tasks) this.#see(task);
      },
      onDelta: ({ task }) => {
        if (task !== undefined) this.#see(task);
      },
      onReconnect: (why) => options.timeline.say(options.name, `tablet lost its socket (${why}), reconnecting`),
      onFailed: () => options.meetings.changed.raise(),
    });
  }

  get reconnects(): number {
    return this.#socket.reconnects;
  }

  async open(): Promise<void> {
    this.#userId = (await this.#options.session.user()).id;
    await this.#socket.open();
  }

  /** Works until it is told to go home. */
  async work(): Promise<void> {
    for (;;) {
      const { busy, meetings } = this.#options;
      const work = await meetings.changed.until(() => this.#take());
      if (work.kind === 'go home') break;
      const refusal = await this.#act(work);
      if (refusal !== undefined) this.#putAside(work.task, refusal);
      busy.delete(work.task.taskId);
      // What one is done with may be the next step of another.
      meetings.changed.raise();
    }
    await this.#socket.close();
  }

  #act(work: Exclude<Work, { readonly kind: 'go home' }>): Promise<Refusal | undefined> {
    switch (work.kind) {
      case 'pick':
        return this.#pick(work.task);
      case 'bring back':
        return this.#bringBack(work.task);
      case 'hand over':
        return this.#handOver(work.task, work.arrival);
    }
  }

  goHome(): void {
    this.#goesHome = true;
    this.#options.meetings.changed.raise();
  }

  #see(task: PickTaskView): void {
    if (OVER.includes(task.status)) this.#tasks.delete(task.taskId);
    else this.#tasks.set(task.taskId, task);
    this.#options.meetings.changed.raise();
  }

  /** The next thing to do, marked as taken in the same moment: the others look at the same time. */
  #take(): Work | undefined {
    const work = this.#next();
    if (work !== undefined && work.kind !== 'go home') this.#options.busy.add(work.task.taskId);
    return work;
  }

  #next(): Work | undefined {
    if (this.#goesHome) return { kind: 'go home' };
    const { busy, meetings } = this.#options;
    const mine = [...this.#tasks.values()]
      .filter((task) => !busy.has(task.taskId) && !this.#refused.has(task))
      .toSorted((a, b) => a.urgency - b.urgency);
    for (const task of mine) {
      const arrival = meetings.whoFetches(task.taskId);
      if (task.status === 'PACKED' && arrival !== undefined && arrival.courierId === task.courierId) {
        return { kind: 'hand over', task, arrival };
      }
    }
    const open = mine.find(
      ({ status, pickerId }) =>
        status === 'QUEUED' || status === 'ACCEPTED' || (status === 'PICKING' && pickerId === this.#userId),
    );
    if (open !== undefined) return { kind: 'pick', task: open };
    const cancelled = mine.find(({ status }) => status === 'RESTOCK');
    return cancelled === undefined ? undefined : { kind: 'bring back', task: cancelled };
  }

  async #pick(task: PickTaskView): Promise<Refusal | undefined> {
    const { name, timeline } = this.#options;
    const { taskId, orderNumber } = task;
    if (task.status === 'QUEUED') {
      const refusal = await this.#do({ do: 'accept', taskId });
      if (refusal !== undefined) return refusal;
      timeline.detail(name, `${orderNumber}: accepted`);
    }
    const taken = await this.#do({ do: 'claim', taskId });
    if (taken !== undefined) return taken;
    timeline.detail(name, `${orderNumber}: claimed, ${count(task.lines.length, 'line')} to pick`);
    const heartbeat = setInterval(() => {
      // Who lost the order meanwhile is told by the next scan.
      this.#do({ do: 'heartbeat', taskId }).catch(() => undefined);
    }, HEARTBEAT_EVERY_MS);
    try {
      const refusal = await this.#scanAll(task);
      if (refusal !== undefined) return refusal;
    } finally {
      clearInterval(heartbeat);
    }
    const units = task.lines.reduce((sum, { quantity, shorted }) => sum + quantity - shorted, 0);
    const bags = task.packing.map((bag) => ({ ...bag, seal: newSeal() }));
    const open = await this.#do({ do: 'pack', taskId, bags });
    if (open !== undefined) return open;
    timeline.say(
      name,
      `${orderNumber}: picked and packed, ${count(units, 'unit')} in ${count(bags.length, 'sealed bag')}`,
    );
    return undefined;
  }

  /** Unit by unit, as a scanner does it. */
  async #scanAll({ taskId, orderNumber, lines }: PickTaskView): Promise<Refusal | undefined> {
    const { name, timeline } = this.#options;
    for (const { sku, name: article, bin, barcodes, quantity, picked, shorted } of lines) {
      const [barcode] = barcodes;
      if (barcode === undefined) return { code: 'UNKNOWN_BARCODE', detail: `${sku} has no barcode.` };
      for (let unit = picked + shorted; unit < quantity; unit += 1) {
        const refusal = await this.#do({ do: 'scan', taskId, barcode, quantity: 1 });
        if (refusal !== undefined) return refusal;
      }
      timeline.detail(name, `${orderNumber}: bin ${bin}, ${quantity} x ${article} (${barcode})`);
    }
    return undefined;
  }

  /** Of an order that was cancelled: each unit goes back to its shelf. */
  async #bringBack({ taskId, orderNumber, lines }: PickTaskView): Promise<Refusal | undefined> {
    for (const { sku, barcodes, picked, restocked } of lines) {
      const [barcode] = barcodes;
      if (picked === restocked) continue;
      if (barcode === undefined) return { code: 'UNKNOWN_BARCODE', detail: `${sku} has no barcode.` };
      const refusal = await this.#do({ do: 'restock', taskId, barcode, quantity: picked - restocked });
      if (refusal !== undefined) return refusal;
    }
    this.#options.timeline.detail(this.#options.name, `${orderNumber}: cancelled, all units are back on their shelves`);
    return undefined;
  }

  async #handOver(task: PickTaskView, arrival: Arrival): Promise<Refusal | undefined> {
    const { name, meetings, timeline } = this.#options;
    const { taskId, sealed } = task;
    const seals = sealed.map(({ seal }) => seal);
    const refusal = await this.#do({ do: 'handover', taskId, code: arrival.handoverCode, seals });
    if (refusal !== undefined) return refusal;
    meetings.leaveCounter(task.taskId);
    timeline.detail(name, `${task.orderNumber}: handed over, the courier's code was right`);
    return undefined;
  }

  #putAside(task: PickTaskView, { code, detail }: Refusal): void {
    const { name, timeline } = this.#options;
    this.#refused.add(task);
    const told = `${task.orderNumber}: the store refuses: ${code} - ${detail}`;
    if (OTHERS_WERE_FASTER.includes(code)) timeline.detail(name, told);
    else timeline.say(name, told);
  }

  async #do(command: Command): Promise<Refusal | undefined> {
    const answer = await this.#socket.command(command);
    return answer.ok ? undefined : answer.error;
  }
}

/** As on a roll of numbered seals: no two of a store are the same. */
function newSeal(): string {
  return `S-${randomBytes(6).toString('hex').toUpperCase()}`;
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}
