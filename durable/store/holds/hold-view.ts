import type { HoldRefusal, HoldView, StoreRpc } from '../../../contracts/rpc/store.ts';
import type { Hold } from '../../../domain/inventory/hold.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { Answered } from '../../kit/ops.ts';
import { holdRefusal } from '../store-refusals.ts';

export function holdView(hold: Hold): HoldView {
  const { holdId, kind, status, lines } = hold;
  const setAside = hold.setAside.map(({ sku, quantity }) => ({ sku, quantity }));
  const view = { holdId, kind, status, lines, setAside };
  return status === 'HELD' ? { ...view, expiresAtMs: hold.expiresAtMs } : view;
}

/** What the operation that asked for a hold is answered now. */
export function holdOutcome(hold: Hold): Result<HoldView, HoldRefusal> {
  switch (hold.status) {
    case 'HELD':
    case 'COMMITTED':
      return ok(holdView(hold));
    case 'RELEASED':
      return err(holdRefusal({ code: 'HOLD_RELEASED' }));
    case 'EXPIRED':
      return err(holdRefusal({ code: 'HOLD_EXPIRED' }));
  }
}

/** Commands whose answer is a hold. Asking for one is none of them: it is remembered by the hold. */
const HOLD_COMMANDS: ReadonlySet<string | null> = new Set<keyof StoreRpc>(['renew', 'promote', 'commit', 'release']);

/** Whether a stored answer is one to a command about a hold: the journal keeps the answers of all commands. */
export function isHoldAnswer(
  stored: Answered,
): stored is Answered & { readonly answer: Result<HoldView, HoldRefusal> } {
  return HOLD_COMMANDS.has(stored.method);
}
