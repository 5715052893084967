import type { ProposeSubstitution, WithdrawSubstitution } from '../../contracts/rpc/order.ts';
import type { ItemCard } from '../../contracts/rpc/store.ts';
import type { SubstitutionSettled } from '../../contracts/rpc/store-substitution.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { SubstituteCandidates, TaskAnswer } from '../../contracts/ws/tablet.ts';
import type { OrderWishes } from '../../domain/picking/order-wishes.ts';
import type { ProposalAnswer } from '../../domain/picking/proposal.ts';
import { asSku, asSubstitutionId, asUserId } from '../../domain/shared/ids.ts';
import type { OrderId, SubstitutionId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import { actOnFloor } from '../../durable/store/floor/floor-commands.ts';
import type { FloorCommand } from '../../durable/store/floor/floor-commands.ts';
import { commitToOrder } from '../../durable/store/holds/hold-commands.ts';
import { auditWholeLedger } from '../../durable/store/ledger/stock-audit.ts';
import { listCandidates, proposeOnFloor } from '../../durable/store/substitution/propose.ts';
import { settleSubstitution } from '../../durable/store/substitution/settle.ts';
import { holdNo, operation, orderNo } from './goods-commands.ts';
import { holdStock, openStoreWorld } from './store-world.ts';
import type { StoreWorld } from './store-world.ts';

// A store with four milks, and orders of MILK whose picker finds none.

const ASHA = asUserId(`usr_${'0'.repeat(26)}`);
const ROLE = { pickerId: ASHA };
export const STAFF = { kind: 'operator', userId: ASHA } as const;
export const SKUS = ['MILK', 'OAT', 'SOY', 'NUTTY'];
const ALLERGENS: Record<string, NonNullable<ItemCard['allergens']>> = {
  MILK: ['milk'],
  OAT: [],
  SOY: ['soybeans'],
  NUTTY: ['nuts'],
};
export const NOW = 1000;

/** Four milks of one category, ten of each; MILK is what is ordered. */
export function openDairy(
  units: Readonly<Record<string, number>> = { MILK: 10, OAT: 10, SOY: 10, NUTTY: 10 },
): StoreWorld {
  const world = openStoreWorld(units);
  const cards = SKUS.map((sku, i): ItemCard => ({
    sku: asSku(sku),
    name: `${sku} of the house`,
    bin: `A01-1-${i + 1}`,
    barcodes: [`2000000${i}`],
    categoryPath: ['Dairy', 'Milk'],
    priceMinor: 1000 + 100 * i,
    size: '1 l',
    allergens: ALLERGENS[sku] ?? [],
  }));
  world.books.cards.publish({ storeName: 'Indiranagar', catalogVersion: 2 }, cards);
  return world;
}

export function within<T>({ sql }: StoreWorld, body: () => T): T {
  return sql.transaction(body);
}
export function order(world: StoreWorld, n: number, quantity: number, wishes?: OrderWishes, nowMs = NOW): OrderId {
  const [orderId, holdId] = [orderNo(n), holdNo(n)];
  const lines = [{ sku: asSku('MILK'), quantity }];
  within(world, () => {
    holdStock(world.books, { ...operation(), holdId, orderId, kind: 'order', lines }, lines, nowMs);
    const terms = { holdId, orderId, orderNumber: `K-${n}`, promisedAtMs: 900_000 };
    commitToOrder(world.books, { ...operation(), ...terms, ...(wishes !== undefined && { wishes }) }, nowMs);
  });
  return orderId;
}
type FloorDo = FloorCommand extends infer C ? (C extends FloorCommand ? Omit<C, 't' | 'id'> : never) : never;
export function floor(world: StoreWorld, what: FloorDo, nowMs = NOW): Result<TaskAnswer, Refusal> {
  const { opId } = operation();
  const frame = { t: 'command', id: opId, ...what } as const;
  return within(world, () => actOnFloor(world.books, ROLE, frame, { opId }, { actor: STAFF, atMs: nowMs }));
}
/** Accepted, claimed, and so many MILK not found. */
export function shortOf(world: StoreWorld, taskId: OrderId, quantity: number, nowMs = NOW): void {
  floor(world, { do: 'accept', taskId }, nowMs);
  floor(world, { do: 'claim', taskId }, nowMs);
  floor(world, { do: 'short', taskId, sku: 'MILK', quantity, reason: 'DAMAGED' }, nowMs);
}
export function candidates(world: StoreWorld, taskId: OrderId, nowMs = NOW): SubstituteCandidates {
  const frame = { t: 'command', id: 'op-question', do: 'candidates', taskId, sku: 'MILK' } as const;
  const listed = within(world, () => listCandidates(world.books, ROLE, frame, nowMs));
  if (!listed.ok) throw new Error(listed.error.code);
  return listed.value;
}
export function propose(
  world: StoreWorld,
  taskId: OrderId,
  { substitute = 'OAT', quantity = 2, nowMs = NOW, opId = operation().opId } = {},
): Result<TaskAnswer, Refusal> {
  const frame = {
    t: 'command',
    id: 'op-propose',
    do: 'substitute',
    taskId,
    sku: 'MILK',
    substitute,
    quantity,
  } as const;
  return within(world, () => proposeOnFloor(world.books, ROLE, frame, opId, { actor: STAFF, atMs: nowMs }));
}
export function proposed(world: StoreWorld, taskId: OrderId, over = {}): SubstitutionId {
  const answer = propose(world, taskId, over);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return asSubstitutionId(answer.value.proposalId ?? '');
}
export function settle(
  world: StoreWorld,
  orderId: OrderId,
  proposalId: SubstitutionId,
  answer: ProposalAnswer,
  nowMs = NOW,
): Result<SubstitutionSettled, Refusal> {
  const actor = { kind: 'object', object: 'order', id: orderId } as const;
  const command = { ...operation(actor), do: 'SettleSubstitution', orderId, proposalId, answer } as const;
  return within(world, () => settleSubstitution(world.books, command, nowMs));
}
export function level(
  { books }: StoreWorld,
  sku: string,
): { readonly available: number; readonly held: number; readonly allocated: number; readonly picked: number } {
  const account = books.stock.accounts([asSku(sku)]).get(asSku(sku));
  if (account === undefined) throw new Error(`${sku} has no account`);
  const { available, held, allocated, picked } = account.level;
  return { available, held, allocated, picked };
}
export function statuses({ books }: StoreWorld, orderId: OrderId): string[] {
  return (books.queue.find(orderId)?.proposals ?? []).map(({ substitute, status }) => `${substitute} ${status}`);
}
/** What the order is told of substitutes. */
export function told({ sql }: StoreWorld): { method: string; command: ProposeSubstitution | WithdrawSubstitution }[] {
  const rows = sql.all<{ body: string }>("SELECT body FROM outbox WHERE lane LIKE 'object order %' ORDER BY seq");
  return rows
    .map(({ body }) => JSON.parse(body) as { method: string; command: ProposeSubstitution })
    .filter(({ method }) => method.endsWith('Substitution'));
}
/** Whether levels, holds and tasks all say the same. */
export function disagreements({ books, sql }: StoreWorld): unknown[] {
  return sql.transaction(() => {
    books.auditing.balances.addUp(Number.MAX_SAFE_INTEGER);
    const { discrepancies } = auditWholeLedger(sql);
    return [
      ...discrepancies,
      ...books.auditing.wrongLevels(),
      ...books.auditing.wrongHolds(),
      ...books.auditing.wrongTasks(),
    ];
  });
}
