import { actorId } from '../../contracts/actor.ts';
import type { Command } from '../../contracts/actor.ts';
import type {
  CreditRefusal,
  CreditWallet,
  PayFromWallet,
  WalletAnswer,
  WalletPageQuestion,
  WalletPaymentView,
  WalletView,
} from '../../contracts/rpc/customer.ts';
import { refuse } from '../../contracts/problem.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Entry } from '../../domain/wallet/ledger.ts';
import {
  BALANCE_MAX_MINOR,
  capture,
  credit,
  declined,
  refund,
  reserve,
  voidPayment,
} from '../../domain/wallet/wallet.ts';
import type { CreditError, Decline, Wallet, WalletPayment, WalletStep } from '../../domain/wallet/wallet.ts';
import { announce } from './customer-books.ts';
import type { CustomerBooks } from './customer-books.ts';

// Each inside the transaction of its command: read, decide purely, write.

/** What the wallet calls a payment: one an order. */
function providerRefOf(orderId: OrderId): string {
  return `wallet:${orderId}`;
}

export function payFromWallet(
  books: CustomerBooks,
  command: PayFromWallet,
  nowMs: number,
): Result<WalletAnswer, never> {
  const { orderId } = command;
  const known = books.wallet.payment(orderId);
  const wallet = books.wallet.get();
  const decided = decide(command, wallet, known);
  if (!decided.ok) {
    // Asked about, a payment that was refused says so; one that is known stays what it is.
    if (known === null && command.do === 'authorize') books.wallet.savePayment(declined(orderId));
    return ok({ outcome: 'declined', reason: decided.error });
  }
  const { payment, entry, amountMinor } = decided.value;
  if (payment !== known) books.wallet.savePayment(payment);
  if (entry !== null) write(books, command, { wallet: decided.value.wallet, entry, amountMinor, reason: null }, nowMs);
  return ok({ outcome: 'approved', providerRef: providerRefOf(orderId), amountMinor });
}

function decide(command: PayFromWallet, wallet: Wallet, known: WalletPayment | null): Result<WalletStep, Decline> {
  switch (command.do) {
    case 'authorize':
      return reserve(wallet, known, command);
    case 'capture':
      return capture(wallet, known, command);
    case 'void':
      return voidPayment(wallet, known, command.orderId);
    case 'refund':
      return refund(wallet, known, command);
  }
}

export function findWalletPayment({ wallet }: CustomerBooks, orderId: OrderId): WalletPaymentView | null {
  const payment = wallet.payment(orderId);
  if (payment === null) return null;
  const { orderId: _orderId, ...view } = payment;
  return { ...view, providerRef: providerRefOf(orderId), currency: wallet.get().currency };
}

export function creditWallet(books: CustomerBooks, command: CreditWallet, nowMs: number): Result<null, CreditRefusal> {
  const { actor, amountMinor, currency, reason } = command;
  const orderId = actor.kind === 'object' ? asOrderId(actor.id) : null;
  const from = orderId === null ? 'top_up' : 'refund';
  const decided = credit(books.wallet.get(), { amountMinor, currency, from, orderId });
  if (!decided.ok) return err(creditRefusal(decided.error));
  write(books, command, { ...decided.value, amountMinor, reason }, nowMs);
  return ok(null);
}

export function walletView(
  { wallet }: Pick<CustomerBooks, 'wallet'>,
  { before, limit }: Pick<WalletPageQuestion, 'before' | 'limit'>,
): WalletView {
  // One more than asked for tells whether there is more.
  const found = wallet.page(before ?? Number.MAX_SAFE_INTEGER, limit + 1);
  const entries = found.slice(0, limit);
  const next = found.length > limit ? (entries.at(-1)?.seq ?? null) : null;
  return { ...wallet.get(), entries, before: next };
}

interface Written {
  readonly wallet: Wallet;
  readonly entry: Entry;
  readonly amountMinor: number;
  readonly reason: string | null;
}

function write(
  books: CustomerBooks,
  { actor, traceparent }: Command,
  { wallet, entry, amountMinor, reason }: Written,
  atMs: number,
): void {
  books.wallet.post(wallet, entry, { by: { kind: actor.kind, id: actorId(actor) }, reason, atMs });
  const { kind, orderId } = entry;
  const data = { amountMinor, currency: wallet.currency ?? '', ...(orderId === null ? {} : { orderId }) };
  announce(books, `wallet.${kind}`, data, { atMs, traceparent });
}

function creditRefusal(error: CreditError): CreditRefusal {
  switch (error) {
    case 'bad_amount':
      return refuse('INVALID_INPUT', 'Give an amount above zero, in minor units.');
    case 'above_limit':
      return refuse('INVALID_INPUT', 'No credit brings a wallet above the limit.', { limitMinor: BALANCE_MAX_MINOR });
    case 'currency_mismatch':
      return refuse('CURRENCY_MISMATCH', 'Credit the wallet in its own currency.');
  }
}
