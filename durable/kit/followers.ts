import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { FollowRefusal, Updates } from '../../contracts/rpc/order.ts';
import { CLOSE_CODES, PROTOCOL_VERSION } from '../../contracts/ws/frames.ts';
import type { ServerFrame } from '../../contracts/ws/frames.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { eventText, retryText } from './event-stream.ts';
import type { FeedSource } from './feed.ts';
import { reconnectAfterMs } from './reconnect.ts';

/** A stream keeps its object awake, which costs by the second: one ends after this, and its client resumes. */
const STREAM_MS = 60_000;
/** Proxies cut what is silent for half a minute. */
const BEAT_MS = 15_000;
/** Streams and waiting polls of one object at a time. Sockets sleep for nothing, and are not counted. */
const FOLLOWERS_MAX = 100;
/** What may lie unread in a stream, bytes: then its client reads nothing, and is let go. */
const UNREAD_MAX_BYTES = 256 * 1024;
/** When a follower who found no room may ask again. */
const NO_ROOM_RETRY_MS = 5_000;

type Frame = ServerFrame<unknown, unknown>;

export interface FollowerDeps {
  readonly feed: FeedSource;
  /** The whole state for a new watcher, as this actor may see it. */
  snapshot(actor: Actor): unknown;
  /** What has no number: an estimate, a position. Sent now and then, and to whoever polls. */
  pulse(actor: Actor): readonly Frame[];
  admits(actor: Actor): boolean;
  readonly streamMs?: number;
  readonly beatMs?: number;
}

interface Stream {
  readonly actor: Actor;
  readonly controller: ReadableByteStreamController;
  sentSeq: number;
  /** Keep the object awake until they are cleared. */
  timers?: { readonly beat: ReturnType<typeof setInterval>; readonly end: ReturnType<typeof setTimeout> };
}
interface Poll {
  readonly actor: Actor;
  readonly after: number | null;
  readonly answer: (updates: Result<Updates, Refusal<'NOT_FOUND'>>) => void;
}

/** Watchers without a socket: event streams, and polls that wait. They live in memory only; whoever is cut off resumes by number. */
export class Followers {
  readonly #deps: FollowerDeps;
  readonly #streams = new Set<Stream>();
  readonly #polls = new Set<Poll>();
  readonly #encoder = new TextEncoder();

  constructor(deps: FollowerDeps) {
    this.#deps = deps;
  }

  get count(): number {
    return this.#streams.size + this.#polls.size;
  }

  /** A stream of server-sent events, what was missed first. */
  follow(actor: Actor, after: number | null): Result<ReadableStream<Uint8Array>, FollowRefusal> {
    const denied = this.#deny(actor);
    if (denied !== undefined) return err(denied);
    let opened: Stream | undefined;
    const readable = new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        opened = { actor, controller, sentSeq: 0 };
      },
      cancel: () => {
        if (opened !== undefined) this.#leave(opened);
      },
    });
    if (opened === undefined) throw new Error('a stream starts at once');
    this.#begin(opened, after);
    return ok(readable);
  }

  /** What came after a number, as soon as something has; nothing when it did not come in time. */
  async awaitUpdates(actor: Actor, after: number | null, waitMs: number): Promise<Result<Updates, FollowRefusal>> {
    const denied = this.#deny(actor);
    if (denied !== undefined) return err(denied);
    if (after === null || after !== this.#deps.feed.head() || waitMs === 0) return ok(this.#updates(actor, after));
    const { promise, resolve } = Promise.withResolvers<Result<Updates, Refusal<'NOT_FOUND'>>>();
    const poll: Poll = { actor, after, answer: resolve };
    this.#polls.add(poll);
    const timer = setTimeout(() => {
      resolve(ok(this.#updates(actor, after)));
    }, waitMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#polls.delete(poll);
    }
  }

  /** Tells everybody what they do not have yet. Call after a commit. */
  fanOut(): void {
    const head = this.#deps.feed.head();
    for (const stream of this.#streams) {
      if (stream.sentSeq < head) this.#catchUp(stream, stream.sentSeq);
    }
    for (const { actor, after, answer } of this.#polls) {
      if (after !== head) answer(ok(this.#updates(actor, after)));
    }
  }

  /** A frame without a number, to every stream of these actors. */
  broadcast(frame: Frame, to: (actor: Actor) => boolean): void {
    for (const stream of this.#streams) if (to(stream.actor)) this.#send(stream, frame);
  }

  /** Ends what belongs to actors who may no longer watch. */
  closeWhere(gone: (actor: Actor) => boolean): void {
    for (const stream of this.#streams) {
      if (gone(stream.actor)) this.#end(stream, { code: CLOSE_CODES.ACCESS_ENDED, reason: 'Access ended.' });
    }
    for (const { actor, answer } of this.#polls) if (gone(actor)) answer(err(NO_SUCH));
  }

  #begin(stream: Stream, after: number | null): void {
    const { streamMs = STREAM_MS, beatMs = BEAT_MS } = this.#deps;
    this.#streams.add(stream);
    this.#write(stream, retryText(this.#retryAfterMs()));
    this.#catchUp(stream, after);
    if (!this.#streams.has(stream)) return;
    const beat = setInterval(() => {
      this.#beat(stream);
    }, beatMs);
    const end = setTimeout(() => {
      this.#end(stream, { retryAfterMs: this.#retryAfterMs() });
    }, streamMs);
    stream.timers = { beat, end };
  }

  /** False when it has left already. */
  #leave(stream: Stream): boolean {
    const { timers } = stream;
    if (timers !== undefined) {
      clearInterval(timers.beat);
      clearTimeout(timers.end);
    }
    return this.#streams.delete(stream);
  }

  #beat(stream: Stream): void {
    this.#write(stream, ': still here\n\n');
    for (const frame of this.#deps.pulse(stream.actor)) this.#send(stream, frame);
  }

  #catchUp(stream: Stream, after: number | null): void {
    const { actor } = stream;
    for (const frame of this.#framesAfter(actor, after)) this.#send(stream, frame);
    stream.sentSeq = this.#deps.feed.head();
  }

  #framesAfter(actor: Actor, after: number | null): readonly Frame[] {
    const { feed } = this.#deps;
    const missed = after === null ? null : feed.since(after);
    if (missed === null) {
      return [{ t: 'snapshot', v: PROTOCOL_VERSION, seq: feed.head(), state: this.#deps.snapshot(actor) }];
    }
    return missed.map(({ seq, delta }): Frame => ({ t: 'delta', seq, delta: JSON.parse(delta) }));
  }

  #updates(actor: Actor, after: number | null): Updates {
    const frames = [...this.#framesAfter(actor, after), ...this.#deps.pulse(actor)];
    return { frames, seq: this.#deps.feed.head(), retryAfterMs: this.#retryAfterMs() };
  }

  #send(stream: Stream, frame: Frame): void {
    const id = 'seq' in frame ? { id: frame.seq } : {};
    this.#write(stream, eventText({ event: frame.t, ...id, data: JSON.stringify(frame) }));
  }

  #write(stream: Stream, text: string): void {
    if (!this.#streams.has(stream)) return;
    if (-(stream.controller.desiredSize ?? 0) > UNREAD_MAX_BYTES) {
      this.#leave(stream);
      stream.controller.error(new Error('the client reads nothing'));
      return;
    }
    stream.controller.enqueue(this.#encoder.encode(text));
  }

  #end(stream: Stream, why: { readonly [name: string]: number | string }): void {
    if (!this.#streams.has(stream)) return;
    this.#write(stream, eventText({ event: 'end', data: JSON.stringify(why) }));
    // A stream that was full is gone by now.
    if (this.#leave(stream)) stream.controller.close();
  }

  #deny(actor: Actor): FollowRefusal | undefined {
    if (!this.#deps.admits(actor)) return NO_SUCH;
    if (this.count < FOLLOWERS_MAX) return undefined;
    return refuse('UNAVAILABLE', 'Too many follow this already. Open the socket, or try again shortly.', {
      followersMax: FOLLOWERS_MAX,
      retryAfterMs: NO_ROOM_RETRY_MS,
    });
  }

  #retryAfterMs(): number {
    return reconnectAfterMs(this.count, Math.random());
  }
}

const NO_SUCH = refuse('NOT_FOUND', 'There is no such order for you.');
