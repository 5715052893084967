import { distanceM, type LatLng } from '../../domain/shared/geo.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { CourierCommand, CourierDelta, CourierState, JobView, OfferView } from '../../contracts/ws/courier.ts';
import { LiveSocket } from '../client/live-socket.ts';
import type { Session } from '../client/session.ts';
import type { MeetingPoints } from './meeting-points.ts';
import { Ride } from './ride.ts';
import type { Timeline } from './timeline.ts';

export interface CourierOptions {
  readonly name: string;
  readonly session: Session;
  readonly startsAt: LatLng;
  readonly meetings: MeetingPoints;
  readonly timeline: Timeline;
}

type Details = NonNullable<JobView['details']>;
type Work =
  | { readonly kind: 'go home' }
  | { readonly kind: 'carry'; readonly job: JobView; readonly details: Details }
  | { readonly kind: 'answer'; readonly offer: OfferView };

type Command = CourierCommand extends infer One ? (One extends CourierCommand ? Omit<One, 't' | 'id'> : never) : never;

const OVER: readonly JobView['status'][] = ['DELIVERED', 'WITHDRAWN'];

/** A courier with a phone: takes what is offered, fetches it, rides to the door, and says where they are all the way. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #socket: LiveSocket<CourierState, CourierDelta>;
  readonly #ride: Ride;
  #state: CourierState | undefined;
  #goesHome = false;
  /** Offers that somebody else has by now. */
  readonly #gone = new Set<string>();
  /** Orders with which this courier is done, or cannot do anything about, whatever the list says. */
  readonly #finished = new Set<string>();

  constructor(options: CourierOptions) {
    this.#options = options;
    const { name, timeline, meetings } = options;
    this.#socket = new LiveSocket<CourierState, CourierDelta>({
      session: options.session,
      ticketPath: '/api/v1/couriers/me/ticket',
      onSnapshot: (state) => this.#see(state),
      onDelta: ({ state }) => this.#see(state),
      onReconnect: (why) => timeline.say(name, `phone lost its socket (${why}), reconnecting`),
      onFailed: () => meetings.changed.raise(),
    });
    this.#ride = new Ride(options.startsAt, (position) => this.#socket.tell({ t: 'at', ...position }));
  }

  get reconnects(): number {
    return this.#socket.reconnects;
  }

  async startShift(): Promise<void> {
    const { meetings, startsAt, name, timeline } = this.#options;
    await this.#socket.open();
    const { onShift } = await meetings.changed.until(() => this.#state);
    if (!onShift) {
      const refusal = await this.#startAt(startsAt);
      if (refusal !== undefined) throw new Error(`${name} cannot start the shift: ${refusal.code} - ${refusal.detail}`);
    }
    this.#ride.begin();
    timeline.detail(name, 'on shift at the store');
  }

  /** Far from where they were seen last, a courier has to say it twice. */
  async #startAt(at: LatLng): Promise<Refusal | undefined> {
    const refusal = await this.#do({ do: 'startShift', at });
    return refusal?.code === 'POSITION_REFUSED' ? this.#do({ do: 'startShift', at }) : refusal;
  }

  /** Works until told to go home. */
  async work(): Promise<void> {
    try {
      for (;;) {
        const work = await this.#options.meetings.changed.until(() => this.#next());
        if (work.kind === 'go home') break;
        if (work.kind === 'answer') await this.#accept(work.offer);
        else await this.#carry(work.job, work.details);
      }
      await this.#do({ do: 'endShift' });
    } finally {
      this.#ride.end();
      await this.#socket.close();
    }
  }

  goHome(): void {
    this.#goesHome = true;
    this.#options.meetings.changed.raise();
  }

  #see(state: CourierState): void {
    this.#state = state;
    this.#options.meetings.changed.raise();
  }

  #next(): Work | undefined {
    if (this.#goesHome) return { kind: 'go home' };
    for (const job of this.#openJobs()) {
      if (job.details !== null) return { kind: 'carry', job, details: job.details };
    }
    if (this.#openJobs().length > 0) return undefined;
    const offer = this.#state?.offers.find(({ offerId }) => !this.#gone.has(offerId));
    return offer === undefined ? undefined : { kind: 'answer', offer };
  }

  #openJobs(): JobView[] {
    return (this.#state?.jobs ?? []).filter(
      ({ orderId, status }) => !OVER.includes(status) && !this.#finished.has(orderId),
    );
  }

  async #accept({ offerId, storeName, toPickupM, tripM }: OfferView): Promise<void> {
    const { name, timeline } = this.#options;
    this.#gone.add(offerId);
    const refusal = await this.#do({ do: 'acceptOffer', offerId });
    if (refusal === undefined)
      timeline.detail(name, `accepted an offer: ${toPickupM} m to ${storeName}, then ${tripM} m`);
    else timeline.detail(name, `an offer was gone: ${refusal.code}`);
  }

  async #carry({ orderId }: JobView, details: Details): Promise<void> {
    const { meetings } = this.#options;
    try {
      if (this.#statusOf(orderId) !== 'PICKED_UP' && this.#statusOf(orderId) !== 'TO_CUSTOMER') {
        if (!(await this.#fetch(orderId, details))) return;
      }
      await this.#deliver(orderId, details);
    } finally {
      meetings.leaveCounter(orderId);
    }
  }

  /** To the store's counter, until the bags are in the box. False when the order was taken away again. */
  async #fetch(orderId: string, { pickup, handoverCode, orderNumber }: Details): Promise<boolean> {
    const { meetings, name, timeline } = this.#options;
    await this.#ride.to(pickup);
    const { courierId = '' } = this.#state ?? {};
    meetings.comeToCounter({ orderId, courierId, handoverCode });
    timeline.detail(name, `${orderNumber}: at the counter`);
    const status = await meetings.changed.until(() => {
      const now = this.#goesHome ? 'WITHDRAWN' : this.#statusOf(orderId);
      return now === 'ACCEPTED' || now === 'TO_STORE' ? undefined : now;
    });
    return status === 'PICKED_UP' || status === 'TO_CUSTOMER';
  }

  async #deliver(orderId: string, { drop, collect, orderNumber }: Details): Promise<void> {
    const { meetings, name, timeline } = this.#options;
    if (this.#statusOf(orderId) === 'PICKED_UP') {
      const refusal = await this.#do({ do: 'depart', orderId });
      if (refusal !== undefined) return this.#giveUp(orderId, orderNumber, refusal);
    }
    timeline.detail(name, `${orderNumber}: departed, ${distanceM(this.#ride.position, drop)} m to go`);
    await this.#ride.to(drop);
    const code = await meetings.ring(orderId);
    if (code === undefined) {
      return this.#giveUp(orderId, orderNumber, { code: 'NOT_FOUND', detail: 'nobody of the demo lives there' });
    }
    const collected = collect.amount > 0 ? { collected: collect } : {};
    const refusal = await this.#do({ do: 'deliver', orderId, code, ...collected });
    if (refusal !== undefined) return this.#giveUp(orderId, orderNumber, refusal);
    this.#finished.add(orderId);
    const cash = collect.amount > 0 ? `, ${collect.currency} ${(collect.amount / 100).toFixed(2)} collected` : '';
    timeline.say(name, `${orderNumber}: delivered, the customer's code was right${cash}`);
  }

  #giveUp(orderId: string, orderNumber: string, { code, detail }: Refusal): void {
    const { name, timeline } = this.#options;
    this.#finished.add(orderId);
    timeline.say(name, `${orderNumber}: cannot go on: ${code} - ${detail}`);
  }

  /** One that left the list is over. */
  #statusOf(orderId: string): JobView['status'] {
    return this.#state?.jobs.find((job) => job.orderId === orderId)?.status ?? 'WITHDRAWN';
  }

  async #do(command: Command): Promise<Refusal | undefined> {
    const answer = await this.#socket.command(command);
    return answer.ok ? undefined : answer.error;
  }
}
