import { allocate } from '../money/allocate.ts';
import { PPM, shareMinor } from '../money/share.ts';
import type { PricedBasket, PricedLine } from './basket-price.ts';
import { addUp } from './totals.ts';
import type { Totals } from './totals.ts';

/**
 * What a city, or a store of it, charges beside its prices: data, published with the network. Whatever is absent is not charged. All
 * amounts are minor units of the city's currency, before any discount where they speak of items.
 */
export interface ChargeRules {
  /** A basket whose items come to less pays this. */
  readonly smallCart?: { readonly belowMinor: number; readonly feeMinor: number } | undefined;
  /**
   * By distance as the crow flies, nearest first: the first tier that reaches the door. The last one goes for all beyond it.
   * Absent: the store's flat fee.
   */
  readonly deliveryTiers?: readonly { readonly upToM: number; readonly feeMinor: number }[] | undefined;
  /** From these items on delivery is free. The surge fee is not. */
  readonly freeDeliveryFromMinor?: number | undefined;
  /** So much off the items, in parts per million, from these items on; never more than the cap. */
  readonly offer?: { readonly fromMinor: number; readonly offPpm: number; readonly maxMinor: number } | undefined;
  /** On items less discount, and on every fee; never on the tip. `included`: prices and fees contain it. */
  readonly tax?: { readonly ratePpm: number; readonly included: boolean } | undefined;
  /** How far the weight of what is sold by weight may be from the nominal one, parts per million. Absent: a tenth. */
  readonly weightTolerancePpm?: number | undefined;
  /** By how long the store would need for the next order (ready time at p90), least first. The last step bounds the fee. */
  readonly surgeSteps?: readonly SurgeStep[] | undefined;
}
export interface SurgeStep {
  readonly fromReadyP90Ms: number;
  readonly feeMinor: number;
}

/** What the charges of one order at one store depend on. */
export interface ChargeContext {
  readonly flatDeliveryFeeMinor: number;
  readonly distanceM: number;
  readonly readyP90Ms: number;
  readonly tipMinor: number;
}

/** Why there is a surge fee: the load of the store, and the step it is on. */
export interface SurgeReason {
  readonly readyP90Ms: number;
  readonly fromReadyP90Ms: number;
}

export interface ChargedBasket extends Totals {
  readonly lines: readonly (PricedLine & { readonly discountMinor: number })[];
  /** Absent: no surge. */
  readonly surge?: SurgeReason;
}

/** Everything an order comes to at one store. The parts add up to the total exactly. */
export function chargeBasket(
  { lines, itemsMinor }: PricedBasket,
  rules: ChargeRules,
  context: ChargeContext,
): ChargedBasket {
  const { smallCart, freeDeliveryFromMinor = Infinity } = rules;
  const step = surgeStep(rules, context.readyP90Ms);
  const discountMinor = discountOf(itemsMinor, rules);
  const smallCartFeeMinor = smallCart !== undefined && itemsMinor < smallCart.belowMinor ? smallCart.feeMinor : 0;
  const deliveryFeeMinor = itemsMinor >= freeDeliveryFromMinor ? 0 : distanceFee(rules, context);
  const surgeFeeMinor = step?.feeMinor ?? 0;
  const taxedMinor = itemsMinor - discountMinor + smallCartFeeMinor + deliveryFeeMinor + surgeFeeMinor;
  const totals = addUp({
    itemsMinor,
    discountMinor,
    smallCartFeeMinor,
    deliveryFeeMinor,
    surgeFeeMinor,
    taxMinor: taxOf(taxedMinor, rules),
    taxIncluded: rules.tax?.included ?? false,
    tipMinor: context.tipMinor,
  });
  const discounts = allocate(
    discountMinor,
    lines.map(({ quantity, unitPriceMinor }) => quantity * unitPriceMinor),
  );
  return {
    ...totals,
    lines: lines.map((line, lineNo) => ({ ...line, discountMinor: discounts[lineNo] ?? 0 })),
    ...(step !== undefined && {
      surge: { readyP90Ms: context.readyP90Ms, fromReadyP90Ms: step.fromReadyP90Ms },
    }),
  };
}

function discountOf(itemsMinor: number, { offer }: ChargeRules): number {
  if (offer === undefined || itemsMinor < offer.fromMinor) return 0;
  return Math.min(offer.maxMinor, shareMinor(itemsMinor, offer.offPpm, PPM));
}

function distanceFee({ deliveryTiers = [] }: ChargeRules, { distanceM, flatDeliveryFeeMinor }: ChargeContext): number {
  const tier = deliveryTiers.find(({ upToM }) => distanceM <= upToM) ?? deliveryTiers.at(-1);
  return tier?.feeMinor ?? flatDeliveryFeeMinor;
}

function surgeStep({ surgeSteps = [] }: ChargeRules, readyP90Ms: number): SurgeStep | undefined {
  return surgeSteps.findLast(({ fromReadyP90Ms }) => readyP90Ms >= fromReadyP90Ms);
}

/** Contained in an amount that includes it: amount × rate / (1 + rate). */
function taxOf(taxedMinor: number, { tax }: ChargeRules): number {
  if (tax === undefined) return 0;
  return shareMinor(taxedMinor, tax.ratePpm, tax.included ? PPM + tax.ratePpm : PPM);
}
