import { DurableObject } from 'cloudflare:workers';
import type { Actor } from '../../contracts/actor.ts';
import type {
  BeginCheckout,
  ChangeCart,
  CreditWallet,
  CustomerRpc,
  PayFromWallet,
  RenameCartHold,
  SettleCheckout,
  WalletPageQuestion,
  WalletQuestion,
} from '../../contracts/rpc/customer.ts';
import { EMPTY_CART } from '../../domain/cart/cart.ts';
import { asOrderId, asUserId } from '../../domain/shared/ids.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { EMPTY_WALLET } from '../../domain/wallet/wallet.ts';
import type { ObjectEnv } from '../env.ts';
import { ObjectKit } from '../kit/object-kit.ts';
import { requireVersion } from '../kit/version.ts';
import { orderStub } from '../stubs.ts';
import { applyChange, cartSnapshot, renameCartHold } from './cart-commands.ts';
import { beginCheckout, settleCheckout } from './checkout-commands.ts';
import { lookAfterClaim } from './claim-watch.ts';
import { denyCredit, denyOtherOrders, denyOthers } from './customer-access.ts';
import { openCustomerBooks } from './customer-books.ts';
import type { CustomerBooks } from './customer-books.ts';
import { CUSTOMER_MIGRATIONS } from './customer-migrations.ts';
import { creditWallet, findWalletPayment, payFromWallet, walletView } from './wallet-commands.ts';

interface Parts {
  readonly kit: ObjectKit;
  readonly books: CustomerBooks;
}

/** One customer: the cart and the wallet. The rules are in domain/cart and domain/wallet. */
export class CustomerObject extends DurableObject<ObjectEnv> implements CustomerRpc {
  /** `null` until something is to be kept: to look at an empty cart must not cost storage. */
  #parts: Parts | null = null;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    const isOpen = ctx.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'cart'").toArray().length > 0;
    if (isOpen) this.#parts = this.#open();
  }

  async cart(actor: Actor): ReturnType<CustomerRpc['cart']> {
    const denied = denyOthers(actor, this.#customerId);
    return denied === undefined ? ok(this.#cart()) : err(denied);
  }

  async changeCart(command: ChangeCart): ReturnType<CustomerRpc['changeCart']> {
    requireVersion(command);
    const denied = denyOthers(command.actor, this.#customerId);
    if (denied !== undefined) return err(denied);
    const { kit, books } = this.#kept();
    const changed = kit.once('changeCart', command, (nowMs) => applyChange(books, command, nowMs));
    return changed.ok ? ok({ ...this.#cart(), ...changed.value }) : changed;
  }

  async renameCartHold(command: RenameCartHold): ReturnType<CustomerRpc['renameCartHold']> {
    requireVersion(command);
    const denied = denyOthers(command.actor, this.#customerId);
    if (denied !== undefined) return err(denied);
    const { kit, books } = this.#kept();
    const renamed = kit.once('renameCartHold', command, (nowMs) => renameCartHold(books, command, nowMs));
    return renamed.ok ? ok(this.#cart()) : renamed;
  }

  async beginCheckout(command: BeginCheckout): ReturnType<CustomerRpc['beginCheckout']> {
    requireVersion(command);
    const denied = denyOthers(command.actor, this.#customerId);
    if (denied !== undefined) return err(denied);
    const { kit, books } = this.#kept();
    return kit.commit(() => beginCheckout(books, command, Date.now()));
  }

  async settleCheckout(command: SettleCheckout): ReturnType<CustomerRpc['settleCheckout']> {
    requireVersion(command);
    const { actor, orderId } = command;
    const denied = denyOtherOrders(actor, orderId);
    if (denied !== undefined) return err(denied);
    const { kit, books } = this.#kept();
    kit.commit(() => {
      settleCheckout(books, orderId, command, Date.now());
    });
    return ok(null);
  }

  async payFromWallet(command: PayFromWallet): ReturnType<CustomerRpc['payFromWallet']> {
    requireVersion(command);
    const denied = denyOtherOrders(command.actor, command.orderId);
    if (denied !== undefined) return err(denied);
    const { kit, books } = this.#kept();
    return kit.once('payFromWallet', command, (nowMs) => payFromWallet(books, command, nowMs));
  }

  async findWalletPayment({ actor, orderId }: WalletQuestion): ReturnType<CustomerRpc['findWalletPayment']> {
    const denied = denyOtherOrders(actor, orderId);
    if (denied !== undefined) return err(denied);
    return ok(this.#parts === null ? null : findWalletPayment(this.#parts.books, orderId));
  }

  async creditWallet(command: CreditWallet): ReturnType<CustomerRpc['creditWallet']> {
    requireVersion(command);
    const denied = denyCredit(command.actor);
    if (denied !== undefined) return err(denied);
    const { kit, books } = this.#kept();
    const credited = kit.once('creditWallet', command, (nowMs) => creditWallet(books, command, nowMs));
    return credited.ok ? ok(walletView(books, { limit: 1 })) : credited;
  }

  async wallet(question: WalletPageQuestion): ReturnType<CustomerRpc['wallet']> {
    const denied = denyOthers(question.actor, this.#customerId);
    if (denied !== undefined) return err(denied);
    return ok(this.#parts === null ? NO_MONEY : walletView(this.#parts.books, question));
  }

  override async alarm(): Promise<void> {
    await this.#parts?.kit.alarm();
  }

  get #customerId(): UserId {
    return asUserId(this.ctx.id.name ?? '');
  }

  #cart(): ReturnType<typeof cartSnapshot> {
    return cartSnapshot(this.#customerId, this.#parts?.books.carts.get() ?? EMPTY_CART);
  }

  #kept(): Parts {
    return (this.#parts ??= this.#open());
  }

  #open(): Parts {
    const { ctx, env } = this;
    const kit: ObjectKit = new ObjectKit({
      ctx,
      env,
      name: 'customer',
      migrations: CUSTOMER_MIGRATIONS,
      onDeadline: ({ ref }) => lookAfterClaim(kit, books, (id) => orderStub(env, id), asOrderId(ref)),
    });
    const books = openCustomerBooks(this.#customerId, kit);
    return { kit, books };
  }
}

const NO_MONEY = { ...EMPTY_WALLET, entries: [], before: null };
