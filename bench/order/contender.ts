import type { OrderTarget } from './order-requests.ts';

/** Everything that places orders behind the same contract. */
export interface OrderContender {
  readonly name: string;
  /** One order after the other goes to the next of these. `token` is the provider's. */
  targets(token: string): readonly OrderTarget[];
  /** Whose flushes are counted: what keeps the orders. */
  readonly pids: readonly number[];
  /** Orders that it has taken and units that left the shelves, by its own books. */
  taken(): Promise<{ readonly orders: number; readonly units: number }>;
  /** Waits until nothing goes on any more that would load the machine. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** More than any run can sell. */
export const UNITS = 100_000;
