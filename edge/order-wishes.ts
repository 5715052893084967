import type * as v from 'valibot';
import type { PlaceOrderBody, Replacement } from '../contracts/http/orders.ts';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { LinePreference, OrderWishes } from '../domain/picking/order-wishes.ts';
import type { Preference } from '../domain/picking/substitution.ts';
import { canonicalJson } from '../domain/shared/canonical.ts';
import { asSku } from '../domain/shared/ids.ts';
import type { Sku } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';

/** What a customer says about what may come instead; lines of one SKU count as one, so they must not contradict each other. */
export function readWishes({
  lines = [],
  avoidAllergens = [],
}: Pick<PlaceOrderBody, 'lines' | 'avoidAllergens'>): Result<OrderWishes, Refusal<'INVALID_INPUT'>> {
  const preferences = new Map<Sku, LinePreference>();
  for (const { sku: text, replacement } of lines) {
    if (replacement === undefined) continue;
    const sku = asSku(text);
    const line = { sku, preference: toPreference(replacement) };
    const known = preferences.get(sku);
    if (known !== undefined && canonicalJson(known) !== canonicalJson(line)) {
      return err(refuse('INVALID_INPUT', 'Say one thing about the replacement of a SKU.', { sku }));
    }
    preferences.set(sku, line);
  }
  return ok({ avoidAllergens: [...new Set(avoidAllergens)], preferences: [...preferences.values()] });
}

export function toPreference(replacement: v.InferOutput<typeof Replacement>): Preference {
  if (replacement.prefer !== 'specific') return { kind: replacement.prefer };
  return { kind: 'specific', skus: [...new Set(replacement.skus.map(asSku))] };
}
