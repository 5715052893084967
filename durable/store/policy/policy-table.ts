import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type {
  ChannelTermsView,
  PolicyCommands,
  SetChannelTerms,
  SetStorePolicy,
} from '../../../contracts/rpc/store-policy.ts';
import { HOLD_ON } from '../../../domain/inventory/store-policy.ts';
import type { StorePolicy } from '../../../domain/inventory/store-policy.ts';
import { CHANNEL_ID_PATTERN } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { Handler } from '../command-table.ts';
import { denyOperation } from '../store-access.ts';
import type { StoreBooks } from '../store-books.ts';
import { unknownSkus } from '../store-refusals.ts';

/** Units of a setting: far above any shelf. */
const UNITS_MAX = 100_000;
const ALLOCATIONS_MAX = 1000;

/** How a store sells: what operators set. */
export const POLICY_HANDLERS: { readonly [N in keyof PolicyCommands]: Handler<N> } = {
  SetStorePolicy: {
    denies: denyOperation,
    refuses({ holdOn, scarceAtUnits }) {
      if (!HOLD_ON.includes(holdOn)) return refuse('INVALID_INPUT', `Hold on one of these: ${HOLD_ON.join(', ')}.`);
      return isUnits(scarceAtUnits) ? undefined : badUnits();
    },
    decide: setStorePolicy,
  },
  SetChannelTerms: {
    denies: denyOperation,
    refuses({ channel, bufferUnits, allocations }) {
      if (!CHANNEL_ID_PATTERN.test(channel)) return refuse('INVALID_INPUT', 'There is no channel of this name.');
      if (allocations.length > ALLOCATIONS_MAX) {
        return refuse('INVALID_INPUT', `Send at most ${ALLOCATIONS_MAX} allocations.`, {
          allocations: allocations.length,
        });
      }
      if (new Set(allocations.map(({ sku }) => sku)).size < allocations.length) {
        return refuse('INVALID_INPUT', 'Send one allocation for a SKU.');
      }
      const sensible = allocations.every(({ allocationUnits }) => isUnits(allocationUnits) && allocationUnits > 0);
      return isUnits(bufferUnits) && sensible ? undefined : badUnits();
    },
    decide: setChannelTerms,
  },
};

function setStorePolicy(books: StoreBooks, command: SetStorePolicy, nowMs: number): Result<StorePolicy, never> {
  const { holdOn, scarceAtUnits, traceparent } = command;
  books.policies.setPolicy({ holdOn, scarceAtUnits });
  const { storeId, outbox } = books;
  const type = 'store.policy_changed';
  const data = { holdOn, scarceAtUnits };
  outbox.announce({ topic: STORE_EVENTS, type, subject: storeId, key: storeId, atMs: nowMs, traceparent, data });
  return ok(data);
}

function setChannelTerms(
  books: StoreBooks,
  command: SetChannelTerms,
  nowMs: number,
): Result<ChannelTermsView, Refusal<'UNKNOWN_SKU'>> {
  const { channel, bufferUnits, allocations, traceparent } = command;
  const accounts = books.stock.accounts(allocations.map(({ sku }) => sku));
  const unknown = allocations.filter(({ sku }) => !accounts.has(sku)).map(({ sku }) => sku);
  if (unknown.length > 0) return err(unknownSkus(unknown));
  books.policies.setTerms(channel, bufferUnits, allocations);
  const { storeId, outbox } = books;
  const type = 'store.channel_terms_changed';
  const data = { channel, bufferUnits, allocatedSkus: allocations.length };
  outbox.announce({ topic: STORE_EVENTS, type, subject: storeId, key: storeId, atMs: nowMs, traceparent, data });
  return ok(data);
}

function isUnits(units: number): boolean {
  return Number.isSafeInteger(units) && units >= 0 && units <= UNITS_MAX;
}

function badUnits(): Refusal<'INVALID_INPUT'> {
  return refuse('INVALID_INPUT', `Units are whole and at most ${UNITS_MAX}.`);
}
