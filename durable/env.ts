import type { Actor } from '../contracts/actor.ts';
import type { CourierRpc } from '../contracts/rpc/courier.ts';
import type { CustomerRpc } from '../contracts/rpc/customer.ts';
import type { FollowRefusal, OrderRpc } from '../contracts/rpc/order.ts';
import type { SessionRpc } from '../contracts/rpc/session.ts';
import type { StoreRpc } from '../contracts/rpc/store.ts';
import type { ZoneRpc } from '../contracts/rpc/zone.ts';
import type { Result } from '../domain/shared/result.ts';
import type { SandboxPspRpc } from '../integrations/payments/sandbox/sandbox-books.ts';
import type { StripeRpc } from '../integrations/payments/stripe/stripe-rpc.ts';

/**
 * A namespace of objects that are addressed by their business id. Our payloads are plain data, so a stub's methods are the
 * interface's own; the platform's mapped stub type widens tuples to arrays and does not end on recursive JSON.
 */
export interface ObjectNamespace<ObjectRpc> {
  getByName(name: string): ObjectRpc & { fetch(request: Request): Promise<Response> };
}

/** The one thing an object gives that is no plain data: a stream of server-sent events. */
export interface OrderEvents {
  /** The frames of the socket from after `after` on; ends by itself after a minute. */
  follow(actor: Actor, after: number | null): Promise<Result<ReadableStream<Uint8Array>, FollowRefusal>>;
}

/** What the objects need from their surroundings. `edge/env.ts` extends it with what the API needs. */
export interface ObjectEnv {
  readonly STORE: ObjectNamespace<StoreRpc>;
  readonly ORDER: ObjectNamespace<OrderRpc & OrderEvents>;
  readonly COURIER: ObjectNamespace<CourierRpc>;
  readonly ZONE: ObjectNamespace<ZoneRpc>;
  readonly CUSTOMER: ObjectNamespace<CustomerRpc>;
  readonly SESSION: ObjectNamespace<SessionRpc>;
  /** The sandbox payment provider's books. */
  readonly SANDBOX_PSP: ObjectNamespace<SandboxPspRpc>;
  /** Where `POST /topics/{topic}` is: the broker's HTTP Proxy or our gateway. */
  readonly GATEWAY_URL: string;
  readonly GATEWAY_TOKEN: string;
  /** The Worker around Stripe's SDK. Absent: no Stripe. */
  readonly STRIPE?: StripeRpc;
  /** Razorpay's API key. Absent: no Razorpay. */
  readonly RAZORPAY_KEY_ID?: string;
  readonly RAZORPAY_KEY_SECRET?: string;
  /** A stand-in for Razorpay. Refused in production. */
  readonly RAZORPAY_URL?: string;
  /** `production` refuses the sandbox provider, and stand-ins for the others. */
  readonly ENVIRONMENT: string;
}
