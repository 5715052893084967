import type { Result } from '../../domain/shared/result.ts';
import type { Refusal } from '../problem.ts';
import type { AuditCommands } from './store-audit.ts';
import type { CapacityCommands } from './store-capacity.ts';
import type { CountCommands } from './store-counts.ts';
import type { GoodsCommands } from './store-goods.ts';
import type { LayoutCommands } from './store-layout.ts';
import type { PolicyCommands } from './store-policy.ts';
import type { SubstitutionCommands } from './store-substitution.ts';
import type { TransferCommands } from './store-transfers.ts';

/** Everything that staff, operators and other objects tell a store to do, by name; `StoreRpc.execute` takes any of them. */
export type StoreCommands = GoodsCommands &
  CountCommands &
  TransferCommands &
  PolicyCommands &
  AuditCommands &
  CapacityCommands &
  SubstitutionCommands &
  LayoutCommands;
export type StoreCommandName = keyof StoreCommands;
export type StoreCommand<N extends StoreCommandName = StoreCommandName> = {
  readonly [K in N]: StoreCommands[K]['command'] & { readonly do: K };
}[N];
export type StoreAnswer<N extends StoreCommandName = StoreCommandName> = Result<
  StoreCommands[N]['answer'],
  Refusal<StoreCommands[N]['refuses'] | 'FORBIDDEN' | 'INVALID_INPUT' | 'OP_ID_REUSED'>
>;
