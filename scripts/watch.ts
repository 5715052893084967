import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OrderIdText } from '../contracts/wire.ts';
import type { TrackingDelta, TrackingFrame, TrackingState } from '../contracts/ws/tracking.ts';
import * as v from 'valibot';
import { connectOperator } from './client/connection.ts';
import { followEvents } from './client/event-stream.ts';
import { LiveSocket } from './client/live-socket.ts';
import type { Operator } from './client/operator.ts';
import { DEFAULT_STATE_FOLDER } from './start/options.ts';
import { endsOrder, frameLine } from './watch/frame-line.ts';

const HELP = `npm run watch -- ORDER [options]

Follows an order until it is over, one line a frame, as its customer's app does: resumed after every cut, so that nothing is
missed and nothing comes twice. Stop and start the system meanwhile to see it.

  --sse              by server-sent events instead of the socket
  --frames           the frames themselves, as JSON lines
  --state-dir PATH   state folder of the running system (${DEFAULT_STATE_FOLDER})
  --url URL          another system; an operator key is then in KIRANA_OPERATOR_KEY
  --help             this text`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sse: { type: 'boolean', default: false },
      frames: { type: 'boolean', default: false },
      'state-dir': { type: 'string', default: DEFAULT_STATE_FOLDER },
      url: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [orderId] = positionals;
  if (values.help || !v.is(OrderIdText, orderId)) {
    console.error(HELP);
    return values.help ? 0 : 2;
  }
  const operator = connectOperator({ stateFolder: resolve(values['state-dir']), url: values.url });
  if (!operator.ok) {
    console.error(operator.error);
    return 1;
  }
  const line = values.frames ? (frame: TrackingFrame) => JSON.stringify(frame) : frameLine;
  const over = new AbortController();
  process.once('SIGINT', () => over.abort());
  const watch = { operator: operator.value, orderId, over, line };
  await (values.sse ? watchEvents(watch) : watchSocket(watch));
  return 0;
}

interface Watch {
  readonly operator: Operator;
  readonly orderId: string;
  /** Aborted when the order is over. */
  readonly over: AbortController;
  readonly line: (frame: TrackingFrame) => string;
}

function take({ over, line }: Watch, frame: TrackingFrame): void {
  console.log(line(frame));
  if (endsOrder(frame)) over.abort();
}

async function watchSocket(watch: Watch): Promise<void> {
  const { operator, orderId, over } = watch;
  const { promise, resolve: finish, reject } = Promise.withResolvers<void>();
  over.signal.addEventListener('abort', () => finish());
  const socket = new LiveSocket<TrackingState, TrackingDelta>({
    session: operator,
    ticketPath: `/api/v1/orders/${orderId}/ticket`,
    onSnapshot: () => undefined,
    onDelta: () => undefined,
    onFrame: (frame) => take(watch, frame),
    onReconnect: (why) => console.error(`cut off (${why}), coming back`),
    onFailed: reject,
  });
  await socket.open();
  await promise;
  await socket.close();
}

async function watchEvents(watch: Watch): Promise<void> {
  const { operator, orderId, over } = watch;
  await followEvents({
    origin: operator.origin,
    path: `/api/v1/orders/${orderId}/events`,
    authorization: () => operator.authorization(),
    onEvent: ({ event, data }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server's own frames, as its contract says
      if (event !== 'end') take(watch, data as TrackingFrame);
    },
    onReconnect: (why) => console.error(`cut off (${why}), coming back`),
    signal: over.signal,
  });
}

try {
  process.exitCode = await main();
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
}
