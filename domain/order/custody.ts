import type { CourierId } from '../shared/ids.ts';
import type { OrderEvent } from './order.ts';

/** The links from the packing table to the customer's hand. */
export const CUSTODY_LINKS = ['SEALED', 'HANDED_OVER', 'ARRIVED', 'PROVED'] as const;
export type CustodyLink = (typeof CUSTODY_LINKS)[number];

/** What shows that the order was handed over: the customer's code, a picture of the bags at the door, or an operator's word. */
export type ProofKind = 'CODE' | 'PHOTO' | 'OVERRIDE';

/** A picture that was uploaded elsewhere: where, and its SHA-256 in hex. */
export interface PhotoRef {
  readonly ref: string;
  readonly sha256: string;
}

/** Who had the bags when, as the log says it; `null` for a link that is missing. */
export interface Custody {
  readonly sealed: { readonly atMs: number; readonly seals: readonly string[] } | null;
  readonly handedOver: { readonly atMs: number; readonly seals: readonly string[] } | null;
  readonly arrived: { readonly atMs: number; readonly courierId: CourierId; readonly distanceM: number } | null;
  readonly proved: {
    readonly atMs: number;
    readonly by: ProofKind;
    readonly photo?: PhotoRef;
    readonly reason?: string;
  } | null;
  /** What was missing at the door and let go, with the proof that let it go. */
  readonly waived: readonly CustodyLink[];
}
export const NO_CUSTODY: Custody = { sealed: null, handedOver: null, arrived: null, proved: null, waived: [] };

/** The links that are neither there nor waived. */
export function missingLinks({ sealed, handedOver, arrived, proved, waived }: Custody): readonly CustodyLink[] {
  const links = { SEALED: sealed, HANDED_OVER: handedOver, ARRIVED: arrived, PROVED: proved };
  return CUSTODY_LINKS.filter((link) => links[link] === null && !waived.includes(link));
}

/** The chain after an event; the same when it is no link. */
export function linkCustody(custody: Custody, event: OrderEvent, atMs: number): Custody {
  if (event.type === 'order.ready' && event.seals !== undefined) {
    return { ...custody, sealed: { atMs, seals: event.seals } };
  }
  if (event.type === 'order.picked_up') return { ...custody, handedOver: { atMs, seals: event.seals ?? [] } };
  if (event.type === 'delivery.arrived') {
    const { courierId, distanceM } = event;
    return { ...custody, arrived: { atMs, courierId, distanceM } };
  }
  if (event.type === 'order.delivered') {
    const proved = { atMs, ...(event.proof ?? { by: 'CODE' }) };
    return { ...custody, proved, waived: event.waived ?? missingLinks({ ...custody, proved }) };
  }
  return custody;
}
