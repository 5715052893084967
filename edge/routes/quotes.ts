import { Hono } from 'hono';
import { QuoteBody, QuoteView } from '../../contracts/http/quotes.ts';
import { authOf } from '../auth/authenticate.ts';
import { askedBasket } from '../cart-checkout.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { makeQuote } from '../quotes.ts';
import { Storefront } from '../storefront.ts';
import { body } from '../validate.ts';

export const quotes = new Hono<AppEnv>().post(
  '/',
  endpoint({
    access: ['customer'],
    tag: 'Orders',
    summary: 'What an order would cost, and when it would be there',
    description:
      'Nothing is held and nothing is kept. Send `quote` with the order within five minutes: it then costs at most this total, or is refused with what changed and a new quote.',
    answers: { 200: QuoteView },
    refuses: [
      'INVALID_INPUT',
      'CART_CHANGED',
      'CART_EMPTY',
      'NOT_SERVICEABLE',
      'UNKNOWN_SKU',
      'PROMISE_NOT_POSSIBLE',
      'STORE_CLOSED',
      'STORE_BUSY',
      'INSUFFICIENT_STOCK',
      'UNAVAILABLE',
    ],
  }),
  body(QuoteBody),
  async (c) => {
    const { deliverTo, tip, mayWait = false, ...named } = c.req.valid('json');
    const asked = await askedBasket(c, c.var.actor, named);
    if (!asked.ok) return problem(c, asked.error);
    const quote = await makeQuote({
      storefront: new Storefront(c),
      texts: authOf(c.env).quotes,
      customerId: c.var.actor.userId,
      wanted: { deliverTo, ...asked.value, mayWait },
      tip,
      nowMs: Date.now(),
    });
    return quote.ok ? c.json(quote.value, 200) : problem(c, quote.error);
  },
);
