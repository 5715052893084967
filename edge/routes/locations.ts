import { Hono } from 'hono';
import { ResolveQuery, ResolveView } from '../../contracts/http/locations.ts';
import type { PromiseView } from '../../contracts/http/locations.ts';
import type { StoreLoad } from '../../contracts/rpc/store.ts';
import { quotePromise, USUAL_LINES } from '../../domain/promise/promise-time.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { readPoint } from '../point.ts';
import { Storefront } from '../storefront.ts';
import { query } from '../validate.ts';

/** Stores of one answer; nearer ones first. */
const STORES_SHOWN = 5;

export const locations = new Hono<AppEnv>().get(
  '/resolve',
  endpoint({
    access: 'public',
    tag: 'Locations',
    summary: 'Find out who delivers to a point, and in how many minutes',
    answers: { 200: ResolveView },
    refuses: ['UNAVAILABLE'],
  }),
  query(ResolveQuery),
  async (c) => {
    const storefront = new Storefront(c);
    const network = await storefront.network();
    if (!network.ok) return problem(c, network.error);
    const { city, zones, stores, unserviceable } = network.value.reach(readPoint(c.req.valid('query')));
    const shown = await Promise.all(
      stores.slice(0, STORES_SHOWN).map(async ({ store, distanceM }) => {
        const asked = store.open ? await storefront.stock(store.id) : null;
        const stock = asked?.ok === true ? asked.value.stock : null;
        const open = store.open && (stock?.open ?? true);
        const promise = stock === null || !open ? null : toPromiseView(stock.load, distanceM);
        return { id: store.id, name: store.name, distanceM, open, promise };
      }),
    );
    const reason = unserviceable ?? (shown.some(({ open }) => open) ? null : 'NO_STORE_OPEN');
    const view: ResolveView = {
      serviceable: reason === null,
      reason,
      city: city === null ? null : { id: city.id, name: city.name, currency: city.currency, timezone: city.timezone },
      zones: zones.map(({ id, name }) => ({ id, name })),
      stores: shown,
    };
    return c.json(view, 200);
  },
);

function toPromiseView(load: StoreLoad, distanceM: number): PromiseView {
  const { queueMs, pickMs, rideMs, totalMs } = quotePromise(load, USUAL_LINES, distanceM);
  return {
    minutes: totalMs / 60_000,
    terms: {
      queueSeconds: Math.ceil(queueMs / 1000),
      pickSeconds: Math.ceil(pickMs / 1000),
      rideSeconds: Math.ceil(rideMs / 1000),
    },
  };
}
