import { describe, expect, test } from 'vitest';
import { ORDER_STATUSES, type OrderStatus } from '../../domain/order/transitions.ts';
import { endProcess, readRecord } from '../../scripts/start/process-record.ts';
import { WORKERD } from '../../scripts/start/worker-part.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import { mustHaveEndedWell, runDemo } from '../support/demo-run.ts';

/** A whole system starts, works and stops. */
const DEMO_MS = 240_000;

const LIFE: readonly OrderStatus[] = ORDER_STATUSES.slice(0, ORDER_STATUSES.indexOf('CLOSED') + 1);

describe('the main job, by the demo', () => {
  test(
    'orders go from the catalog over the shelves to the door, watched live, and into the read models [O1, O4, F7, F8, D6, T2, E4]',
    { timeout: DEMO_MS },
    async () => {
      const { exitCode, orders, verdict, timeline } = await runDemo(['--boot', '--orders', '4', '--concurrency', '2']);
      mustHaveEndedWell({ verdict, timeline });
      expect(verdict).toMatchObject({
        command: 'demo',
        ok: true,
        orders: 4,
        delivered: 4,
        oversold: 0,
        lost_events: 0,
      });
      expect(exitCode).toBe(0);
      expect(orders).toHaveLength(4);
      // A position is worth only as much as it is new, so on a busy machine one ride may be over before it is seen.
      expect(orders.some(({ positions }) => positions > 0)).toBe(true);
      for (const { live, trouble } of orders) {
        expect(trouble).toBeNull();
        expect(live).toEqual(LIFE.slice(LIFE.indexOf(live[0] ?? 'CLOSED')));
      }
    },
  );

  test(
    'every acknowledged order is delivered though the Worker is killed while they are under way [O10, X11]',
    { timeout: DEMO_MS },
    async () => {
      let folder: string | undefined;
      let killed: Promise<void> | undefined;
      const { exitCode, verdict, timeline } = await runDemo(
        ['--boot', '--orders', '8', '--concurrency', '4'],
        (line) => {
          folder ??= /its state is in (\S+)$/.exec(line)?.[1];
          if (killed !== undefined || folder === undefined || !line.includes('picked and packed')) return;
          const workerd = readRecord(stateFolder(folder).run, WORKERD);
          if (workerd !== undefined) killed = endProcess(workerd, 0);
        },
      );
      await killed;
      mustHaveEndedWell({ verdict, timeline });
      expect(killed).toBeDefined();
      expect(verdict).toMatchObject({ ok: true, orders: 8, delivered: 8, oversold: 0, lost_events: 0 });
      expect(exitCode).toBe(0);
    },
  );
});
