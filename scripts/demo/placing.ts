import { randomUUID } from 'node:crypto';
import type { LatLng } from '../../domain/shared/geo.ts';
import { OrderView, type PlaceOrderBody } from '../../contracts/http/orders.ts';
import { QuoteView } from '../../contracts/http/quotes.ts';
import { ApiProblem } from '../client/api-problem.ts';
import type { Session } from '../client/session.ts';
import { drawBasket } from './basket.ts';
import { browse } from './shelf.ts';

export interface Placed {
  readonly order: OrderView;
  /** How long `POST orders` took to answer. */
  readonly answerMs: number;
  /** Baskets that came too late for the last unit. */
  readonly outbid: number;
}

/** Somebody else may take the last unit between looking and ordering; not that often. */
const BASKETS_MAX = 20;
/** What a customer answers with another basket. */
const TRY_ANOTHER: readonly string[] = ['INSUFFICIENT_STOCK', 'UNKNOWN_SKU', 'PRICE_CHANGED'];
/** Some pay at the door. */
const CASH_SHARE = 0.2;

export interface Shopping {
  readonly session: Session;
  /** The door. */
  readonly at: LatLng;
  readonly random: () => number;
  /** SKUs that this customer does not want. */
  readonly not: ReadonlySet<string>;
  readonly note: (what: string) => void;
}

/** Looks, fills a basket, asks what it costs and orders it on that quote, with another basket and a new key while somebody else was faster. */
export async function placeOrder({ session, at, random, not, note }: Shopping): Promise<Placed> {
  const payment: PlaceOrderBody['payment'] =
    random() < CASH_SHARE ? { method: 'cod' } : { method: 'sandbox', token: 'tok_approve' };
  for (let outbid = 0; ; outbid += 1) {
    const { products, catalogVersion, stockAgeMs } = await browse(session, at, random, not);
    const lines = drawBasket(products, random);
    if (lines === null) throw new Error('there is nothing on the shelf');
    note(`catalog version ${catalogVersion}: ${products.length} products looked at, stock ${stockAgeMs} ms old`);
    const door = { lat: at.lat, lng: at.lng };
    const headers = { 'idempotency-key': randomUUID() };
    try {
      const asked = { method: 'POST', path: '/api/v1/quotes', body: { deliverTo: door, lines } } as const;
      const { quote } = await session.call(asked, QuoteView);
      const body = { deliverTo: { ...door, note: 'Ring twice.' }, lines, payment, quote };
      const { body: order, answerMs } = await session.exchange(
        { method: 'POST', path: '/api/v1/orders', headers, body },
        OrderView,
      );
      return { order, answerMs, outbid };
    } catch (cause) {
      const mayPass = cause instanceof ApiProblem && TRY_ANOTHER.includes(cause.code);
      if (!mayPass || outbid + 1 >= BASKETS_MAX) throw cause;
      note(`${cause.code}: takes another basket`);
    }
  }
}
