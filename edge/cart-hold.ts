import * as v from 'valibot';
import { RPC_VERSION } from '../contracts/actor.ts';
import type { Caller } from '../contracts/actor.ts';
import type { ProblemCode, Refusal } from '../contracts/problem.ts';
import type { CartChanged, CartHoldRef, CartSnapshot } from '../contracts/rpc/customer.ts';
import type { HoldStock, HoldView } from '../contracts/rpc/store.ts';
import { Count, SkuText } from '../contracts/wire.ts';
import { asOpId, asSku } from '../domain/shared/ids.ts';
import type { Sku } from '../domain/shared/ids.ts';
import { releaseOf } from '../durable/customer/cart-hold.ts';
import { clientOpId } from '../durable/kit/ops.ts';
import { customerStub, storeStub } from '../durable/stubs.ts';
import { askObject } from './object-call.ts';
import { Storefront } from './storefront.ts';
import type { Reader } from './storefront.ts';

type Customer = Extract<Caller, { readonly kind: 'customer' }>;

/** A cart with what its store keeps for it. */
export interface HeldCart {
  readonly snapshot: CartSnapshot;
  readonly hold: HoldView | null;
  /** Of what the store would not hold: the units that are left, fresher than any copy. */
  readonly left: ReadonlyMap<Sku, number>;
}

/** A hold under this name is over, or became something else's: the goods are held under the next one. */
const OVER: ReadonlySet<ProblemCode> = new Set(['HOLD_EXPIRED', 'HOLD_RELEASED', 'HOLD_ID_REUSED', 'HOLD_NOT_FOUND']);
/** The name that the cart has, and the next one. */
const NAMES_TRIED = 2;
const NOTHING_LEFT: ReadonlyMap<Sku, number> = new Map();

/**
 * Holds a cart that has changed, softly: what cannot be held stays in the cart, with what is left of it. Whatever is cut in between,
 * the customer's object gives back every hold that its cart does not count on, and the same cart is held under the same name.
 */
export async function holdCart(reader: Reader, actor: Customer, changed: CartChanged): Promise<HeldCart> {
  if (changed.superseded !== null) await giveBack(reader, actor, changed.superseded);
  let snapshot: CartSnapshot = changed;
  for (let tried = 0; tried < NAMES_TRIED && snapshot.hold !== null; tried += 1) {
    const { hold, cart } = snapshot;
    // oxlint-disable-next-line no-await-in-loop -- the next name is only tried when this one is over
    const held = await holdAt(reader, actor, hold, cart.lines);
    if (held === null) break;
    if (held.ok) return { snapshot, hold: held.value, left: NOTHING_LEFT };
    if (!OVER.has(held.error.code)) return { snapshot, hold: null, left: leftOf(held.error) };
    const { holdId } = hold;
    const opId = clientOpId(actor, `rename:${holdId}`);
    const command = { v: RPC_VERSION, actor, opId, holdId };
    // oxlint-disable-next-line no-await-in-loop -- as above
    const renamed = await askObject(() => customerStub(reader.env, actor.userId).renameCartHold(command));
    if (!renamed.ok) break;
    snapshot = renamed.value;
  }
  return { snapshot, hold: null, left: NOTHING_LEFT };
}

/** Its hold as the store has it now. Only the store's clock ends one: whoever looks changes nothing. */
export async function lookAtHold(reader: Reader, actor: Customer, snapshot: CartSnapshot): Promise<HeldCart> {
  const { hold } = snapshot;
  if (hold === null) return { snapshot, hold: null, left: NOTHING_LEFT };
  const seen = await askObject(() => storeStub(reader.env, hold.storeId).viewHold({ actor, holdId: hold.holdId }));
  return { snapshot, hold: seen.ok ? seen.value : null, left: NOTHING_LEFT };
}

/** Gives a hold its time once more, if the store still does: one time only. */
export async function renewHold(reader: Reader, actor: Customer, held: HeldCart): Promise<HeldCart> {
  const ref = held.snapshot.hold;
  // A hold that was made just now has all its time.
  if (ref === null || held.hold?.repeated !== true) return held;
  const { holdId } = ref;
  const command = { v: RPC_VERSION, actor, opId: clientOpId(actor, `renew:${holdId}`), holdId };
  const renewed = await askObject(() => storeStub(reader.env, ref.storeId).renew(command));
  return renewed.ok ? { ...held, hold: renewed.value } : held;
}

/** At once, so that the units can be held again; if this is cut, the customer's object says the same. */
async function giveBack(reader: Reader, actor: Customer, ref: CartHoldRef): Promise<void> {
  await askObject(() => storeStub(reader.env, ref.storeId).release(releaseOf(actor.userId, ref)));
}

async function holdAt(reader: Reader, actor: Customer, { storeId, holdId }: CartHoldRef, lines: HoldStock['lines']) {
  const store = await new Storefront(reader).store(storeId);
  if (!store.ok) return null;
  const command: HoldStock = {
    v: RPC_VERSION,
    actor,
    opId: asOpId(`hold:${holdId}`),
    holdId,
    kind: 'cart',
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    // A closed store takes no new holds; one that was made before is still there.
    ...(store.value.open ? {} : { onlyKnown: true }),
  };
  return askObject(() => storeStub(reader.env, storeId).hold(command));
}

const Shortages = v.object({
  shortages: v.optional(v.array(v.object({ sku: SkuText, available: Count })), []),
  skus: v.optional(v.array(SkuText), []),
});

/** What a refused hold says is left: of what is short, and nothing of what is not sold. */
function leftOf({ numbers = {} }: Refusal): ReadonlyMap<Sku, number> {
  const told = v.safeParse(Shortages, numbers);
  if (!told.success) return NOTHING_LEFT;
  const short = told.output.shortages.map(({ sku, available }) => [asSku(sku), available] as const);
  return new Map([...short, ...told.output.skus.map((sku) => [asSku(sku), 0] as const)]);
}
