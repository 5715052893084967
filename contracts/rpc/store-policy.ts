import type { StorePolicy } from '../../domain/inventory/store-policy.ts';
import type { ChannelId, Sku } from '../../domain/shared/ids.ts';
import type { Command } from '../actor.ts';

/** How the store treats carts from now on. */
export interface SetStorePolicy extends Command, StorePolicy {
  readonly do: 'SetStorePolicy';
}

/** What one channel may take of the shelf. Replaces the channel's terms as a whole. */
export interface SetChannelTerms extends Command {
  readonly do: 'SetChannelTerms';
  readonly channel: ChannelId;
  /** Units of each SKU that the channel leaves for others. */
  readonly bufferUnits: number;
  /** Units ring-fenced for the channel from now on: others cannot take them while it has not. At most 1,000 SKUs. */
  readonly allocations: readonly { readonly sku: Sku; readonly allocationUnits: number }[];
}
export interface ChannelTermsView {
  readonly channel: ChannelId;
  readonly bufferUnits: number;
  readonly allocatedSkus: number;
}

/** How a store sells: what operators set. */
export interface PolicyCommands {
  readonly SetStorePolicy: {
    readonly command: SetStorePolicy;
    readonly answer: StorePolicy;
    readonly refuses: never;
  };
  readonly SetChannelTerms: {
    readonly command: SetChannelTerms;
    readonly answer: ChannelTermsView;
    readonly refuses: 'UNKNOWN_SKU';
  };
}
