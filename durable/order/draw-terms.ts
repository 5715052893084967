import type { PlaceOrder } from '../../contracts/rpc/order.ts';
import { orderNumber } from '../../domain/order/number.ts';
import type { Candidate, OrderTerms } from '../../domain/order/order.ts';
import type { Provider } from '../../domain/order/payment-method.ts';
import { WAIT_MAX_MS } from '../../domain/order/waiting.ts';
import { invariant } from '../../domain/shared/assert.ts';
import { asHoldId, timeOrderedId } from '../../domain/shared/ids.ts';
import type { HoldId } from '../../domain/shared/ids.ts';

/** The terms of a new order: what was asked, and the ids and codes that are drawn for it, once. */
export function drawTerms(command: PlaceOrder, providers: readonly Provider[]): OrderTerms {
  const nowMs = Date.now();
  const [best, ...others] = command.candidates.map((store): Candidate => ({
    ...store,
    holdId: drawHoldId(nowMs),
  }));
  invariant(best !== undefined, 'an order needs a store that could serve it');
  const { payment } = command;
  return {
    orderId: command.orderId,
    number: orderNumber(command.orderId),
    customerId: command.customerId,
    bodyDigest: command.bodyDigest,
    drop: command.drop,
    dropNote: command.dropNote,
    candidates: [best, ...others],
    method: payment.method,
    providers,
    token: payment.token ?? '',
    deliveryCode: randomDigits(4),
    handoverCode: drawHandoverCode(),
    secondHoldId: drawHoldId(nowMs),
    tellsMoney: true,
    ...(command.wishes !== undefined && { wishes: command.wishes }),
    ...(command.ranking !== undefined && { ranking: command.ranking }),
    ...(command.mayWait === true && { waitMaxMs: WAIT_MAX_MS }),
    ...(command.cart !== undefined && { cart: command.cart }),
  };
}

function drawHoldId(nowMs: number): HoldId {
  return asHoldId(timeOrderedId('HoldId', nowMs, randomBytes(10)));
}

/** Six digits that a courier shows at the store. */
export function drawHandoverCode(): string {
  return randomDigits(6);
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** Decimal digits, each equally likely: bytes that would favour low digits are drawn again. */
function randomDigits(count: number): string {
  let digits = '';
  while (digits.length < count) for (const byte of randomBytes(16)) if (byte < 250) digits += byte % 10;
  return digits.slice(0, count);
}
