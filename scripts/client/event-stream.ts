import { setTimeout as sleep } from 'node:timers/promises';
import { readOwnJson } from '../../contracts/own-json.ts';
import { ApiProblem, problemOf } from './api-problem.ts';

export interface StreamedEvent {
  readonly event: string;
  /** What to resume by; events without a number have none. */
  readonly id: string | undefined;
  readonly data: unknown;
}

export interface EventStreamOptions {
  readonly origin: string;
  readonly path: string;
  /** The whole header, asked for anew for each connection. */
  readonly authorization: () => Promise<string>;
  readonly onEvent: (event: StreamedEvent) => void;
  readonly onReconnect: (why: string) => void;
  readonly signal: AbortSignal;
}

/** What a client waits before it comes back, until the server says otherwise. */
const RETRY_DEFAULT_MS = 1_000;
/** The server beats every 15 s: without anything for so long the wire is dead. */
const SILENCE_MAX_MS = 40_000;

/** Follows server-sent events over as many connections as it takes. Throws an `ApiProblem` when the server refuses for good. */
export async function followEvents(options: EventStreamOptions): Promise<void> {
  const { origin, path, authorization, onReconnect, signal } = options;
  let lastId: string | undefined;
  let retryMs = RETRY_DEFAULT_MS;
  while (!signal.aborted) {
    let why: string;
    try {
      const headers = {
        authorization: await authorization(),
        ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
      };
      const silence = new AbortController();
      const response = await fetch(new URL(path, origin), {
        headers,
        signal: AbortSignal.any([signal, silence.signal]),
      });
      if (!response.ok || response.body === null) throw await problemOf(`GET ${path}`, response);
      for await (const block of blocksOf(response.body, silence)) {
        retryMs = Number(fieldOf(block, 'retry') ?? retryMs);
        const event = fieldOf(block, 'event');
        if (event === undefined) continue;
        const id = fieldOf(block, 'id');
        lastId = id ?? lastId;
        options.onEvent({ event, id, data: readOwnJson(fieldOf(block, 'data') ?? 'null') });
      }
      why = 'the stream ended';
    } catch (cause) {
      if (cause instanceof ApiProblem && cause.status >= 400 && cause.status < 500) throw cause;
      why = cause instanceof Error ? cause.message : String(cause);
    }
    if (signal.aborted) return;
    onReconnect(why);
    // oxlint-disable-next-line no-await-in-loop -- one connection at a time
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The blocks between blank lines, as they come. */
async function* blocksOf(body: ReadableStream<Uint8Array>, silence: AbortController): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  let timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      yield* blocks;
    }
  } finally {
    clearTimeout(timer);
  }
}

function fieldOf(block: string, name: string): string | undefined {
  const line = block.split('\n').find((one) => one.startsWith(`${name}: `));
  return line?.slice(name.length + 2);
}
