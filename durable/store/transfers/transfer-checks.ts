import { refuse } from '../../../contracts/problem.ts';
import type { Actor } from '../../../contracts/actor.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { StockLine } from '../../../contracts/rpc/store.ts';
import { TRANSFER_LINES_MAX, TRANSFER_QUANTITY_MAX } from '../../../contracts/rpc/store-transfers.ts';
import { toBasket } from '../../../domain/inventory/basket-lines.ts';
import type { BasketLine } from '../../../domain/inventory/basket-lines.ts';
import type { StoreId } from '../../../domain/shared/ids.ts';
import { err } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { basketRefusal } from '../store-refusals.ts';

/** Of a transfer that is sent or received: merged and in order. */
export function basketOfTransfer(lines: readonly StockLine[]): Result<readonly BasketLine[], Refusal<'INVALID_INPUT'>> {
  const basket = toBasket(lines, { linesMax: TRANSFER_LINES_MAX, quantityMax: TRANSFER_QUANTITY_MAX });
  return basket.ok ? basket : err(basketRefusal(basket.error));
}

/** What stores tell each other comes from a store's object and from nobody else, operators included. */
export function denyStoreMessage(actor: Actor): Refusal<'FORBIDDEN'> | undefined {
  if (actor.kind === 'object' && actor.object === 'store') return undefined;
  return refuse('FORBIDDEN', 'Only another store says this.');
}

/** A store speaks of its own transfers only. */
export function denyOthersTransfer({
  actor,
  fromStoreId,
}: {
  readonly actor: Actor;
  readonly fromStoreId: StoreId;
}): Refusal<'FORBIDDEN'> | undefined {
  if (actor.kind === 'object' && actor.id === fromStoreId) return undefined;
  return refuse('FORBIDDEN', 'Only the store that sent it says this.');
}
