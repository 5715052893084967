import type { CourierObject } from '../../../durable/courier/courier-object.ts';
import type { CustomerObject } from '../../../durable/customer/customer-object.ts';
import type { OrderObject } from '../../../durable/order/order-object.ts';
import type { SessionObject } from '../../../durable/session/session-object.ts';
import type { StoreObject } from '../../../durable/store/store-object.ts';
import type { ZoneObject } from '../../../durable/zone/zone-object.ts';
import type { SandboxPsp } from '../../../integrations/payments/sandbox/sandbox-psp.ts';

declare global {
  namespace Cloudflare {
    /** What `cloudflare:workers` gives a test: the objects as the platform types them. */
    interface Env {
      readonly STORE: DurableObjectNamespace<StoreObject>;
      readonly ORDER: DurableObjectNamespace<OrderObject>;
      readonly COURIER: DurableObjectNamespace<CourierObject>;
      readonly ZONE: DurableObjectNamespace<ZoneObject>;
      readonly SANDBOX_PSP: DurableObjectNamespace<SandboxPsp>;
      readonly CUSTOMER: DurableObjectNamespace<CustomerObject>;
      readonly SESSION: DurableObjectNamespace<SessionObject>;
    }
  }
}
