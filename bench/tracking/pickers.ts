import { Session } from '../../scripts/client/session.ts';
import { MeetingPoints } from '../../scripts/demo/meeting-points.ts';
import { pickersAt } from '../../scripts/demo/people.ts';
import { Tablet } from '../../scripts/demo/tablet.ts';
import { Timeline } from '../../scripts/demo/timeline.ts';
import type { DemoStore } from '../../db/seed/network.ts';

const TABLETS = 4;

/** Picks and packs what a store has to do while the work lasts: an order looks for a courier once its picking has begun. */
export async function pickMeanwhile<T>(url: string, store: DemoStore, work: () => Promise<T>): Promise<T> {
  const meetings = new MeetingPoints();
  const busy = new Set<string>();
  const timeline = new Timeline(() => {}, false);
  const [picker] = pickersAt(store);
  if (picker === undefined) throw new Error(`nobody works at ${store.name}`);
  const tablets = Array.from({ length: TABLETS }, () => {
    const session = new Session(url, picker.credentials);
    return new Tablet({ name: picker.name, storeId: store.id, session, meetings, busy, timeline });
  });
  await Promise.all(tablets.map((tablet) => tablet.open()));
  const shifts = Promise.all(tablets.map((tablet) => tablet.work()));
  shifts.catch(() => {});
  try {
    return await work();
  } finally {
    for (const tablet of tablets) tablet.goHome();
    await shifts;
  }
}
