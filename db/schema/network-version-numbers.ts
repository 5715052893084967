import { pgSequence } from 'drizzle-orm/pg-core';

/** Numbers of the snapshots of cities, zones and stores; gaps are harmless, a number is never used twice. */
export const networkVersionNumbers = pgSequence('network_version_numbers', { startWith: 1, minValue: 1, increment: 1 });
