import { MeetingPoints } from '../../scripts/demo/meeting-points.ts';
import { pickersAt } from '../../scripts/demo/people.ts';
import { Tablet } from '../../scripts/demo/tablet.ts';
import { Timeline } from '../../scripts/demo/timeline.ts';
import { Session } from '../../scripts/client/session.ts';
import type { DemoStore } from '../../db/seed/network.ts';

const TABLETS = 2;

/** Pickers who scan and pack whatever is ordered, behind the wire that breaks. No courier comes: bags stay at the counter. */
export class CrashFloor {
  readonly #tablets: readonly Tablet[];
  readonly #meetings: MeetingPoints;
  #shifts: Promise<unknown> = Promise.resolve();

  private constructor(tablets: readonly Tablet[], meetings: MeetingPoints) {
    this.#tablets = tablets;
    this.#meetings = meetings;
  }

  static async open(store: DemoStore, origin: string): Promise<CrashFloor> {
    const meetings = new MeetingPoints();
    const busy = new Set<string>();
    const timeline = new Timeline(() => {}, false);
    const tablets = pickersAt(store)
      .slice(0, TABLETS)
      .map(({ name, credentials }) => {
        const session = new Session(origin, credentials);
        return new Tablet({ name, storeId: store.id, session, meetings, busy, timeline });
      });
    await Promise.all(tablets.map((tablet) => tablet.open()));
    const floor = new CrashFloor(tablets, meetings);
    floor.#shifts = Promise.all(tablets.map((tablet) => tablet.work()));
    floor.#shifts.catch(() => {});
    return floor;
  }

  /** Times that a tablet lost its socket. */
  get reconnects(): number {
    return this.#tablets.reduce((sum, { reconnects }) => sum + reconnects, 0);
  }

  /** Everyone goes home. Throws what kept a picker from working. */
  async close(): Promise<void> {
    for (const tablet of this.#tablets) tablet.goHome();
    this.#meetings.changed.raise();
    await this.#shifts;
  }
}
