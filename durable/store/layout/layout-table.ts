import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { LayoutCommands, LayoutInForce, SetLayout } from '../../../contracts/rpc/store-layout.ts';
import { placeOfBin } from '../../../domain/picking/layout.ts';
import { AISLES_MAX, layoutError, RACKS_MAX } from '../../../domain/picking/layout-rules.ts';
import type { LayoutError } from '../../../domain/picking/layout-rules.ts';
import { ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { Handler } from '../command-table.ts';
import { denyOperation } from '../store-access.ts';
import type { StoreBooks } from '../store-books.ts';
import type { StoredLayout } from './layout-rows.ts';

/** How the floor is laid out: what operators set. */
export const LAYOUT_HANDLERS: { readonly [N in keyof LayoutCommands]: Handler<N> } = {
  SetLayout: {
    denies: denyOperation,
    refuses({ layout }) {
      const error = layoutError(layout);
      return error === undefined ? undefined : layoutRefusal(error);
    },
    decide: setLayout,
  },
};

function setLayout(books: StoreBooks, { layout, traceparent }: SetLayout, nowMs: number): Result<LayoutInForce, never> {
  const { storeId, outbox, layouts } = books;
  const before = layouts.current();
  const after = layouts.set(layout, nowMs);
  if (after.version !== before?.version) {
    outbox.announce({
      topic: STORE_EVENTS,
      type: 'store.layout_changed',
      subject: storeId,
      key: storeId,
      atMs: nowMs,
      traceparent,
      data: { version: after.version, aisles: layout.aisles.length, racks: layout.racks },
    });
  }
  return ok(withUnplaced(books, after));
}

/** The layout, with how much of the store it does not know. */
export function askLayout(books: StoreBooks): LayoutInForce | null {
  const current = books.layouts.current();
  return current === undefined ? null : withUnplaced(books, current);
}

function withUnplaced({ cards }: StoreBooks, current: StoredLayout): LayoutInForce {
  const unplaced = cards.places().filter(({ bin }) => placeOfBin(current.layout, bin) === undefined);
  return { ...current, unplacedSkus: unplaced.length };
}

function layoutRefusal(error: LayoutError): Refusal<'INVALID_INPUT'> {
  switch (error.code) {
    case 'AISLES_MISCOUNTED':
      return refuse('INVALID_INPUT', `A floor has 1 to ${AISLES_MAX} aisles.`, { aisles: error.aisles });
    case 'BAD_AISLE':
      return refuse('INVALID_INPUT', 'Name an aisle as bins do: a capital letter and up to two digits.', {
        position: error.position,
      });
    case 'AISLE_TWICE':
      return refuse('INVALID_INPUT', 'Name each aisle once.', { aisle: error.aisle });
    case 'RACKS_MISCOUNTED':
      return refuse('INVALID_INPUT', `An aisle has 1 to ${RACKS_MAX} racks.`, {
        racks: Number.isFinite(error.racks) ? error.racks : null,
      });
    case 'BAD_MEASURE':
      return refuse('INVALID_INPUT', `Measure again: ${error.measure} is ${error.min} to ${error.max}.`, {
        measure: error.measure,
        min: error.min,
        max: error.max,
      });
  }
}
