import type { Command } from '../../contracts/actor.ts';
import type { ReceivedStock, StockLine } from '../../contracts/rpc/store.ts';
import type { StoreCommandName, StoreCommands } from '../../contracts/rpc/store-commands.ts';
import type { RejectReason } from '../../domain/picking/pick-task.ts';
import type { ShortPickReason } from '../../domain/picking/short-pick.ts';
import type { Buyer, StoreIndex } from './cast.ts';

type Lines = readonly StockLine[];

/** A basket that is asked for. */
export interface HoldAct {
  readonly do: 'hold';
  readonly hold: number;
  readonly buyer: Buyer;
  /** The order that an order's basket is for; the same number as the hold's, mostly. */
  readonly order: number;
  readonly lines: Lines;
}

/** What the floor does with a task; `line` is the n-th of its open lines. */
export type FloorAct =
  | { readonly do: 'accept' | 'claim' | 'claimWave' | 'heartbeat' | 'letGo' | 'handoff' }
  | { readonly do: 'reject'; readonly reason: RejectReason; readonly notThere: boolean }
  /** `null`: all that is still missing. */
  | { readonly do: 'scan' | 'restock'; readonly line: number; readonly quantity: number | null }
  | { readonly do: 'short'; readonly line: number; readonly quantity: number; readonly reason: ShortPickReason }
  | { readonly do: 'pack'; readonly sealed: boolean }
  | { readonly do: 'handover'; readonly code: string };

/** What a command wants, without who and which; of one that may be said in several ways, each way. */
type WhatOf<C> = C extends Command ? Omit<C, keyof Command> : never;

/** Commands of staff and of other stores: acts of their own, because they depend on what is there. */
type SaidOtherwise = keyof typeof SAID_OTHERWISE;
/** An order's own word about its substitutes and its place in line: nothing is proposed and nobody waits in these histories. */
type SaidByOrders = 'SettleSubstitution' | 'JoinLine' | 'LeaveLine';
/** Everything else that a store is told to do, without what every command carries. */
export type OperatorCommandName = Exclude<StoreCommandName, SaidOtherwise | SaidByOrders>;
export type OperatorCommand<N extends OperatorCommandName = OperatorCommandName> = {
  readonly [K in N]: WhatOf<StoreCommands[K]['command']> & { readonly do: K };
}[N];

/** How each of them is said: the act, or the act that has a store say it to the other. */
const SAID_OTHERWISE = {
  StartCount: 'startCount',
  SubmitCount: 'submitCount',
  SendTransfer: 'send',
  ReceiveTransfer: 'unload',
  CancelTransfer: 'callBack',
  ExpectTransfer: 'send',
  CloseTransfer: 'callBack',
  SettleTransfer: 'unload',
  // Whoever claims comes on shift.
  StartShift: 'floor',
} as const satisfies { readonly [N in StoreCommandName]?: ActName };

/** One thing that somebody does to the store, or that time does. Small numbers name holds, orders, notes and transfers. */
export type Act =
  | HoldAct
  /** Many baskets in one call. */
  | { readonly do: 'holdMany'; readonly holds: readonly HoldAct[] }
  | { readonly do: 'renew' | 'release'; readonly hold: number; readonly buyer: Buyer; readonly order: number }
  | { readonly do: 'promote'; readonly hold: number; readonly order: number; readonly buyer: 'customer' | 'channel' }
  /** `keep`: of each line so many units at most; `null` is the whole basket. */
  | { readonly do: 'commit'; readonly hold: number; readonly order: number; readonly keep: number | null }
  | { readonly do: 'expectCourier' | 'cancelPick'; readonly order: number }
  | { readonly do: 'floor'; readonly picker: 0 | 1; readonly order: number; readonly what: FloorAct }
  | { readonly do: 'receive'; readonly note: number; readonly lines: readonly ReceivedStock[] }
  /** What an operator tells the first store. */
  | { readonly do: 'execute'; readonly command: OperatorCommand }
  | { readonly do: 'startCount'; readonly count: number; readonly picker: 0 | 1 }
  /** `off`: units more than the ledger has on the shelf. */
  | { readonly do: 'submitCount'; readonly count: number; readonly picker: 0 | 1; readonly off: number }
  | { readonly do: 'send'; readonly transfer: number; readonly from: StoreIndex; readonly lines: Lines }
  /** `missing`: units of the first line that were not on the van. */
  | { readonly do: 'unload'; readonly transfer: number; readonly from: StoreIndex; readonly missing: number }
  | { readonly do: 'callBack'; readonly transfer: number; readonly from: StoreIndex }
  /** `alarm`: whether it rings on time, afterwards, twice, or not at all. */
  | { readonly do: 'pass'; readonly ms: number; readonly alarm: 'on time' | 'late' | 'twice' | 'lost' }
  /** Of the next command's writes, the n-th fails, once. */
  | { readonly do: 'fault'; readonly after: number }
  /** The n-th call before this one comes again, as after a lost answer. */
  | { readonly do: 'again'; readonly ago: number }
  /** Another command under the id of the n-th call before this one. */
  | { readonly do: 'reuse'; readonly ago: number };

export type ActName = Act['do'];
