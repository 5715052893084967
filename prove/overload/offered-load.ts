import { closedLoop } from '../../bench/hold/method/closed-loop.ts';
import { openLoop } from '../../bench/hold/method/open-loop.ts';
import type { WireAnswer } from '../../bench/hold/method/wire.ts';
import { percentile } from '../../scripts/shared/percentile.ts';

/** What a load came to. */
export interface Served {
  readonly offeredPerS: number;
  /** Held, a second, from the first request to the last answer. */
  readonly goodPerS: number;
  /** Of the holds: from the request on the wire to its answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly good: number;
  /** `STORE_BUSY` with the time after which to come again. */
  readonly refused: number;
  /** Any other answer, by its code. */
  readonly odd: ReadonlyMap<string, number>;
  /** Connections that broke. */
  readonly broken: number;
  /** Requests whose client gave up before it had a connection. */
  readonly givenUp: number;
}

/** As many clients as `connections`, each asking again as soon as it is answered. */
export async function closedLoad(
  origin: string,
  {
    connections,
    seconds,
    request,
  }: { readonly connections: number; readonly seconds: number; readonly request: () => string },
): Promise<Served> {
  const tally = new Tally();
  const startMs = performance.now();
  const untilMs = startMs + seconds * 1_000;
  await closedLoop<number>({
    origin,
    connections,
    next: () => {
      const nowMs = performance.now();
      return nowMs < untilMs ? { asked: nowMs, request: request() } : undefined;
    },
    onAnswer: (askedAtMs, answer) => tally.take(answer, performance.now() - askedAtMs),
    onUnknown: () => tally.take(null, 0),
  });
  return tally.served((performance.now() - startMs) / 1_000, 0, 0);
}

/** Requests at a fixed rate, whatever becomes of them, over so many connections at most. */
export async function openLoad(
  origin: string,
  load: {
    readonly perS: number;
    readonly seconds: number;
    readonly connections: number;
    readonly patienceMs: number;
    readonly request: () => string;
  },
): Promise<Served> {
  const tally = new Tally();
  let firstMs: number | undefined;
  let lastMs = 0;
  const { givenUp } = await openLoop({
    ...load,
    origin,
    request: () => {
      firstMs ??= performance.now();
      return load.request();
    },
    onAnswer: (answer, { sinceSentMs }) => {
      lastMs = performance.now();
      tally.take(answer, sinceSentMs);
    },
  });
  return tally.served(Math.max(load.seconds, (lastMs - (firstMs ?? 0)) / 1_000), load.perS, givenUp);
}

class Tally {
  readonly #tookMs: number[] = [];
  readonly #odd = new Map<string, number>();
  #refused = 0;
  #broken = 0;

  take(answer: WireAnswer | null, tookMs: number): void {
    if (answer === null) this.#broken += 1;
    else if (answer.status < 300) this.#tookMs.push(tookMs);
    else if (isBusy(answer)) this.#refused += 1;
    else {
      const what = `${answer.status} ${answer.body.slice(0, 200)}`;
      this.#odd.set(what, (this.#odd.get(what) ?? 0) + 1);
    }
  }

  served(seconds: number, offeredPerS: number, givenUp: number): Served {
    return {
      offeredPerS,
      goodPerS: this.#tookMs.length / seconds,
      p50Ms: percentile(this.#tookMs, 50) ?? Number.NaN,
      p99Ms: percentile(this.#tookMs, 99) ?? Number.NaN,
      good: this.#tookMs.length,
      refused: this.#refused,
      odd: this.#odd,
      broken: this.#broken,
      givenUp,
    };
  }
}

/** Says so in the closed code, and when to come again. Looked at without parsing: the generator must stay cheap. */
function isBusy({ head, status, body }: WireAnswer): boolean {
  return status === 503 && body.includes('"code":"STORE_BUSY"') && /\r\nretry-after: *[1-9]/i.test(head);
}
