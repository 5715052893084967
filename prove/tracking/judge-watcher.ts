import type { TrackingDelta, TrackingFrame } from '../../contracts/ws/tracking.ts';

/** A numbered frame as a watcher took it down. */
export type Heard =
  | { readonly t: 'snapshot'; readonly seq: number; readonly status: string }
  | { readonly t: 'delta'; readonly seq: number; readonly what: string };

/** What the order itself has to tell, from number 1. */
export type OrderNews = readonly { readonly seq: number; readonly delta: TrackingDelta }[];

/** The numbered frame, or null for one that carries no number and may be missed. */
export function takeDown(frame: TrackingFrame): Heard | null {
  switch (frame.t) {
    case 'snapshot':
      return { t: 'snapshot', seq: frame.seq, status: frame.state.status };
    case 'delta':
      return { t: 'delta', seq: frame.seq, what: inWords(frame.delta) };
    case 'position':
    case 'eta':
    case 'advice':
      return null;
  }
}

/** What was told, without the estimate: that one may be better when it is told later. */
function inWords(delta: TrackingDelta): string {
  if ('status' in delta) return `${delta.status} at ${delta.at}`;
  const { at, ...what } = delta;
  return `${JSON.stringify(what)} at ${at}`;
}

/**
 * What is wrong with what a watcher was told: the order as it was once, then every later piece of news exactly once, in order, as the
 * order itself has it, to the last. In words; empty when all is well.
 */
export function judgeWatcher(heard: readonly Heard[], news: OrderNews): readonly string[] {
  const [first, ...rest] = heard;
  if (first === undefined) return ['was told nothing'];
  if (first.t !== 'snapshot') return [`began with number ${first.seq}, without the order as it was`];
  const problems = [...snapshotProblems(first, news)];
  let last = first.seq;
  for (const one of rest) {
    if (one.t === 'snapshot') problems.push(`came back after ${last} and was shown the order anew, at ${one.seq}`);
    else if (one.seq <= last) problems.push(`was told ${one.seq} after ${last}`);
    else if (one.seq > last + 1) problems.push(`was told ${one.seq} after ${last}: ${one.seq - last - 1} are missing`);
    if (one.t === 'delta') problems.push(...deltaProblems(one, news));
    last = Math.max(last, one.seq);
  }
  if (last < news.length) problems.push(`was told up to ${last} of ${news.length}`);
  return problems;
}

function snapshotProblems({ seq, status }: Heard & { t: 'snapshot' }, news: OrderNews): readonly string[] {
  const reached = news.slice(0, seq).flatMap(({ delta }) => ('status' in delta ? [delta.status] : []));
  // An order is placed before it has reached anything.
  const expected = reached.at(-1) ?? 'PENDING';
  return status === expected ? [] : [`was shown ${status} at ${seq}, where the order is ${expected}`];
}

function deltaProblems({ seq, what }: Heard & { t: 'delta' }, news: OrderNews): readonly string[] {
  const own = news[seq - 1];
  if (own === undefined) return [`was told ${seq}, "${what}", which the order does not know of`];
  const expected = inWords(own.delta);
  return what === expected ? [] : [`was told "${what}" as ${seq}, which is "${expected}"`];
}
