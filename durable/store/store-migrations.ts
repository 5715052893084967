import type { Migration } from '../kit/migrate.ts';
import { INIT } from './migrations/001-init.ts';
import { LEDGER } from './migrations/002-ledger.ts';
import { LOTS } from './migrations/003-lots.ts';
import { COUNTS } from './migrations/004-counts.ts';
import { FLOOR } from './migrations/005-floor.ts';
import { AUDIT } from './migrations/006-audit.ts';
import { LAYOUT } from './migrations/007-layout.ts';
import { CAPACITY } from './migrations/008-capacity.ts';
import { SUBSTITUTION } from './migrations/009-substitution.ts';
import { DEVICES } from './migrations/010-devices.ts';
import { HOLD_NAMES } from './migrations/011-hold-names.ts';
import { TRANSFER_LOTS } from './migrations/012-transfer-lots.ts';
import { LOT_RETENTION } from './migrations/013-lot-retention.ts';
import { SOLD_BY_WEIGHT } from './migrations/014-sold-by-weight.ts';
import { WAITING_LINE } from './migrations/015-waiting-line.ts';

/** Tables of a store, each step in a file of its own. Append-only. A store counts units; the one price it knows is on the
 * cards, to compare articles by. */
export const STORE_MIGRATIONS: readonly Migration[] = [
  INIT,
  LEDGER,
  LOTS,
  COUNTS,
  FLOOR,
  AUDIT,
  LAYOUT,
  CAPACITY,
  SUBSTITUTION,
  DEVICES,
  HOLD_NAMES,
  TRANSFER_LOTS,
  LOT_RETENTION,
  SOLD_BY_WEIGHT,
  WAITING_LINE,
];
