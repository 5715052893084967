import { refuse } from '../../contracts/problem.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { StoreCommand, StoreCommandName, StoreCommands } from '../../contracts/rpc/store-commands.ts';
import { ADJUST_REASONS } from '../../contracts/rpc/store-goods.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import { COUNT_HANDLERS } from './count-table.ts';
import { adjustStock } from './goods-commands.ts';
import { denyGoods } from './store-access.ts';
import type { StoreBooks } from './store-books.ts';
import { TRANSFER_HANDLERS } from './transfer-table.ts';

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

/** Units that one command moves of one SKU at most: far above a pallet, and sums of them stay far below 2^53. */
const UNITS_MAX = 1_000_000;

const STORE_COMMANDS: { readonly [N in StoreCommandName]: Handler<N> } = {
  AdjustStock: {
    denies: denyGoods,
    refuses({ quantity, reason }) {
      if (!Number.isSafeInteger(quantity) || quantity === 0 || Math.abs(quantity) > UNITS_MAX) {
        return refuse('INVALID_INPUT', `Adjust by 1 to ${UNITS_MAX} whole units, up or down.`);
      }
      if (ADJUST_REASONS.includes(reason)) return undefined;
      return refuse('INVALID_INPUT', `Give one of these reasons: ${ADJUST_REASONS.join(', ')}.`);
    },
    decide: adjustStock,
  },
  ...COUNT_HANDLERS,
  ...TRANSFER_HANDLERS,
};

/** The handler of a command by its name. */
export function handlerOf<N extends StoreCommandName>(command: StoreCommand<N>): Handler<N> {
  return STORE_COMMANDS[command.do];
}
