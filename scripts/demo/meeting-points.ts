import { ChangeSignal } from './change-signal.ts';

/** A courier at the counter: the picker types the code from the courier's screen. */
export interface Arrival {
  readonly orderId: string;
  readonly courierId: string;
  readonly handoverCode: string;
}

/** Where people meet outside of any app, and tell each other a code: at the store's counter and at the customer's door. */
export class MeetingPoints {
  readonly #atCounter = new Map<string, Arrival>();
  readonly #doors = new Map<string, () => Promise<string | undefined>>();
  readonly #askAround: (orderId: string) => Promise<string | undefined>;
  /** Raised at whatever somebody of the demo may wait for. */
  readonly changed = new ChangeSignal();

  /** `askAround` finds the code of an order that an earlier run, which was cut, has left on its way. */
  constructor(askAround: (orderId: string) => Promise<string | undefined> = () => Promise.resolve(undefined)) {
    this.#askAround = askAround;
  }

  comeToCounter(arrival: Arrival): void {
    this.#atCounter.set(arrival.orderId, arrival);
    this.changed.raise();
  }

  leaveCounter(orderId: string): void {
    this.#atCounter.delete(orderId);
  }

  whoFetches(orderId: string): Arrival | undefined {
    return this.#atCounter.get(orderId);
  }

  /** The customer of an order opens when somebody rings, and reads out the delivery code, if there still is one. */
  waitAtDoor(orderId: string, open: () => Promise<string | undefined>): void {
    this.#doors.set(orderId, open);
  }

  /** The code; undefined when nobody of the demo lives there. */
  ring(orderId: string): Promise<string | undefined> {
    const open = this.#doors.get(orderId);
    return open === undefined ? this.#askAround(orderId) : open();
  }
}
