import * as v from 'valibot';

/** What goes wrong with a request. */
export const FAULTS = [
  /** Done, and answered only after every caller has given up. */
  'stall',
  /** Done, and the connection is cut instead of an answer. */
  'cut',
  /** 503, nothing done. */
  'unavailable',
] as const;
export type Fault = (typeof FAULTS)[number];

/** How webhooks are sent from now on. */
export const WebhookManner = v.strictObject({
  /** Each event is sent so often. */
  copies: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)), 1),
  /** Kept back until they are released, in order or the other way round. */
  hold: v.optional(v.boolean(), false),
  /** `old`: by the secret before the present one. `forged`: by a made-up one. */
  sign: v.optional(v.picklist(['current', 'old', 'forged']), 'current'),
  /** Seconds that a signature's timestamp lies in the past. */
  ageS: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
});
export type WebhookManner = v.InferOutput<typeof WebhookManner>;

export const ScriptBody = v.strictObject({
  /** The next requests whose method and path begin so, each once: `POST /v1/refunds`. */
  faults: v.optional(v.array(v.strictObject({ on: v.string(), fault: v.picklist(FAULTS) }))),
  webhooks: v.optional(WebhookManner),
});
export type ScriptBody = v.InferOutput<typeof ScriptBody>;

/** Faults to come; each strikes once. */
export class FaultScript {
  readonly #coming: { readonly on: string; readonly fault: Fault }[] = [];

  add(faults: NonNullable<ScriptBody['faults']>): void {
    this.#coming.push(...faults);
  }

  take(method: string, path: string): Fault | null {
    const index = this.#coming.findIndex(({ on }) => `${method} ${path}`.startsWith(on));
    return index < 0 ? null : (this.#coming.splice(index, 1)[0]?.fault ?? null);
  }
}
