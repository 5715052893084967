import { setTimeout as sleep } from 'node:timers/promises';
import { plentyAt, type Cast } from './cast.ts';
import { ask, type Books } from './ask.ts';
import { readLedger, type ClientLedger } from './client-ledger.ts';
import { gatherHolds } from './gather.ts';
import { judgeHolds } from './judge-holds.ts';
import type { Operator } from '../../scripts/client/operator.ts';

/** Baskets that it wants, each once. */
const BASKETS = 40;
const PAUSE_MS = 20;
const LONG_S = 900;

/**
 * The control: a client that makes a new key for each try, and forgets the one before. What it does not know it holds is in the
 * sums of the store, or the oracle is blind.
 */
export async function letBrokenClientHold(
  cast: Cast,
  operator: Operator,
  ledger: ClientLedger,
): Promise<readonly string[]> {
  const { id: storeId } = cast.controlStore;
  const lines = [{ ...plentyAt(cast.controlStore), quantity: 1 }];
  const lastTryOnly: Books = {
    sent: () => {},
    unanswered: () => {},
    answered: (operation, answer) => {
      ledger.sent(operation);
      ledger.answered(operation, answer);
    },
  };
  for (let basket = 0; basket < BASKETS; basket += 1) {
    for (let count = 0; ; count += 1) {
      const key = `crash-control-${basket}-${count}`;
      const holdId = cast.holdIdOf('channel', storeId, key);
      const outcome = await ask(
        { do: 'hold', key, asker: 'channel', storeId, holdId, lines, forS: LONG_S },
        cast,
        lastTryOnly,
      );
      if (outcome !== 'unknown') break;
      await sleep(PAUSE_MS);
    }
  }
  return judgeHolds(await gatherHolds(operator, readLedger(ledger.path)));
}
