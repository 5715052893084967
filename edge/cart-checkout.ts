import { RPC_VERSION } from '../contracts/actor.ts';
import type { Caller } from '../contracts/actor.ts';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { CheckoutRefusal, CheckoutView } from '../contracts/rpc/customer.ts';
import type { PlaceOrder } from '../contracts/rpc/order.ts';
import type { BasketLine } from '../domain/inventory/basket-lines.ts';
import { asOpId } from '../domain/shared/ids.ts';
import type { OrderId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { customerStub } from '../durable/stubs.ts';
import { lookAtHold } from './cart-hold.ts';
import { askObject } from './object-call.ts';
import { readBasket } from './order-basket.ts';
import type { KeptUnits } from './store-options.ts';
import type { Reader } from './storefront.ts';

type Customer = Extract<Caller, { readonly kind: 'customer' }>;

/** What is to be priced: the lines of a request, or those of a cart with what its store keeps for it. */
export interface AskedBasket {
  readonly basket: readonly BasketLine[];
  readonly kept: KeptUnits | null;
}
interface BasketBody {
  readonly lines?: readonly { readonly sku: string; readonly quantity: number }[] | undefined;
  readonly cartVersion?: number | undefined;
}

/** The basket that a body names, by its lines or by the version of the cart. */
export async function askedBasket(
  reader: Reader,
  actor: Customer,
  { lines, cartVersion }: BasketBody,
): Promise<Result<AskedBasket, CheckoutRefusal | Refusal<'INVALID_INPUT' | 'UNAVAILABLE'>>> {
  if ((lines === undefined) === (cartVersion === undefined)) return err(ONE_OF_BOTH);
  if (lines !== undefined) {
    const basket = readBasket(lines);
    return basket.ok ? ok({ basket: basket.value, kept: null }) : basket;
  }
  const found = await askObject(() => customerStub(reader.env, actor.userId).cart(actor));
  if (!found.ok) return found;
  const { cart } = found.value;
  if (cart.version !== cartVersion) {
    const detail = 'Look at the cart again, then order what is in it now.';
    return err(refuse('CART_CHANGED', detail, { cartVersion: cart.version }));
  }
  if (cart.lines.length === 0) return err(refuse('CART_EMPTY', 'Put something into the cart first.'));
  const basket = readBasket(cart.lines);
  if (!basket.ok) return basket;
  const { hold } = await lookAtHold(reader, actor, found.value);
  const isKept = hold?.status === 'HELD' && hold.kind === 'cart' && cart.serving !== null;
  const kept = isKept ? { storeId: cart.serving.storeId, lines: hold.setAside } : null;
  return ok({ basket: basket.value, kept });
}

/** Names an order: its id is made of the key, its digest of the body. */
interface OrderClaim {
  readonly orderId: OrderId;
  readonly bodyDigest: string;
}

/** The basket of an order. Of a cart that was ordered under this key before, the checkout still knows what was in it. */
export async function orderedBasket(
  reader: Reader,
  actor: Customer,
  claim: OrderClaim,
  body: BasketBody & { readonly avoidAllergens?: readonly string[] | undefined },
): ReturnType<typeof askedBasket> {
  const { cartVersion, avoidAllergens } = body;
  if (cartVersion !== undefined && avoidAllergens !== undefined) return err(SAID_TWICE);
  const asked = await askedBasket(reader, actor, body);
  if (asked.ok || asked.error.code !== 'CART_CHANGED') return asked;
  const opened = await openCheckout(reader, actor, claim, cartVersion);
  if (!opened.ok || opened.value === null) return opened.ok ? asked : opened;
  const basket = readBasket(opened.value.lines);
  return basket.ok ? ok({ basket: basket.value, kept: null }) : basket;
}

/** Opens the checkout of a cart for an order, or finds the one that it has; `null` for an order that is made of lines. */
export async function openCheckout(
  { env }: Reader,
  actor: Customer,
  claim: OrderClaim,
  cartVersion: number | undefined,
): Promise<Result<CheckoutView | null, CheckoutRefusal | Refusal<'UNAVAILABLE'>>> {
  if (cartVersion === undefined) return ok(null);
  const opId = asOpId(`checkout:${claim.orderId}`);
  const command = { v: RPC_VERSION, actor, opId, ...claim, cartVersion };
  return askObject(() => customerStub(env, actor.userId).beginCheckout(command));
}

/** What an order takes over of the cart that it is made of. */
export function ofCart({ wishes, cartVersion, hold }: CheckoutView): Pick<PlaceOrder, 'wishes' | 'cart'> {
  return { wishes, cart: { version: cartVersion, hold } };
}

const SAID_TWICE = refuse('INVALID_INPUT', 'Leave out `avoidAllergens`: the cart says what to avoid.');
const ONE_OF_BOTH = refuse('INVALID_INPUT', 'Send either `lines` or `cartVersion`.');
