/** When a customer's basket sets units aside: put into the cart, put there and scarce, or only when the order is placed. */
export const HOLD_ON = ['cart', 'scarce', 'checkout'] as const;
export type HoldOn = (typeof HOLD_ON)[number];

/** How a store treats carts. */
export interface StorePolicy {
  readonly holdOn: HoldOn;
  /** A SKU with this many sellable units or fewer is scarce. */
  readonly scarceAtUnits: number;
}

/** A flash crowd must not freeze a shelf: what there is enough of is not set aside before it is ordered. */
export const DEFAULT_POLICY: StorePolicy = { holdOn: 'scarce', scarceAtUnits: 10 };

/** Whether a cart sets aside a SKU of which so many units can be sold. */
export function setsAside({ holdOn, scarceAtUnits }: StorePolicy, sellableUnits: number): boolean {
  return holdOn === 'cart' || (holdOn === 'scarce' && sellableUnits <= scarceAtUnits);
}
