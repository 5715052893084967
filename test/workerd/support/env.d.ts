import type { SessionObject } from '../../../durable/session/session-object.ts';
import type { StoreObject } from '../../../durable/store/store-object.ts';

declare global {
  namespace Cloudflare {
    /** What `cloudflare:workers` gives a test: the objects as the platform types them. */
    interface Env {
      readonly STORE: DurableObjectNamespace<StoreObject>;
      readonly SESSION: DurableObjectNamespace<SessionObject>;
    }
  }
}
