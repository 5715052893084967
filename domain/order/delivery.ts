import { FIX_ERROR_M } from '../dispatch/position.ts';
import { distanceM } from '../shared/geo.ts';
import type { LatLng } from '../shared/geo.ts';
import type { CourierId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import { missingLinks } from './custody.ts';
import type { CustodyLink, PhotoRef } from './custody.ts';
import { cashDueMinor, DELIVERY_CODE_TRIES, isAssigned } from './decide.ts';
import type { Decision, NotAssigned } from './decide.ts';
import type { OrderEvent, OrderState } from './order.ts';
import { transition } from './transitions.ts';
import type { IllegalTransition } from './transitions.ts';

/** At the door: as near as a good fix between houses can tell. */
export const GEOFENCE_M = FIX_ERROR_M;

export type ProofError =
  | { readonly code: 'DELIVERY_CODE_WRONG'; readonly triesLeft: number }
  | { readonly code: 'DELIVERY_CODE_LOCKED'; readonly tries: number }
  | { readonly code: 'CASH_MISCOUNTED'; readonly dueMinor: number }
  /** A picture alone proves nothing while the courier is elsewhere, and takes no cash. */
  | { readonly code: 'PHOTO_NOT_ENOUGH'; readonly missing: readonly CustodyLink[]; readonly dueMinor: number };

type ProofDecision = Decision<IllegalTransition | NotAssigned | ProofError>;

/** The code that only the customer sees, or a picture of the bags at the door. */
export type Shown = { readonly code: string } | { readonly photo: PhotoRef };

export type DeliveryProof = Shown & {
  readonly courierId: CourierId;
  /** Cash taken at the door, minor units. */
  readonly collectedMinor?: number | undefined;
};

/** The courier came to the door: said once. Empty for a position that says nothing new. */
export function arrivedAt(state: OrderState, courierId: CourierId, at: LatLng): readonly OrderEvent[] {
  const { status, custody, terms } = state;
  const rides = status === 'PICKED_UP' || status === 'IN_TRANSIT';
  if (!rides || custody.arrived !== null || !isAssigned(state, courierId)) return [];
  const awayM = distanceM(at, terms.drop);
  return awayM <= GEOFENCE_M ? [{ type: 'delivery.arrived', courierId, distanceM: awayM }] : [];
}

/**
 * The order judges what the courier shows at the door. Who has the customer's code has met the customer: what else is missing of the
 * chain is waived, and the log says so. A picture needs the courier at the door and nothing to collect.
 */
export function proveDelivery(state: OrderState, proof: DeliveryProof): ProofDecision {
  if (!isAssigned(state, proof.courierId)) return refused({ code: 'NOT_ASSIGNED' });
  return onTheWay(state, (riding) => {
    if ('photo' in proof) return provedByPhoto(riding, proof.photo);
    if (riding.codeRefusals >= DELIVERY_CODE_TRIES) {
      return refused({ code: 'DELIVERY_CODE_LOCKED', tries: DELIVERY_CODE_TRIES });
    }
    if (proof.code !== riding.terms.deliveryCode) {
      const triesLeft = DELIVERY_CODE_TRIES - riding.codeRefusals - 1;
      return { events: [{ type: 'delivery_code.refused' }], answer: err({ code: 'DELIVERY_CODE_WRONG', triesLeft }) };
    }
    return delivered(riding, { by: 'CODE' }, proof.collectedMinor ?? 0);
  });
}

/** An operator says that it was delivered, and why the chain does not show it: a locked code, a dead phone. */
export function overrideDelivery(
  state: OrderState,
  { reason, collectedMinor }: { readonly reason: string; readonly collectedMinor: number },
): ProofDecision {
  return onTheWay(state, (riding) => delivered(riding, { by: 'OVERRIDE', reason }, collectedMinor));
}

/** At the door, so on the way: the report of the departure is a message and may be slower than this. */
function onTheWay(state: OrderState, decide: (riding: OrderState) => ProofDecision): ProofDecision {
  if (state.status === 'PICKED_UP') {
    const { events, answer } = decide({ ...state, status: 'IN_TRANSIT' });
    return { events: [{ type: 'order.departed' }, ...events], answer };
  }
  const legal = transition(state.status, 'DELIVERED');
  return legal.ok ? decide(state) : refused(legal.error);
}

function provedByPhoto(state: OrderState, photo: PhotoRef): ProofDecision {
  const missing = missingLinks(state.custody).filter((link) => link === 'ARRIVED');
  const dueMinor = cashDueMinor(state);
  if (missing.length > 0 || dueMinor > 0) return refused({ code: 'PHOTO_NOT_ENOUGH', missing, dueMinor });
  return delivered(state, { by: 'PHOTO', photo }, 0);
}

type Proof = NonNullable<Extract<OrderEvent, { readonly type: 'order.delivered' }>['proof']>;

function delivered(state: OrderState, proof: Proof, collectedMinor: number): ProofDecision {
  const dueMinor = cashDueMinor(state);
  if (collectedMinor !== dueMinor) return refused({ code: 'CASH_MISCOUNTED', dueMinor });
  const waived = missingLinks(state.custody).filter((link) => link !== 'PROVED');
  return { events: [{ type: 'order.delivered', collectedMinor, proof, waived }], answer: ok(null) };
}

function refused<E>(error: E): Decision<E> {
  return { events: [], answer: err(error) };
}
