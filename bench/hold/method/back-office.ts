import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { RECEIPT_LINES_MAX, RECEIPT_QUANTITY_MAX } from '../../../contracts/http/admin.ts';
import type { RunningContender } from '../contenders/contender.ts';
import { Requests } from './requests.ts';
import { Wire, type WireAnswer } from './wire.ts';

const Audit = v.object({
  totals: v.object({ available: v.number() }),
  discrepancies: v.array(v.object({ sku: v.string(), gapUnits: v.number() })),
});
export type Audit = v.InferOutput<typeof Audit>;

const ANSWERS_AGAIN_MAX_MS = 60_000;
const POLL_MS = 50;

export interface Delivery {
  readonly sku: string;
  readonly quantity: number;
}

let notes = 0;

/** Receives goods, in as many notes as the bounds of one ask for. */
export async function receive(contender: RunningContender, deliveries: readonly Delivery[]): Promise<void> {
  const requests = new Requests(contender);
  const lines = deliveries.flatMap(({ sku, quantity }) => split(quantity).map((part) => ({ sku, quantity: part })));
  for (let rest = lines; rest.length > 0;) {
    // A note names a SKU once.
    const note: Delivery[] = [];
    const named = new Set<string>();
    const left: Delivery[] = [];
    for (const line of rest) {
      const fits = note.length < RECEIPT_LINES_MAX && !named.has(line.sku);
      (fits ? note : left).push(line);
      if (fits) named.add(line.sku);
    }
    notes += 1;
    await ask(contender, requests.receive(`bench-note:${process.pid}:${notes}`, note));
    rest = left;
  }
}

export async function audit(contender: RunningContender, deep = false): Promise<Audit> {
  return v.parse(Audit, JSON.parse(await ask(contender, new Requests(contender).audit(deep))));
}

/** Waits until it answers, after a start over what is on disk. */
export async function answersAgain(contender: RunningContender): Promise<void> {
  const until = performance.now() + ANSWERS_AGAIN_MAX_MS;
  for (;;) {
    try {
      await audit(contender);
      return;
    } catch (cause) {
      if (performance.now() > until) throw cause;
      await sleep(POLL_MS);
    }
  }
}

async function ask(contender: RunningContender, request: string): Promise<string> {
  const wire = await Wire.open(contender.origin);
  try {
    const { status, body }: WireAnswer = await wire.send(request);
    if (status >= 300) throw new Error(`${request.slice(0, request.indexOf(' HTTP'))} was answered ${status}: ${body}`);
    return body;
  } finally {
    wire.close();
  }
}

function split(quantity: number): readonly number[] {
  const whole = Array.from({ length: Math.floor(quantity / RECEIPT_QUANTITY_MAX) }, () => RECEIPT_QUANTITY_MAX);
  const rest = quantity % RECEIPT_QUANTITY_MAX;
  return rest === 0 ? whole : [...whole, rest];
}
