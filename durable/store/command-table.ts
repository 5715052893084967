import type { Actor } from '../../contracts/actor.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { StoreCommand, StoreCommandName, StoreCommands } from '../../contracts/rpc/store-commands.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import { AUDIT_HANDLERS } from './ledger/audit-table.ts';
import { CAPACITY_HANDLERS } from './capacity/capacity-table.ts';
import { COUNT_HANDLERS } from './counts/count-table.ts';
import { GOODS_HANDLERS } from './goods/goods-table.ts';
import { LAYOUT_HANDLERS } from './layout/layout-table.ts';
import type { StoreBooks } from './store-books.ts';
import { POLICY_HANDLERS } from './policy/policy-table.ts';
import { SUBSTITUTION_HANDLERS } from './substitution/substitution-table.ts';
import { TRANSFER_HANDLERS } from './transfers/transfer-table.ts';

type Denied = Refusal<'FORBIDDEN' | 'INVALID_INPUT'> | undefined;

/** One command: who may, what it must look like, and what it does. */
export interface Handler<N extends StoreCommandName> {
  /** Whether this actor may; asked before anything is read or remembered. */
  denies(actor: Actor, storeId: StoreId): Denied;
  /** Whether the command makes sense by itself; the edge has checked its shape, an object calling has not. */
  refuses(command: StoreCommand<N>): Denied;
  /** Reads, decides and writes, inside the transaction of the command. */
  decide(
    books: StoreBooks,
    command: StoreCommand<N>,
    nowMs: number,
  ): Result<StoreCommands[N]['answer'], Refusal<StoreCommands[N]['refuses']>>;
}

const STORE_COMMANDS: { readonly [N in StoreCommandName]: Handler<N> } = {
  ...GOODS_HANDLERS,
  ...COUNT_HANDLERS,
  ...TRANSFER_HANDLERS,
  ...POLICY_HANDLERS,
  ...AUDIT_HANDLERS,
  ...CAPACITY_HANDLERS,
  ...SUBSTITUTION_HANDLERS,
  ...LAYOUT_HANDLERS,
};

/** The handler of a command by its name. */
export function handlerOf<N extends StoreCommandName>(command: StoreCommand<N>): Handler<N> {
  return STORE_COMMANDS[command.do];
}
