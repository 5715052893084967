import type { DemoStore } from '../../db/seed/network.ts';
import { Session } from '../client/session.ts';
import { Customer, type OrderOutcome } from './customer.ts';
import { Floor } from './floor.ts';
import { MeetingPoints } from './meeting-points.ts';
import { customersAt } from './people.ts';
import type { Timeline } from './timeline.ts';

export interface DayPlan {
  readonly url: string;
  readonly store: DemoStore;
  readonly orders: number;
  readonly concurrency: number;
  readonly seed: number;
  /** SKUs that nobody orders. */
  readonly unwanted: ReadonlySet<string>;
  readonly timeline: Timeline;
  readonly onOutcome: (outcome: OrderOutcome) => void;
}

export interface Day {
  readonly outcomes: readonly OrderOutcome[];
  readonly reconnects: number;
  /** Whoever of the staff stopped working, a sentence each. */
  readonly troubles: readonly string[];
}

/** One picker for every so many customers, as a store plans its shifts. */
const CUSTOMERS_A_TABLET = 4;
const TABLETS_MAX = 4;

/** Everybody does their part, in parallel, until the last order is at its door. */
export async function liveADay(plan: DayPlan): Promise<Day> {
  const { url, store, orders, timeline } = plan;
  const concurrency = Math.min(plan.concurrency, orders);
  const meetings = new MeetingPoints((orderId) => askAround(customers, orderId));
  const troubles: string[] = [];
  function onFailure(what: string): void {
    troubles.push(what);
    timeline.say('the floor', what);
  }
  const tabletsAStore = Math.min(TABLETS_MAX, Math.ceil(concurrency / CUSTOMERS_A_TABLET));
  const floor = new Floor({ url, tabletsAStore, meetings, timeline, onFailure });
  const customers = customersAt(store, concurrency).map(
    (person) =>
      new Customer({
        person,
        session: new Session(url, person.credentials),
        store,
        meetings,
        timeline,
        unwanted: plan.unwanted,
        // An order may go to a neighbour of the nearest store.
        onPlaced: (storeId) => void floor.staff(storeId).catch((cause: unknown) => onFailure(String(cause))),
      }),
  );
  await Promise.all([floor.staff(store.id), ...customers.map((customer) => customer.signIn())]);
  const outcomes = await allOrders(plan, customers);
  await floor.close();
  const reconnects = outcomes.reduce((sum, outcome) => sum + outcome.reconnects, floor.reconnects);
  return { outcomes, reconnects, troubles };
}

/** The same people come to every run, so one of them may be waiting for an order of an earlier one. */
async function askAround(customers: readonly Customer[], orderId: string): Promise<string | undefined> {
  for (const customer of customers) {
    const code = await customer.codeOf(orderId);
    if (code !== undefined) return code;
  }
  return undefined;
}

/** Each customer takes the next number as soon as the last order is there. */
async function allOrders(
  { orders, seed, onOutcome }: DayPlan,
  customers: readonly Customer[],
): Promise<OrderOutcome[]> {
  const outcomes: OrderOutcome[] = [];
  let next = 1;
  await Promise.all(
    customers.map(async (customer) => {
      while (next <= orders) {
        const number = next;
        next += 1;
        // Each order draws from a sequence of its own, so that its basket does not depend on who is faster.
        const outcome = await customer.order(number, seed * 1_000_003 + number);
        outcomes.push(outcome);
        onOutcome(outcome);
      }
    }),
  );
  return outcomes.toSorted((a, b) => a.number - b.number);
}
