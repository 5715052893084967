/**
 * Every way the platform refuses, in one closed table: the HTTP status and the title of its problem document (RFC 9457).
 * Sockets answer with the same codes. `detail` and the explaining numbers come with each occurrence.
 */
export const PROBLEMS = {
  // Requests
  INVALID_INPUT: { status: 400, title: 'The request is not well formed' },
  UNAUTHENTICATED: { status: 401, title: 'Sign in first' },
  TOKEN_EXPIRED: { status: 401, title: 'The access token has expired' },
  TICKET_INVALID: { status: 401, title: 'The socket ticket is unknown, used or expired' },
  WRONG_CREDENTIALS: { status: 401, title: 'Phone, e-mail or password is wrong' },
  SESSION_REVOKED: { status: 401, title: 'The session has ended' },
  ACCOUNT_SUSPENDED: { status: 403, title: 'The account is not active' },
  FORBIDDEN: { status: 403, title: 'Not allowed' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not offered here' },
  ALREADY_EXISTS: { status: 409, title: 'Already taken' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The request is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Send application/json' },
  UPGRADE_REQUIRED: { status: 426, title: 'This address speaks WebSocket' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests' },
  INTERNAL: { status: 500, title: 'Something broke on our side' },
  UNAVAILABLE: { status: 503, title: 'A part this request needs is away' },
  // Idempotency
  IDEMPOTENCY_KEY_REQUIRED: { status: 400, title: 'Send an Idempotency-Key header' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The Idempotency-Key was used with another body' },
  OP_ID_REUSED: { status: 422, title: 'The operation id was used with another body' },
  // Location and catalog
  NOT_SERVICEABLE: { status: 422, title: 'No dark store delivers here' },
  UNKNOWN_SKU: { status: 422, title: 'The store does not sell this SKU' },
  PRICE_CHANGED: { status: 409, title: 'What you agreed to has changed' },
  QUOTE_INVALID: { status: 422, title: 'The quote is not for this order' },
  QUOTE_EXPIRED: { status: 409, title: 'The quote has expired' },
  PROMISE_NOT_POSSIBLE: { status: 409, title: 'The order would not be there in time' },
  STORE_CLOSED: { status: 409, title: 'The store is not taking orders' },
  STORE_BUSY: { status: 503, title: 'The store is too busy, try again shortly' },
  // Stock
  INSUFFICIENT_STOCK: { status: 409, title: 'Not enough stock' },
  STOCK_CHANGED: { status: 409, title: 'The stock has moved since you looked' },
  HOLD_ID_REUSED: { status: 422, title: 'The hold id was used with another basket' },
  HOLD_NOT_FOUND: { status: 404, title: 'No such hold' },
  HOLD_EXPIRED: { status: 409, title: 'The hold has expired' },
  HOLD_NOT_RENEWABLE: { status: 409, title: 'The hold cannot be renewed' },
  HOLD_RELEASED: { status: 409, title: 'The hold was released' },
  // Lots
  UNKNOWN_LOT: { status: 422, title: 'The store never received this lot' },
  LOT_CLOSED: { status: 409, title: 'The lot is expired or recalled' },
  LOT_DATE_DIFFERS: { status: 422, title: 'The lot has another best-before date' },
  // Counts and transfers
  COUNT_NOT_FOUND: { status: 404, title: 'No such count' },
  COUNT_TAKEN: { status: 409, title: 'Someone else is counting this' },
  COUNT_STATE: { status: 409, title: 'The count is not at this step' },
  TRANSFER_NOT_FOUND: { status: 404, title: 'No such transfer' },
  TRANSFER_STATE: { status: 409, title: 'The transfer is not at this step' },
  TRANSFER_ID_REUSED: { status: 422, title: 'The transfer number was used with other goods' },
  NOT_QUARANTINED: { status: 409, title: 'The SKU is not in quarantine' },
  STOCK_DISAGREES: { status: 409, title: 'The books of this SKU do not agree' },
  // Carts
  CART_EMPTY: { status: 409, title: 'The cart is empty' },
  CART_CHANGED: { status: 409, title: 'The cart has changed since you looked' },
  CHECKOUT_OPEN: { status: 409, title: 'This cart is being ordered already' },
  // Orders and money
  ILLEGAL_TRANSITION: { status: 409, title: 'The order cannot go there from here' },
  ORDER_NOT_CANCELLABLE: { status: 409, title: 'The order can no longer be cancelled' },
  NOT_STUCK: { status: 409, title: 'The order does not wait for this' },
  PAYMENT_DECLINED: { status: 402, title: 'The payment was declined' },
  CURRENCY_MISMATCH: { status: 422, title: 'The money is of another currency' },
  NOTHING_TO_REFUND: { status: 409, title: 'No money of this order can be given back now' },
  REFUND_TOO_HIGH: { status: 409, title: 'More than is left of what was paid' },
  CASH_SETTLED: { status: 409, title: 'No cash of this order is outstanding' },
  PAYMENT_UNKNOWN: { status: 503, title: 'The payment provider did not answer yet' },
  // Floor
  TASK_NOT_FOUND: { status: 404, title: 'No such pick task' },
  TASK_TAKEN: { status: 409, title: 'Another picker has this task' },
  TASK_STATE: { status: 409, title: 'The task is not at this step' },
  WAVE_OPEN: { status: 409, title: 'Pack or give back what you have first' },
  UNKNOWN_BARCODE: { status: 422, title: 'No SKU of this store has this barcode' },
  WRONG_ITEM: { status: 422, title: 'This item is not on the pick list' },
  OVER_QUANTITY: { status: 422, title: 'The line is picked already' },
  WEIGHT_NEEDED: { status: 422, title: 'This article is sold by weight' },
  TASK_REQUEUED: { status: 409, title: 'The task went back to the queue' },
  AMBIGUOUS_BARCODE: { status: 422, title: 'Several SKUs of this store have this barcode' },
  UNREADABLE_BARCODE: { status: 422, title: 'This is no code of an article' },
  LOT_EXPIRED: { status: 422, title: 'The item is past its date' },
  SEAL_USED: { status: 409, title: 'The seal closes another bag' },
  SEALS_MISMATCH: { status: 422, title: 'The scanned seals are not those of the bags' },
  HANDOVER_CODE_WRONG: { status: 422, title: 'The handover code is not the one of the assigned courier' },
  HANDOVER_CODE_LOCKED: { status: 423, title: 'Too many wrong handover codes' },
  DEVICE_GAP: { status: 409, title: 'A command of this journal is missing' },
  DEVICE_SEQ_REUSED: { status: 422, title: 'The number of this journal was used with another command' },
  VERSION_UNSUPPORTED: { status: 426, title: 'The store does not speak this version' },
  // Substitution
  SUBSTITUTION_BARRED: { status: 409, title: 'No substitute may be proposed for this' },
  SUBSTITUTE_RULED_OUT: { status: 422, title: 'This article may not stand in for that one' },
  SUBSTITUTION_OPEN: { status: 409, title: 'A substitute waits for its answer' },
  SUBSTITUTION_OVER: { status: 409, title: 'The substitute is not to be decided any more' },
  // Weight
  QUESTION_OVER: { status: 409, title: 'The question is not to be answered any more' },
  // Dispatch and delivery
  OFFER_GONE: { status: 409, title: 'The offer is no longer open' },
  NOT_ON_SHIFT: { status: 409, title: 'Start the shift first' },
  NOT_ASSIGNED: { status: 403, title: 'This order is not assigned to you' },
  POSITION_REFUSED: { status: 422, title: 'The position is not plausible' },
  DELIVERY_CODE_WRONG: { status: 422, title: 'The delivery code is wrong' },
  NOT_REASSIGNABLE: { status: 409, title: 'The courier cannot be taken off now' },
  PHOTO_NOT_ENOUGH: { status: 409, title: 'A picture does not prove this delivery' },
  DELIVERY_CODE_LOCKED: { status: 423, title: 'Too many wrong delivery codes' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A refusal as a value: the closed code and whatever numbers explain it. Nothing in it is personal. */
export interface Refusal<Code extends ProblemCode = ProblemCode> {
  readonly code: Code;
  /** One sentence that says what to do. */
  readonly detail: string;
  /** The numbers behind the refusal, such as `{ shortages: [{ sku, requested, available }] }`. */
  readonly numbers?: { readonly [name: string]: Json };
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function refuse<const Code extends ProblemCode>(
  code: Code,
  detail: string,
  numbers?: { readonly [name: string]: Json },
): Refusal<Code> {
  return numbers === undefined ? { code, detail } : { code, detail, numbers };
}
