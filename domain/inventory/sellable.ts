import { asChannelId } from '../shared/ids.ts';
import type { ChannelId, Sku } from '../shared/ids.ts';
import type { Account } from './ledger.ts';

// Available-to-promise: what can still be sold of a SKU, and to whom.

/** Our own shop; the channel of whoever names none. */
export const APP_CHANNEL = asChannelId('app');

/** What the store knows of a SKU: its account, and what keeps units of it from being sold. */
export interface StockAccount extends Account {
  /** Available units that are kept back: the shelf may have fewer than the ledger thinks. */
  readonly safetyUnits: number;
  /** Its ledger is in doubt: nothing is sold until someone has looked. */
  readonly quarantined: boolean;
}

/** Units ring-fenced for one channel: while it has not taken them, others cannot. */
export interface Fence {
  readonly channel: ChannelId;
  readonly allocationUnits: number;
  /** What is left of the allocation. */
  readonly unusedUnits: number;
}

/** What channels may take of one store. */
export interface ChannelTerms {
  /** Units of each SKU that a channel leaves for others; 0 for a channel that is not named. */
  readonly bufferUnits: ReadonlyMap<ChannelId, number>;
  readonly fences: ReadonlyMap<Sku, readonly Fence[]>;
}
export const NO_TERMS: ChannelTerms = { bufferUnits: new Map(), fences: new Map() };

/** The part of the terms that concerns one channel and one SKU. */
export interface SaleTerms {
  readonly bufferUnits: number;
  readonly fences: readonly Fence[];
}
const FREE_SALE: SaleTerms = { bufferUnits: 0, fences: [] };

export function saleTermsOf(terms: ChannelTerms, channel: ChannelId, sku: Sku): SaleTerms {
  if (terms === NO_TERMS) return FREE_SALE;
  return { bufferUnits: terms.bufferUnits.get(channel) ?? 0, fences: terms.fences.get(sku) ?? [] };
}

/** What can be sold at all: not the safety stock, and nothing while the SKU is quarantined. Blocked units are not available anyway. */
function sellableUnits({ level, safetyUnits, quarantined }: Omit<StockAccount, 'sequence'>): number {
  return quarantined ? 0 : Math.max(0, level.available - safetyUnits);
}

/**
 * What a channel may still take: the unused units of its own fence, and of the units that nobody has fenced, all but its buffer.
 * When the shelf has fewer units than were fenced in all, the fences share it: first come, first served.
 */
export function sellableTo(
  channel: ChannelId,
  account: Omit<StockAccount, 'sequence'>,
  { bufferUnits, fences }: SaleTerms,
): number {
  const sellable = sellableUnits(account);
  if (bufferUnits === 0 && fences.length === 0) return sellable;
  const own = unusedOf(fences, channel);
  const fenced = fences.reduce((units, fence) => units + fence.unusedUnits, 0);
  return Math.min(sellable, own + Math.max(0, sellable - fenced - bufferUnits));
}

/** How many of the units that a channel takes come from its own fence; the rest come from what nobody has fenced. */
export function fencedUnitsOf(channel: ChannelId, quantity: number, { fences }: SaleTerms): number {
  return Math.min(quantity, unusedOf(fences, channel));
}

/** The terms after units were taken from a channel's fences; `units` are below zero. */
export function takeFenced(
  terms: ChannelTerms,
  channel: ChannelId,
  taken: readonly { readonly sku: Sku; readonly units: number }[],
): ChannelTerms {
  const fences = new Map(terms.fences);
  for (const { sku, units } of taken) {
    const changed = (fences.get(sku) ?? []).map((fence) =>
      fence.channel === channel ? { ...fence, unusedUnits: fence.unusedUnits + units } : fence,
    );
    fences.set(sku, changed);
  }
  return { ...terms, fences };
}

function unusedOf(fences: readonly Fence[], channel: ChannelId): number {
  return fences.find((fence) => fence.channel === channel)?.unusedUnits ?? 0;
}
