import type { Migration } from '../kit/migrate.ts';
import { INIT } from './migrations/001-init.ts';

/** Tables of a store, each step in a file of its own. Append-only. Money never appears here: a store counts units. */
export const STORE_MIGRATIONS: readonly Migration[] = [INIT];
