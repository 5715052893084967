import { registerHooks } from 'node:module';
import type { CustomerObject } from '../../../durable/customer/customer-object.ts';
import type { OrderObject } from '../../../durable/order/order-object.ts';
import type { StoreObject } from '../../../durable/store/store-object.ts';
import type { SandboxPsp } from '../../../integrations/payments/sandbox/sandbox-psp.ts';

const WORKERS = new URL('cloudflare-workers.ts', import.meta.url).href;

/** The classes of objects that run in Node. */
export interface ObjectClasses {
  readonly StoreObject: typeof StoreObject;
  readonly OrderObject: typeof OrderObject;
  readonly CustomerObject: typeof CustomerObject;
  readonly SandboxPsp: typeof SandboxPsp;
}

/** The store's class, in Node: loaded only after `cloudflare:workers` leads to our own. vitest.config.ts says the same for tests. */
export function loadStoreObject(): Promise<typeof StoreObject> {
  return inNode(async () => (await import('../../../durable/store/store-object.ts')).StoreObject);
}

/** As the store's, all that a checkout needs. */
export function loadObjects(): Promise<ObjectClasses> {
  return inNode(async () => {
    const [store, order, customer, psp] = await Promise.all([
      import('../../../durable/store/store-object.ts'),
      import('../../../durable/order/order-object.ts'),
      import('../../../durable/customer/customer-object.ts'),
      import('../../../integrations/payments/sandbox/sandbox-psp.ts'),
    ]);
    return { ...store, ...order, ...customer, ...psp };
  });
}

async function inNode<T>(load: () => Promise<T>): Promise<T> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'cloudflare:workers' ? { url: WORKERS, shortCircuit: true } : next(specifier, context),
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}
