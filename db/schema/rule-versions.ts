import { sql } from 'drizzle-orm';
import { check, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter, isOneOf, moment } from '../columns.ts';

/** `charges`: of a city or a store. `fulfilment`: of a city. */
export const RULE_KINDS = ['charges', 'fulfilment'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** Rules as data, every version that ever was: the highest one goes. A row is never changed. */
export const ruleVersions = pgTable(
  'rule_versions',
  {
    kind: text('kind').$type<RuleKind>().notNull(),
    /** A city's or a store's id. */
    scopeId: text('scope_id').notNull(),
    version: counter('version').notNull(),
    rules: jsonb('rules').notNull(),
    /** Who said so: an operator's id, or `seed`. */
    createdBy: text('created_by').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.scopeId, table.version] }),
    check('rule_versions_kind_check', isOneOf(table.kind, RULE_KINDS)),
    check('rule_versions_version_check', sql`${table.version} > 0`),
    check('rule_versions_rules_check', sql`jsonb_typeof(${table.rules}) = 'object'`),
  ],
);
