import { actorId } from '../../../contracts/actor.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { HoldRefusal, HoldStock, HoldView } from '../../../contracts/rpc/store.ts';
import type { BasketLine } from '../../../domain/inventory/basket-lines.ts';
import { CART_HOLD_MS, holdBasket, ORDER_HOLD_MS, repeatHold } from '../../../domain/inventory/hold.ts';
import type { Hold, HoldRequest, HoldStep } from '../../../domain/inventory/hold.ts';
import { postOnto } from '../../../domain/inventory/ledger.ts';
import { APP_CHANNEL, takeFenced } from '../../../domain/inventory/sellable.ts';
import type { ChannelTerms, StockAccount } from '../../../domain/inventory/sellable.ts';
import type { StorePolicy } from '../../../domain/inventory/store-policy.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import type { HoldId, Sku } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { OP_ID_REUSED } from '../../kit/ops.ts';
import { isOpen } from '../availability-reader.ts';
import { entryOf } from '../capacity/service-watch.ts';
import type { Entry } from '../capacity/waiting-watch.ts';
import { expireDue, watchExpiry } from './hold-expiry.ts';
import { holdView } from './hold-view.ts';
import { causeOf } from './hold-writes.ts';
import { withholdClosed } from '../goods/lot-closing.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { holdRefusal } from '../store-refusals.ts';
import { because } from '../ledger/stock-writer.ts';
import type { PostedBy } from '../ledger/stock-writer.ts';

/** A command to hold with its basket: merged and in order. */
export interface HoldOp {
  readonly command: HoldStock;
  readonly lines: readonly BasketLine[];
}
type Answer = Result<HoldView, HoldRefusal>;

const CLOSED = refuse('STORE_CLOSED', 'This store takes no orders now.');

/** What a batch is decided on: read set-wise, then brought up to date by each decision. Nothing of it outlives the batch. */
interface Desk {
  readonly holds: Map<HoldId, Hold>;
  readonly byOp: Map<string, Hold>;
  /** OpIds that were answered to other commands. */
  readonly usedOps: ReadonlySet<string>;
  readonly accounts: Map<Sku, StockAccount>;
  terms: ChannelTerms;
  readonly policy: StorePolicy;
  readonly open: boolean;
  readonly entry: Entry;
  /** Whether orders wait for their turn. */
  readonly hasLine: boolean;
}

/**
 * Decides holds one after another, each on what those before it left, and writes all of them set-wise: a refused one changes
 * nothing and is not remembered. Inside one transaction.
 */
export function holdAll(books: StoreBooks, ops: readonly HoldOp[], nowMs: number): Answer[] {
  const over = books.holds.earliestExpiry();
  if (over !== null && over <= nowMs) expireDue(books, nowMs);
  const skus = [...new Set(ops.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
  withholdClosed(books, skus, nowMs);
  const desk = readDesk(books, ops, skus, nowMs);
  const steps: HoldStep[] = [];
  const lines: PostedBy[] = [];
  const answers = ops.map((op): Answer => {
    const decided = decide(desk, op, nowMs);
    if (!decided.ok) return decided;
    const { step, known } = decided.value;
    if (known) return ok({ ...holdView(step.hold), repeated: true });
    steps.push(step);
    lines.push(take(desk, step, op, nowMs));
    return ok(holdView(step.hold));
  });
  if (steps.length > 0) write(books, steps, lines, nowMs);
  if (desk.hasLine) for (const { hold } of steps) if (hold.orderId !== null) books.waiting.leave(hold.orderId);
  return answers;
}

function readDesk(books: StoreBooks, ops: readonly HoldOp[], skus: readonly Sku[], nowMs: number): Desk {
  const commands = ops.map(({ command }) => command);
  const known = books.holds.findAny(commands);
  return {
    holds: new Map(known.map((hold) => [hold.holdId, hold])),
    byOp: new Map(known.flatMap((hold) => (hold.opId === null ? [] : [[hold.opId, hold]]))),
    usedOps: books.ops.known(commands.map(({ opId }) => opId)),
    accounts: books.stock.accounts(skus),
    terms: books.policies.terms(skus),
    policy: books.policies.policy(),
    open: isOpen(books),
    entry: entryOf(books, nowMs),
    hasLine: books.waiting.current().length > 0,
  };
}

function decide(
  desk: Desk,
  { command, lines }: HoldOp,
  nowMs: number,
): Result<{ readonly step: HoldStep; readonly known: boolean }, HoldRefusal> {
  const { holdId, opId } = command;
  const request = requestOf(command, lines, desk.policy, nowMs);
  const asked = desk.byOp.get(opId);
  if (asked !== undefined && asked.holdId !== holdId) return err(OP_ID_REUSED);
  const existing = desk.holds.get(holdId);
  if (existing !== undefined) {
    const repeated = repeatHold(existing, request);
    return repeated.ok ? ok({ step: repeated.value, known: true }) : err(holdRefusal(repeated.error));
  }
  if (desk.usedOps.has(opId)) return err(OP_ID_REUSED);
  const refused = command.actor.kind === 'operator' ? null : desk.entry(command.orderId ?? null);
  if (refused !== null) return err(refused);
  if (command.onlyKnown === true) return err(CLOSED);
  const decided = holdBasket(undefined, desk, request);
  if (decided.ok) return ok({ step: decided.value, known: false });
  const closed = decided.error.code === 'UNKNOWN_SKU' && !desk.open;
  return err(closed ? refuse('STORE_CLOSED', 'This store has no catalog yet.') : holdRefusal(decided.error));
}

/** Takes a decided hold off the working accounts and ring-fences. */
function take(desk: Desk, { hold, movements, fences }: HoldStep, { command }: HoldOp, nowMs: number): PostedBy {
  const posted = postOnto(desk.accounts, because(movements, causeOf(hold, { opId: command.opId })));
  invariant(posted.ok, `a hold was decided that the ledger refuses: ${JSON.stringify(posted)}`);
  if (fences.length > 0) desk.terms = takeFenced(desk.terms, hold.channel, fences);
  desk.holds.set(hold.holdId, hold);
  desk.byOp.set(command.opId, hold);
  return { posted: posted.value, hand: handOf(command, nowMs) };
}

function write(books: StoreBooks, steps: readonly HoldStep[], lines: readonly PostedBy[], nowMs: number): void {
  const holds = steps.map(({ hold }) => hold);
  books.stock.append(lines);
  books.policies.moveFences(steps.map(({ hold: { channel }, fences }) => ({ channel, fences })));
  books.holds.add(holds, nowMs);
  watchExpiry(books, Math.min(...holds.flatMap((hold) => (hold.status === 'HELD' ? [hold.expiresAtMs] : []))));
}

/** A customer's cart sets aside what the policy says; everyone else's basket is set aside whole. */
function requestOf(
  { holdId, opId, kind, orderId, actor, channel, forMs }: HoldStock,
  lines: readonly BasketLine[],
  policy: StorePolicy,
  nowMs: number,
): HoldRequest {
  const isChannel = actor.kind === 'channel';
  return {
    holdId,
    opId,
    kind,
    orderId: orderId ?? null,
    owner: orderId ?? actorId(actor),
    channel: isChannel ? actor.channelId : (channel ?? APP_CHANNEL),
    forMs: forMs ?? (kind === 'cart' ? CART_HOLD_MS : ORDER_HOLD_MS),
    lines,
    policy: actor.kind === 'customer' ? policy : null,
    nowMs,
  };
}
