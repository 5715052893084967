import { registerHooks } from 'node:module';
import type { StoreObject } from '../../../durable/store/store-object.ts';

const WORKERS = new URL('cloudflare-workers.ts', import.meta.url).href;

/** The store's class, in Node: loaded only after `cloudflare:workers` leads to our own. vitest.config.ts says the same for tests. */
export async function loadStoreObject(): Promise<typeof StoreObject> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'cloudflare:workers' ? { url: WORKERS, shortCircuit: true } : next(specifier, context),
  });
  try {
    return (await import('../../../durable/store/store-object.ts')).StoreObject;
  } finally {
    hooks.deregister();
  }
}
