import { expect, test } from 'vitest';
import type { Actor } from '../../contracts/actor.ts';
import { asUserId } from '../../domain/shared/ids.ts';
import type { FeedSource } from './feed.ts';
import { Followers } from './followers.ts';
import { reconnectAfterMs } from './reconnect.ts';

const ANA: Actor = { kind: 'customer', userId: asUserId('usr_00000000000000000000000001') };
const BEA: Actor = { kind: 'customer', userId: asUserId('usr_00000000000000000000000002') };

/** Something that is watched: its news are numbers, counted from 1. */
class Watched {
  news = 0;
  admitted = new Set<Actor>([ANA, BEA]);
  readonly followers: Followers;

  constructor(times: { streamMs?: number; beatMs?: number } = {}) {
    const feed: FeedSource = {
      head: () => this.news,
      since: (after) =>
        after > this.news
          ? null
          : Array.from({ length: this.news - after }, (_, i) => ({ seq: after + i + 1, delta: `${after + i + 1}` })),
    };
    this.followers = new Followers({
      feed,
      snapshot: () => ({ news: this.news }),
      pulse: () => [{ t: 'eta', eta: null }],
      admits: (actor) => this.admitted.has(actor),
      ...times,
    });
  }

  tell(): void {
    this.news += 1;
    this.followers.fanOut();
  }

  dismiss(actor: Actor): void {
    this.admitted.delete(actor);
    this.followers.closeWhere((one) => !this.admitted.has(one));
  }
}

function reader(watched: Watched, after: number | null, actor = ANA): Lines {
  const followed = watched.followers.follow(actor, after);
  if (!followed.ok) throw new Error(followed.error.code);
  return new Lines(followed.value);
}

/** Reads a stream event by event. */
class Lines {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** The next event, or `undefined` at the end. Comments and `retry` are no events. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const event = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        if (event.startsWith('event:')) return event;
        continue;
      }
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

test('a stream begins with the whole, and goes on with each piece of news by its number [T2]', async () => {
  const watched = new Watched();
  watched.news = 3;
  const lines = reader(watched, null);
  expect(await lines.next()).toBe('event: snapshot\nid: 3\ndata: {"t":"snapshot","v":1,"seq":3,"state":{"news":3}}');
  watched.tell();
  expect(await lines.next()).toBe('event: delta\nid: 4\ndata: {"t":"delta","seq":4,"delta":4}');
  await lines.cancel();
});

test('a stream that resumes gets exactly what was missed, in order, once [T2]', async () => {
  const watched = new Watched();
  watched.news = 5;
  const lines = reader(watched, 3);
  watched.tell();
  for (const seq of [4, 5, 6]) expect(await lines.next()).toContain(`id: ${seq}\n`);
  await lines.cancel();
});

test('a stream ends by itself, saying when to come back; until then it beats', async () => {
  const watched = new Watched({ streamMs: 30, beatMs: 5 });
  const lines = reader(watched, 0);
  const events: (string | undefined)[] = [await lines.next(), await lines.next()];
  expect(events[0]).toBe('event: eta\ndata: {"t":"eta","eta":null}');
  while (events.at(-1) !== undefined) events.push(await lines.next());
  expect(events.at(-2)).toMatch(/^event: end\ndata: \{"retryAfterMs":\d+\}$/);
  expect(watched.followers.count).toBe(0);
});

test('whoever may no longer watch is cut off: a stream by its last event, a poll by its answer [T2]', async () => {
  const watched = new Watched();
  const [hers, other] = [reader(watched, 0), reader(watched, 0, BEA)];
  const poll = watched.followers.awaitUpdates(ANA, 0, 60_000);
  watched.dismiss(ANA);
  expect(await hers.next()).toBe('event: end\ndata: {"code":4403,"reason":"Access ended."}');
  expect(await hers.next()).toBeUndefined();
  expect(await poll).toMatchObject({ error: { code: 'NOT_FOUND' } });
  expect(watched.followers.follow(ANA, 0)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  watched.tell();
  expect(await other.next()).toContain('id: 1');
  await other.cancel();
});

test('no more follow than an object can bear; a place that is left is free again', async () => {
  const watched = new Watched();
  const streams: Lines[] = [];
  let refused = watched.followers.follow(ANA, 0);
  while (refused.ok) {
    streams.push(new Lines(refused.value));
    refused = watched.followers.follow(ANA, 0);
  }
  expect(streams).toHaveLength(100);
  expect(refused.error).toMatchObject({ code: 'UNAVAILABLE', numbers: { retryAfterMs: 5000 } });
  expect(await watched.followers.awaitUpdates(ANA, 0, 10)).toMatchObject({ error: { code: 'UNAVAILABLE' } });
  await streams[0]?.cancel();
  const again = reader(watched, 0);
  for (const lines of [...streams.slice(1), again]) await lines.cancel();
  expect(watched.followers.count).toBe(0);
});

test('a stream that nobody reads is let go', () => {
  const watched = new Watched();
  reader(watched, 0);
  const frame = { t: 'answer', id: 'x'.repeat(1000), ok: true, value: null } as const;
  for (let sent = 0; sent < 400; sent += 1) watched.followers.broadcast(frame, () => true);
  expect(watched.followers.count).toBe(0);
});

test('a poll is answered by what it missed at once, by news as it comes, and by nothing in time [T2]', async () => {
  const watched = new Watched();
  watched.news = 2;
  expect(await watched.followers.awaitUpdates(ANA, 1, 60_000)).toMatchObject({
    value: { seq: 2, frames: [{ t: 'delta', seq: 2 }, { t: 'eta' }] },
  });
  const waiting = watched.followers.awaitUpdates(ANA, 2, 60_000);
  watched.tell();
  expect(await waiting).toMatchObject({ value: { seq: 3, frames: [{ t: 'delta', seq: 3 }, { t: 'eta' }] } });
  expect(await watched.followers.awaitUpdates(ANA, 3, 5)).toMatchObject({ value: { seq: 3, frames: [{ t: 'eta' }] } });
  expect(await watched.followers.awaitUpdates(ANA, null, 60_000)).toMatchObject({
    value: { frames: [{ t: 'snapshot', seq: 3 }, { t: 'eta' }] },
  });
  expect(watched.followers.count).toBe(0);
});

test('a crowd comes back spread over the time that it takes to take it back', () => {
  expect(reconnectAfterMs(1, 1)).toBe(2000);
  expect(reconnectAfterMs(5000, 1)).toBe(10_000);
  expect(reconnectAfterMs(5000, 0.5)).toBe(5000);
});
