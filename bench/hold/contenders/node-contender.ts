import { makeChannelKey } from '../shop/channel-key.ts';
import type { NodeShopInput } from '../shop/node-shop.ts';
import { startChild, type Child } from '../process/child.ts';
import type { RunningContender } from './contender.ts';

/** A store of stock that runs beside a Node contender. */
export interface Backend {
  /** Of the database; stays the same when it is started again. */
  readonly url: string;
  readonly pid: () => number;
  readonly kill: () => Promise<void>;
  readonly revive: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const STORE_ID = 'sto_BENCH';

/** Hono on Node in front of a database. */
export async function nodeContender(shelf: NodeShopInput['shelf'], backend: Backend): Promise<RunningContender> {
  const { authorization, entry: channelKey } = makeChannelKey();
  let server: Child = await serve();
  async function serve(): Promise<Child> {
    const input: NodeShopInput = { shelf, url: backend.url, channelKey };
    return startChild('hold/shop/node-shop.ts', input);
  }
  return {
    get origin() {
      return `http://127.0.0.1:${server.port}`;
    },
    get pids() {
      return [server.pid, backend.pid()];
    },
    storeId: STORE_ID,
    authorization,
    operatorAuthorization: authorization,
    async kill() {
      await Promise.all([server.kill('SIGKILL'), backend.kill()]);
    },
    async revive() {
      await backend.revive();
      server = await serve();
    },
    async stop() {
      await server.kill('SIGTERM');
      await backend.stop();
    },
  };
}
