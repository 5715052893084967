import { createApp } from './app.ts';

// The composition root: the API, and the classes that wrangler.toml binds.
export { CourierObject } from '../durable/courier/courier-object.ts';
export { CustomerObject } from '../durable/customer/customer-object.ts';
export { OrderObject } from '../durable/order/order-object.ts';
export { SessionObject } from '../durable/session/session-object.ts';
export { StoreObject } from '../durable/store/store-object.ts';
export { ZoneObject } from '../durable/zone/zone-object.ts';
export { SandboxPsp } from '../integrations/payments/sandbox/sandbox-psp.ts';

export default createApp();
