import type { Guard } from './guard.ts';

/** What stands between an order's watchers, its bags and a broken promise. */
export const LIVE_GUARDS: readonly Guard[] = [
  {
    name: 'a stream is told nothing twice',
    file: 'durable/kit/followers.ts',
    intact: 'stream.sentSeq = this.#deps.feed.head();',
    broken: 'stream.sentSeq = 0;',
    tests: ['durable/kit/followers.test.ts'],
  },
  {
    name: 'a stream ends with the access to what it shows',
    file: 'durable/kit/followers.ts',
    intact: 'if (gone(stream.actor)) this.#end',
    broken: 'if (false && gone(stream.actor)) this.#end',
    tests: ['durable/kit/followers.test.ts'],
  },
  {
    name: 'no more follow an order than its object can bear',
    file: 'durable/kit/followers.ts',
    intact: 'if (this.count < FOLLOWERS_MAX) return undefined;',
    broken: 'if (this.count < FOLLOWERS_MAX + 1) return undefined;',
    tests: ['durable/kit/followers.test.ts'],
  },
  {
    name: 'old orders keep the numbers of their news',
    file: 'domain/order/evolve.ts',
    intact: 'after.terms.tellsMoney !== true || ',
    broken: '',
    tests: ['domain/order/money-news.test.ts'],
  },
  {
    name: 'a picture proves nothing while the courier is elsewhere',
    file: 'domain/order/delivery.ts',
    intact: 'if (missing.length > 0 || dueMinor > 0)',
    broken: 'if (dueMinor > 0)',
    tests: ['domain/order/custody.test.ts'],
  },
  {
    name: 'what was missing at the door is on record',
    file: 'domain/order/delivery.ts',
    intact: 'collectedMinor, proof, waived }',
    broken: 'collectedMinor, proof, waived: [] }',
    tests: ['domain/order/custody.test.ts'],
  },
  {
    name: 'nobody is taken off bags that have left the store',
    file: 'domain/order/reassign.ts',
    intact: "courier.at !== 'ACCEPTED' || !isInStore(status)",
    broken: "courier.at !== 'ACCEPTED'",
    tests: ['domain/order/reassign.test.ts'],
  },
  {
    name: 'a courier gives back its own order only',
    file: 'domain/order/reassign.ts',
    intact: 'courier.courierId === courierId) return reassign',
    broken: 'true) return reassign',
    tests: ['domain/order/reassign.test.ts'],
  },
];
