import * as v from 'valibot';
import { Count } from '../wire.ts';

export const HealthView = v.strictObject({ ok: v.literal(true) });

const Part = v.strictObject({
  state: v.picklist(['up', 'down']),
  /** Whether orders can be placed without it. */
  neededForOrders: v.boolean(),
  tookMs: Count,
});

/** Ready means: orders can be placed. A part that orders do not need may be down meanwhile. */
export const ReadinessView = v.strictObject({
  ready: v.boolean(),
  parts: v.strictObject({
    /** Published catalogs and the network of stores. */
    snapshots: Part,
    /** The objects that own stock and orders. */
    objects: Part,
    /** Master data and read models. */
    postgres: Part,
    /** Where the objects' events go. */
    log: Part,
  }),
});
export type ReadinessView = v.InferOutput<typeof ReadinessView>;

export const HelloView = v.strictObject({ hello: v.string() });

const DemoLogin = v.strictObject({ role: v.string(), phone: v.string(), password: v.string(), name: v.string() });
export type DemoLogin = v.InferOutput<typeof DemoLogin>;

/** Who can sign in to a demonstration. */
export const DemoLogins = v.strictObject({ logins: v.array(DemoLogin) });
export type DemoLogins = v.InferOutput<typeof DemoLogins>;
