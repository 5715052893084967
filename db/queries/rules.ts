import { eq, sql } from 'drizzle-orm';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { CityId, StoreId } from '../../domain/shared/ids.ts';
import type { FulfilmentRules } from '../../contracts/http/rules.ts';
import type { ChargeRules } from '../../domain/pricing/charges.ts';
import type { Db } from '../client.ts';
import { cities } from '../schema/cities.ts';
import type { RuleKind } from '../schema/rule-versions.ts';
import { stores } from '../schema/stores.ts';

/** Whose rules these are. */
export type RuleScope = { readonly cityId: CityId } | { readonly storeId: StoreId };
export type RulesToWrite =
  | { readonly kind: 'charges'; readonly scope: RuleScope; readonly rules: ChargeRules }
  | { readonly kind: 'fulfilment'; readonly scope: { readonly cityId: CityId }; readonly rules: FulfilmentRules };

export interface WrittenRules {
  readonly version: number;
  /** False when the version before said the same: then there is no new one. */
  readonly changed: boolean;
}

/** The rules that go, by the city or store they are of. */
export interface RulesInForce {
  readonly charges: ReadonlyMap<string, ChargeRules>;
  readonly fulfilment: ReadonlyMap<string, FulfilmentRules>;
}

/** The highest version of each. */
export async function loadRules(db: Db): Promise<RulesInForce> {
  const { rows } = await db.execute<{ kind: RuleKind; scope_id: string; rules: string }>(
    sql`SELECT DISTINCT ON (kind, scope_id) kind, scope_id, rules::text FROM rule_versions ORDER BY kind, scope_id, version DESC`,
  );
  const charges = new Map<string, ChargeRules>();
  const fulfilment = new Map<string, FulfilmentRules>();
  for (const { kind, scope_id: scopeId, rules } of rows) {
    // Only ever written by `writeRules`, whose callers have checked them.
    if (kind === 'charges') charges.set(scopeId, readOwnJson<ChargeRules>(rules));
    else fulfilment.set(scopeId, readOwnJson<FulfilmentRules>(rules));
  }
  return { charges, fulfilment };
}

/** Writers who come at once each get a number of their own, in their order; more tries than this would be no accident. */
const TRIES = 5;

/** Writes the next version, unless the one that goes says the same. One statement: a retry of it changes nothing more. */
export async function writeRules(db: Db, { kind, scope, rules }: RulesToWrite, by: string): Promise<WrittenRules> {
  const scopeId = 'cityId' in scope ? scope.cityId : scope.storeId;
  const text = JSON.stringify(rules);
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const { rows } = await db.execute<{ version: string; inserted: boolean }>(sql`
      WITH last AS (
        SELECT version, rules FROM rule_versions WHERE kind = ${kind} AND scope_id = ${scopeId} ORDER BY version DESC LIMIT 1
      ), next AS (
        INSERT INTO rule_versions (kind, scope_id, version, rules, created_by)
        SELECT ${kind}, ${scopeId}, coalesce((SELECT version FROM last), 0) + 1, ${text}::jsonb, ${by}
        WHERE NOT EXISTS (SELECT FROM last WHERE rules = ${text}::jsonb)
        ON CONFLICT DO NOTHING
        RETURNING version
      )
      SELECT version, true AS inserted FROM next
      UNION ALL SELECT version, false FROM last WHERE rules = ${text}::jsonb`);
    const [row] = rows;
    if (row !== undefined) return { version: Number(row.version), changed: row.inserted };
  }
  throw new Error(`rules of ${scopeId} are being written by too many at once`);
}

/** The currency of a city, or of a store's city; `null` when there is none such. */
export async function currencyOfScope(db: Db, scope: RuleScope): Promise<string | null> {
  const [row] =
    'cityId' in scope
      ? await db.select({ currency: cities.currency }).from(cities).where(eq(cities.id, scope.cityId))
      : await db
          .select({ currency: cities.currency })
          .from(stores)
          .innerJoin(cities, eq(stores.cityId, cities.id))
          .where(eq(stores.id, scope.storeId));
  return row?.currency ?? null;
}
