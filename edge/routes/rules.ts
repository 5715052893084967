import { Hono } from 'hono';
import * as v from 'valibot';
import { ChargesBody, FulfilmentBody, RulesView } from '../../contracts/http/rules.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { CityIdText, StoreIdText } from '../../contracts/wire.ts';
import { currencyOfScope, writeRules } from '../../db/queries/rules.ts';
import type { RuleScope, RulesToWrite } from '../../db/queries/rules.ts';
import { asCityId, asStoreId } from '../../domain/shared/ids.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import type { EdgeEnv } from '../env.ts';
import { LONG_PATIENCE_MS, withPostgres } from '../postgres.ts';
import { problem } from '../problem.ts';
import { body, params } from '../validate.ts';

const CityParams = v.strictObject({ cityId: CityIdText });
const StoreParams = v.strictObject({ storeId: StoreIdText });
const RULES = {
  access: ['operator'],
  tag: 'Admin',
  description: 'Versioned; goes from the next publication of the network on. The same rules again change nothing.',
  answers: { 200: RulesView },
  refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
} as const;

/** What is charged, how stores are chosen and promises kept: rules as data. */
export const rules = new Hono<AppEnv>()
  .put(
    '/cities/:cityId/charges',
    endpoint({ ...RULES, summary: 'Set what a city charges beside its prices' }),
    params(CityParams),
    body(ChargesBody),
    async (c) => {
      const scope = { cityId: asCityId(c.req.valid('param').cityId) };
      const written = await writeCharges(c.env, scope, c.req.valid('json'), c.var.actor.userId);
      return written.ok ? c.json(written.value, 200) : problem(c, written.error);
    },
  )
  .put(
    '/stores/:storeId/charges',
    endpoint({ ...RULES, summary: 'Set what a store charges beside its prices, in place of its city’s rules' }),
    params(StoreParams),
    body(ChargesBody),
    async (c) => {
      const scope = { storeId: asStoreId(c.req.valid('param').storeId) };
      const written = await writeCharges(c.env, scope, c.req.valid('json'), c.var.actor.userId);
      return written.ok ? c.json(written.value, 200) : problem(c, written.error);
    },
  )
  .put(
    '/cities/:cityId/fulfilment',
    endpoint({ ...RULES, summary: 'Set how a city chooses stores and keeps its promises' }),
    params(CityParams),
    body(FulfilmentBody),
    async (c) => {
      const scope = { cityId: asCityId(c.req.valid('param').cityId) };
      const wanted = { kind: 'fulfilment', scope, rules: c.req.valid('json') } as const;
      const written = await write(c.env, wanted, c.var.actor.userId, null);
      return written.ok ? c.json(written.value, 200) : problem(c, written.error);
    },
  );

type RulesRefusal = Refusal<'INVALID_INPUT' | 'NOT_FOUND' | 'UNAVAILABLE'>;

async function writeCharges(
  env: EdgeEnv,
  scope: RuleScope,
  { currency, ...charges }: ChargesBody,
  by: UserId,
): Promise<Result<RulesView, RulesRefusal>> {
  const { deliveryTiers = [], surgeSteps = [] } = charges;
  const rising =
    isRising(deliveryTiers.map(({ upToM }) => upToM)) &&
    isRising(surgeSteps.map(({ fromReadyP90Ms }) => fromReadyP90Ms));
  if (!rising) return err(refuse('INVALID_INPUT', 'Name the nearest tier and the least load first, each once.'));
  return write(env, { kind: 'charges', scope, rules: charges }, by, currency);
}

/** `currency`: what the amounts are in; `null` when there are none. */
async function write(
  env: EdgeEnv,
  wanted: RulesToWrite,
  by: UserId,
  currency: string | null,
): Promise<Result<RulesView, RulesRefusal>> {
  const written = await withPostgres(
    env,
    async (db): Promise<Result<RulesView, RulesRefusal>> => {
      const own = await currencyOfScope(db, wanted.scope);
      if (own === null) return err(refuse('NOT_FOUND', 'There is no such city or store.'));
      if (currency !== null && currency !== own) {
        return err(refuse('INVALID_INPUT', 'State the amounts in the city’s currency.', { currency: own }));
      }
      return ok(await writeRules(db, wanted, by));
    },
    LONG_PATIENCE_MS,
  );
  return written.ok ? written.value : written;
}

function isRising(values: readonly number[]): boolean {
  return values.every((value, place) => place === 0 || value > (values[place - 1] ?? 0));
}
