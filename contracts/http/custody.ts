import * as v from 'valibot';
import { CUSTODY_LINKS } from '../../domain/order/custody.ts';
import { Count, CourierIdText, Timestamp } from '../wire.ts';

const Link = v.picklist(CUSTODY_LINKS);
const Sealed = v.strictObject({ at: Timestamp, seals: v.array(v.string()) });

/** Who had the bags when; `null` for a link that is missing. For operators. */
export const CustodyView = v.strictObject({
  sealed: v.nullable(Sealed),
  handedOver: v.nullable(Sealed),
  arrived: v.nullable(v.strictObject({ at: Timestamp, courierId: CourierIdText, distanceM: Count })),
  proved: v.nullable(
    v.strictObject({
      at: Timestamp,
      by: v.picklist(['CODE', 'PHOTO', 'OVERRIDE']),
      photo: v.optional(v.strictObject({ ref: v.string(), sha256: v.string() })),
      reason: v.optional(v.string()),
    }),
  ),
  /** What was missing at the door and let go with the proof. */
  waived: v.array(Link),
  missing: v.array(Link),
});
export type CustodyView = v.InferOutput<typeof CustodyView>;
