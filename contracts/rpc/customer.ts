import type { Cart, CartLine } from '../../domain/cart/cart.ts';
import type { CartChange, CutLine } from '../../domain/cart/change.ts';
import type { BasketLine } from '../../domain/inventory/basket-lines.ts';
import type { OrderWishes } from '../../domain/picking/order-wishes.ts';
import type { HoldId, OrderId, StoreId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Decline, WalletPayment } from '../../domain/wallet/wallet.ts';
import type { EntryKind } from '../../domain/wallet/ledger.ts';
import type { Actor, Command } from '../actor.ts';
import type { Refusal } from '../problem.ts';

/** The hold of a cart: what it is called and where it is, or should be. What became of it, only the store knows. */
export interface CartHoldRef {
  readonly storeId: StoreId;
  readonly holdId: HoldId;
}
export interface CartSnapshot {
  readonly cart: Omit<Cart, 'holdNo'>;
  /** `null` for an empty cart and for one without a store. */
  readonly hold: CartHoldRef | null;
}

export interface ChangeCart extends Command {
  readonly change: CartChange;
}
export interface CartChanged extends CartSnapshot {
  /** Of a merge: what could not be summed up whole. */
  readonly cut: readonly CutLine[];
  /** The hold that this very call made needless. It is given back in any case; whoever holds anew gives it back first. */
  readonly superseded: CartHoldRef | null;
}
/** The hold is over: the same goods are to be held under another name. Changes nothing when it is not the cart's hold. */
export interface RenameCartHold extends Command {
  readonly holdId: HoldId;
}

export interface BeginCheckout extends Command {
  readonly cartVersion: number;
  readonly orderId: OrderId;
  /** SHA-256 of the canonical request body, hex: the same order with another body is refused. */
  readonly bodyDigest: string;
}
/** What the order is made of. The same order gets the same one, whatever the cart has become since. */
export interface CheckoutView {
  readonly cartVersion: number;
  readonly lines: readonly BasketLine[];
  readonly wishes: OrderWishes;
  readonly notes: readonly Pick<CartLine, 'sku' | 'note'>[];
  /** To be promoted by the order at this store; held anew when it is gone. */
  readonly hold: CartHoldRef | null;
}
/** The order tells how it came out. */
export interface SettleCheckout extends Command {
  readonly orderId: OrderId;
  readonly outcome: 'CONFIRMED' | 'FAILED';
  /** Whether the order took the cart's hold over. */
  readonly tookHold: boolean;
}

/** One movement of a payment, asked for by its order. The shape of a payment provider's port. */
export interface PayFromWallet extends Command {
  readonly do: 'authorize' | 'capture' | 'void' | 'refund';
  readonly orderId: OrderId;
  /** Minor units; of a void, not looked at. */
  readonly amountMinor: number;
  readonly currency: string;
}
export type WalletAnswer =
  | { readonly outcome: 'approved'; readonly providerRef: string; readonly amountMinor: number }
  | { readonly outcome: 'declined'; readonly reason: Decline };
export interface WalletQuestion {
  readonly actor: Actor;
  readonly orderId: OrderId;
}
export interface WalletPaymentView extends Omit<WalletPayment, 'orderId'> {
  readonly providerRef: string;
  /** `null` in a wallet that never had any money. */
  readonly currency: string | null;
}
/** Money from outside: an operator puts it in, or an order gives back what was paid otherwise. */
export interface CreditWallet extends Command {
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
}
export interface WalletView {
  /** `null` while there was never any money. */
  readonly currency: string | null;
  readonly availableMinor: number;
  readonly reservedMinor: number;
  /** Newest first. */
  readonly entries: readonly WalletEntryView[];
  /** Ask for what is before this one; `null` when there is no more. */
  readonly before: number | null;
}
export interface WalletEntryView {
  readonly seq: number;
  readonly kind: EntryKind;
  readonly orderId: OrderId | null;
  /** What it put into each; below zero: took from it. */
  readonly availableMinor: number;
  readonly reservedMinor: number;
  readonly atMs: number;
}
export interface WalletPageQuestion {
  readonly actor: Actor;
  /** Entries with a lower number only. */
  readonly before?: number;
  /** 1 to 100. */
  readonly limit: number;
}

type Denied = Refusal<'FORBIDDEN'>;
type CallRefusal = Denied | Refusal<'OP_ID_REUSED'>;
export type CartRefusal = CallRefusal | Refusal<'INVALID_INPUT'>;
export type CheckoutRefusal =
  | Denied
  | Refusal<'IDEMPOTENCY_KEY_REUSED' | 'CART_EMPTY' | 'CART_CHANGED' | 'CHECKOUT_OPEN'>;
export type CreditRefusal = CallRefusal | Refusal<'INVALID_INPUT' | 'CURRENCY_MISMATCH'>;

/** One customer: cart and wallet. Named by the customer's user id. */
export interface CustomerRpc {
  cart(actor: Actor): Promise<Result<CartSnapshot, Denied>>;
  changeCart(command: ChangeCart): Promise<Result<CartChanged, CartRefusal>>;
  renameCartHold(command: RenameCartHold): Promise<Result<CartSnapshot, CallRefusal>>;
  /** Idempotent by order id. */
  beginCheckout(command: BeginCheckout): Promise<Result<CheckoutView, CheckoutRefusal>>;
  settleCheckout(command: SettleCheckout): Promise<Result<null, CallRefusal>>;
  payFromWallet(command: PayFromWallet): Promise<Result<WalletAnswer, CallRefusal>>;
  /** `null` when nothing was ever asked for this order. */
  findWalletPayment(question: WalletQuestion): Promise<Result<WalletPaymentView | null, Denied>>;
  creditWallet(command: CreditWallet): Promise<Result<WalletView, CreditRefusal>>;
  wallet(question: WalletPageQuestion): Promise<Result<WalletView, Denied>>;
}
