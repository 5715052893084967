import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { json } from 'node:stream/consumers';
import * as v from 'valibot';
import type { StockLine } from '../../../contracts/rpc/store.ts';
import { nodeSql } from '../../../test/support/node-sql.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import { UnlockedHolds } from '../hold-port.ts';
import type { HoldOutcome, HoldPort } from '../hold-port.ts';

const Line = v.object({ sku: v.pipe(v.string(), v.transform(asSku)), quantity: v.number() });
const Asked = v.object({ id: v.number(), lines: v.optional(v.array(Line)) });
const Answered = v.object({
  outcome: v.union([v.picklist(['short', 'gone']), v.object({ granted: v.array(Line) }), v.null()]),
});
/** As long as a database on the same machine takes. */
const ROUND_TRIP_MS = 1;

/** The control over HTTP: a server that reads, waits for its database, and writes. */
export async function withUnlockedServer<T>(
  stock: readonly StockLine[],
  work: (port: HoldPort) => Promise<T>,
): Promise<T> {
  const holds = new UnlockedHolds(nodeSql(), stock, () => sleep(ROUND_TRIP_MS));
  const server = createServer((request, response) => {
    void serve(holds, request).then((outcome) => response.end(JSON.stringify({ outcome })));
  });
  try {
    return await work(new RemoteHolds(await listening(server)));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function serve(holds: HoldPort, request: IncomingMessage): Promise<HoldOutcome | null> {
  const { id, lines } = v.parse(Asked, await json(request));
  if (lines !== undefined) return holds.hold(id, lines);
  await holds.release(id);
  return null;
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

class RemoteHolds implements HoldPort {
  readonly #origin: string;
  constructor(origin: string) {
    this.#origin = origin;
  }
  async hold(id: number, lines: readonly StockLine[]): Promise<HoldOutcome> {
    const { outcome } = await this.#ask({ id, lines });
    return outcome ?? 'gone';
  }
  async release(id: number): Promise<void> {
    await this.#ask({ id });
  }
  async #ask(body: unknown): Promise<v.InferOutput<typeof Answered>> {
    const response = await fetch(this.#origin, { method: 'POST', body: JSON.stringify(body) });
    return v.parse(Answered, await response.json());
  }
}
