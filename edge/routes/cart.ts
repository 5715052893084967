import type { Context } from 'hono';
import { Hono } from 'hono';
import * as v from 'valibot';
import type { Caller, Command } from '../../contracts/actor.ts';
import { CartLineBody, CartMergeBody, CartTermsBody, CartView } from '../../contracts/http/cart.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { CartChanged } from '../../contracts/rpc/customer.ts';
import { SkuText } from '../../contracts/wire.ts';
import type { CartLine, Serving } from '../../domain/cart/cart.ts';
import type { CartChange } from '../../domain/cart/change.ts';
import { asSku } from '../../domain/shared/ids.ts';
import type { Sku } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { customerStub } from '../../durable/stubs.ts';
import { holdCart, lookAtHold, renewHold } from '../cart-hold.ts';
import { showCart } from '../cart-view.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { KEY_HEADER, readIdempotencyKey } from '../idempotency-key.ts';
import { askObject } from '../object-call.ts';
import { toPreference } from '../order-wishes.ts';
import { problem } from '../problem.ts';
import { RETRY_KEY_HEADER, signedBy } from '../store-call.ts';
import { Storefront } from '../storefront.ts';
import { body, params } from '../validate.ts';

const tag = 'Cart';
const answers = { 200: CartView };
const SkuParams = v.strictObject({ sku: SkuText });

interface CustomerEnv {
  readonly Bindings: AppEnv['Bindings'];
  readonly Variables: AppEnv['Variables'] & { readonly actor: Extract<Caller, { readonly kind: 'customer' }> };
}

/** The one cart of the customer who is signed in. Each change is looked at against the serving store, and held there softly. */
export const cart = new Hono<AppEnv>()
  .get(
    '/',
    endpoint({
      access: ['customer'],
      tag,
      summary: 'Your cart, with prices and stock as they are now',
      description: 'The hold is shown as the store has it: looking at it neither makes nor renews one.',
      answers,
      refuses: ['UNAVAILABLE'],
    }),
    async (c) => {
      const { actor } = c.var;
      const found = await askObject(() => customerStub(c.env, actor.userId).cart(actor));
      if (!found.ok) return problem(c, found.error);
      return c.json(await showCart(new Storefront(c), await lookAtHold(c, actor, found.value)), 200);
    },
  )
  .put(
    '/',
    endpoint({
      access: ['customer'],
      tag,
      summary: 'Say where the cart is to go, and what to avoid',
      description:
        'The address decides which store serves the cart. Sent without anything, it changes nothing and asks the store once more to keep what is in the cart.',
      answers,
      refuses: ['INVALID_INPUT', 'NOT_SERVICEABLE', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    body(CartTermsBody),
    async (c) => {
      const { deliverTo, avoidAllergens } = c.req.valid('json');
      const serving = deliverTo === undefined ? ok(undefined) : await servingAt(new Storefront(c), deliverTo);
      if (!serving.ok) return problem(c, serving.error);
      const change: CartChange = {
        do: 'SetTerms',
        ...(serving.value === undefined ? {} : { serving: serving.value }),
        ...(avoidAllergens === undefined ? {} : { avoidAllergens }),
      };
      const changed = await changeCart(c, signedBy(c), change);
      if (!changed.ok) return problem(c, changed.error);
      const held = await holdCart(c, c.var.actor, changed.value);
      return c.json(await showCart(new Storefront(c), await renewHold(c, c.var.actor, held)), 200);
    },
  )
  .delete(
    '/',
    endpoint({
      access: ['customer'],
      tag,
      summary: 'Empty the cart',
      answers,
      refuses: ['OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    async (c) => {
      const changed = await changeCart(c, signedBy(c), { do: 'Clear' });
      return changed.ok ? c.json(await heldAndShown(c, changed.value), 200) : problem(c, changed.error);
    },
  )
  .put(
    '/lines/:sku',
    endpoint({
      access: ['customer'],
      tag,
      summary: 'Put an article into the cart, or change its line',
      description: 'Whatever there is of it: a line that is short stays, with what is left.',
      answers,
      refuses: ['INVALID_INPUT', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    params(SkuParams),
    body(CartLineBody),
    async (c) => {
      const line = toLine(asSku(c.req.valid('param').sku), c.req.valid('json'));
      const changed = await changeCart(c, signedBy(c), { do: 'SetLine', ...line });
      return changed.ok ? c.json(await heldAndShown(c, changed.value), 200) : problem(c, changed.error);
    },
  )
  .delete(
    '/lines/:sku',
    endpoint({
      access: ['customer'],
      tag,
      summary: 'Take an article out of the cart',
      description: 'One that is not in it is no mistake.',
      answers,
      refuses: ['INVALID_INPUT', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    params(SkuParams),
    async (c) => {
      const changed = await changeCart(c, signedBy(c), { do: 'RemoveLine', sku: asSku(c.req.valid('param').sku) });
      return changed.ok ? c.json(await heldAndShown(c, changed.value), 200) : problem(c, changed.error);
    },
  )
  .post(
    '/merge',
    endpoint({
      access: ['customer'],
      tag,
      summary: 'Add what was collected before signing in',
      description:
        'Quantities are summed up to the most one line may carry, and what was cut is named; what your cart says of a line wins. The same Idempotency-Key merges once.',
      answers,
      refuses: ['INVALID_INPUT', 'IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_REUSED', 'UNAVAILABLE'],
      headers: KEY_HEADER,
    }),
    body(CartMergeBody),
    async (c) => {
      const key = readIdempotencyKey(c);
      if (!key.ok) return problem(c, key.error);
      const { lines, avoidAllergens = [] } = c.req.valid('json');
      const guest = lines.map(({ sku, ...line }) => toLine(asSku(sku), line));
      const changed = await changeCart(c, signedBy(c), { do: 'Merge', lines: guest, avoidAllergens });
      if (changed.ok) return c.json(await heldAndShown(c, changed.value, changed.value.cut), 200);
      return problem(c, changed.error.code === 'OP_ID_REUSED' ? KEY_REUSED : changed.error);
    },
  );

function changeCart(c: Context<CustomerEnv>, signed: Command, change: CartChange) {
  return askObject(() => customerStub(c.env, c.var.actor.userId).changeCart({ ...signed, change }));
}

async function heldAndShown(
  c: Context<CustomerEnv>,
  changed: CartChanged,
  cut?: CartChanged['cut'],
): Promise<CartView> {
  return showCart(new Storefront(c), await holdCart(c, c.var.actor, changed), cut);
}

function toLine(sku: Sku, { quantity, note = '', replacement }: v.InferOutput<typeof CartLineBody>): CartLine {
  return { sku, quantity, note, preference: replacement === undefined ? null : toPreference(replacement) };
}

/** The nearest open store that delivers there: whichever is chosen for the order in the end, its prices are asked for again. */
async function servingAt(
  storefront: Storefront,
  deliverTo: Serving['deliverTo'],
): Promise<Result<Serving, Refusal<'NOT_SERVICEABLE' | 'UNAVAILABLE'>>> {
  const network = await storefront.network();
  if (!network.ok) return network;
  const { stores, unserviceable } = network.value.reach(deliverTo);
  const nearest = stores.find(({ store }) => store.open);
  if (nearest !== undefined) return ok({ storeId: nearest.store.id, deliverTo });
  return err(refuse('NOT_SERVICEABLE', 'Choose another delivery address.', { reason: unserviceable }));
}

const KEY_REUSED = refuse('IDEMPOTENCY_KEY_REUSED', 'Use a new Idempotency-Key for another guest’s cart.');
