import type { OrderId } from '../../../domain/shared/ids.ts';
import type { Authorize, PaymentAnswer, ProviderPayment, Settle } from '../port.ts';

/** What the provider does with a means of payment. Everything else is declined as unknown. */
export const SANDBOX_TOKENS = {
  tok_approve: 'approve',
  /** Approves after 300 ms, about what a card network takes. */
  tok_approve_slowly: 'approve_slowly',
  tok_decline: 'decline',
  /** Reserves the money, then answers only after the caller has given up. */
  tok_timeout_after_charge: 'approve_and_stall',
  /** Answers "pending", approves a little later and sends a signed webhook. */
  tok_approve_late: 'approve_late',
  /** Answers "pending" and stays so: a customer who never approves. */
  tok_stays_pending: 'stay_pending',
  /** Answers 503 to every authorization and keeps no record of it. */
  tok_unavailable: 'unavailable',
} as const;
export type SandboxBehaviour = (typeof SANDBOX_TOKENS)[keyof typeof SANDBOX_TOKENS];

export function behaviourOf(token: string): SandboxBehaviour | null {
  return isKnownToken(token) ? SANDBOX_TOKENS[token] : null;
}
function isKnownToken(token: string): token is keyof typeof SANDBOX_TOKENS {
  return Object.hasOwn(SANDBOX_TOKENS, token);
}

/** As over HTTP: a status, and an answer when it is 200. 409 is an opId that was used for something else. */
export type SandboxReply = { readonly status: 200; readonly answer: PaymentAnswer } | { readonly status: 409 | 503 };

export interface SandboxPspRpc {
  authorize(call: Authorize): Promise<SandboxReply>;
  capture(call: Settle): Promise<SandboxReply>;
  void(call: Settle): Promise<SandboxReply>;
  refund(call: Settle): Promise<SandboxReply>;
  find(orderId: OrderId): Promise<ProviderPayment | null>;
}

/** The provider runs as this many objects, so that its commits do not queue behind each other. */
const SHARDS = 16;

/** The name of the object that keeps the books of an order. */
export function sandboxShard(orderId: OrderId): string {
  let hash = 0;
  for (let index = 0; index < orderId.length; index += 1) hash = (hash * 31 + orderId.charCodeAt(index)) >>> 0;
  return `books-${hash % SHARDS}`;
}

/** One payment in the books. */
export interface Charge extends ProviderPayment {
  readonly orderId: string;
}

export interface Booking {
  /** The charge as it is now; `null` when the books do not change. */
  readonly charge: Charge | null;
  readonly answer: PaymentAnswer;
}

export function authorizeCharge(existing: Charge | null, call: Authorize, behaviour: SandboxBehaviour | null): Booking {
  // One payment an order: a second authorization, or one whose void came first, finds the order's account closed.
  if (existing !== null)
    return declined(existing.status === 'VOIDED' ? 'voided before it came' : 'order has a payment');
  const status = openingStatus(behaviour);
  const charge: Charge = {
    orderId: call.orderId,
    providerRef: `sbx_${call.orderId.slice(4)}`,
    status,
    currency: call.currency,
    authorizedMinor: status === 'DECLINED' ? 0 : call.amountMinor,
    capturedMinor: 0,
    refundedMinor: 0,
  };
  return { charge, answer: answerOf(charge, charge.authorizedMinor) };
}

function openingStatus(behaviour: SandboxBehaviour | null): Charge['status'] {
  switch (behaviour) {
    case 'approve':
    case 'approve_slowly':
    case 'approve_and_stall':
      return 'AUTHORIZED';
    case 'approve_late':
    case 'stay_pending':
      return 'PENDING';
    case 'decline':
    case 'unavailable':
    case null:
      return 'DECLINED';
  }
}

export function captureCharge(existing: Charge | null, { amountMinor, currency }: Settle): Booking {
  if (existing === null || existing.status !== 'AUTHORIZED') return declined(`nothing to capture: ${nameOf(existing)}`);
  if (currency !== existing.currency) return declined('wrong currency');
  if (amountMinor <= 0 || amountMinor > existing.authorizedMinor) return declined('more than was authorized');
  const charge: Charge = { ...existing, status: 'CAPTURED', capturedMinor: amountMinor };
  return { charge, answer: answerOf(charge, amountMinor) };
}

/** A void that comes before its authorization leaves a closed account behind. */
export function voidCharge(existing: Charge | null, { orderId, currency }: Settle): Booking {
  if (existing?.status === 'CAPTURED' || existing?.status === 'REFUNDED') return declined('captured: refund it');
  const known: Charge = existing ?? {
    orderId,
    providerRef: `sbx_${orderId.slice(4)}`,
    status: 'VOIDED',
    currency,
    authorizedMinor: 0,
    capturedMinor: 0,
    refundedMinor: 0,
  };
  const charge: Charge = { ...known, status: 'VOIDED', authorizedMinor: 0 };
  return { charge, answer: { outcome: 'approved', providerRef: charge.providerRef, amountMinor: 0 } };
}

export function refundCharge(existing: Charge | null, { amountMinor, currency }: Settle): Booking {
  if (existing === null || existing.capturedMinor === 0) return declined(`nothing to refund: ${nameOf(existing)}`);
  if (currency !== existing.currency) return declined('wrong currency');
  const refundedMinor = existing.refundedMinor + amountMinor;
  if (amountMinor <= 0 || refundedMinor > existing.capturedMinor) return declined('more than was captured');
  const status = refundedMinor === existing.capturedMinor ? 'REFUNDED' : existing.status;
  const charge: Charge = { ...existing, status, refundedMinor };
  return { charge, answer: { outcome: 'approved', providerRef: charge.providerRef, amountMinor } };
}

/** The late approval; a charge that was voided meanwhile stays void. */
export function approveLate(existing: Charge): Charge {
  return existing.status === 'PENDING' ? { ...existing, status: 'AUTHORIZED' } : existing;
}

function answerOf(charge: Charge, amountMinor: number): PaymentAnswer {
  if (charge.status === 'DECLINED') return { outcome: 'declined', reason: 'declined by the sandbox' };
  if (charge.status === 'PENDING') return { outcome: 'pending', providerRef: charge.providerRef };
  return { outcome: 'approved', providerRef: charge.providerRef, amountMinor };
}

function declined(reason: string): Booking {
  return { charge: null, answer: { outcome: 'declined', reason } };
}

function nameOf(charge: Charge | null): string {
  return charge === null ? 'unknown payment' : charge.status;
}
