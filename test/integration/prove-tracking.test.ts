import { expect, test } from 'vitest';
import { onPrivateSystem } from '../../bench/system.ts';
import { holds } from '../../prove/proof.ts';
import { trackOrders } from '../../prove/tracking/tracking.ts';

/** A whole system starts, is killed and stops. */
const PROOF_MS = 300_000;

test(
  'watchers of moving orders are told all news once over a restart, by socket, stream and poll, and wrong ones are seen [T2]',
  { timeout: PROOF_MS },
  async () => {
    const scale = { sockets: 40, orders: 4, kills: 1 };
    const result = await onPrivateSystem(
      () => {},
      (system) => trackOrders(system, scale, 1, () => {}),
    );
    expect(result).toMatchObject({ cases: 40 + 8 + 4, violations: 0, figures: { orders_still_open: 0, kills: 1 } });
    expect(holds(result)).toBe(true);
  },
);
