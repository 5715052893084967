import { invariant } from '../shared/assert.ts';
import type { OrderId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { isBalanced, postedTo } from './ledger.ts';
import type { Entry } from './ledger.ts';

/** The most that a credit may bring a wallet to, minor units: a typing error must not become money. */
export const BALANCE_MAX_MINOR = 100_000_000;

export interface Wallet {
  /** ISO 4217, the first credit's; `null` while there was none. */
  readonly currency: string | null;
  /** Never below zero. */
  readonly availableMinor: number;
  /** Set aside for orders; never below zero. */
  readonly reservedMinor: number;
}
export const EMPTY_WALLET: Wallet = { currency: null, availableMinor: 0, reservedMinor: 0 };

/** One order's payment. VOIDED also when the void came first: then nothing is reserved any more. */
export interface WalletPayment {
  readonly orderId: OrderId;
  readonly status: 'AUTHORIZED' | 'DECLINED' | 'CAPTURED' | 'VOIDED' | 'REFUNDED';
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}
export interface Amount {
  /** Minor units, 0 or more. */
  readonly amountMinor: number;
  readonly currency: string;
}
/** Why no money moves. */
export type Decline =
  | 'insufficient_funds'
  | 'currency_mismatch'
  | 'bad_amount'
  | 'already_ended'
  | 'not_authorized'
  | 'above_authorized'
  | 'above_captured';

/** What is written: the books after it, and the entry that explains them, if money moved. */
export interface WalletStep {
  readonly wallet: Wallet;
  readonly payment: WalletPayment;
  readonly entry: Entry | null;
  /** What the step moved, or had moved before. */
  readonly amountMinor: number;
}
type Decided = Result<WalletStep, Decline>;

export type CreditError = 'bad_amount' | 'currency_mismatch' | 'above_limit';

/** Money from outside: put in by an operator, or given back for an order that was paid otherwise. */
export function credit(
  wallet: Wallet,
  {
    amountMinor,
    currency,
    from,
    orderId,
  }: Amount & { readonly from: 'top_up' | 'refund'; readonly orderId: OrderId | null },
): Result<{ readonly wallet: Wallet; readonly entry: Entry }, CreditError> {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) return err('bad_amount');
  if (wallet.currency !== null && wallet.currency !== currency) return err('currency_mismatch');
  if (wallet.availableMinor + wallet.reservedMinor + amountMinor > BALANCE_MAX_MINOR) return err('above_limit');
  const entry: Entry = {
    kind: 'credited',
    orderId,
    postings: [
      { account: from, amountMinor: -amountMinor },
      { account: 'available', amountMinor },
    ],
  };
  return ok({ wallet: post({ ...wallet, currency }, entry), entry });
}

/** Sets the amount aside for an order, whole or not at all. A payment that is known is the answer, whatever is asked. */
export function reserve(
  wallet: Wallet,
  known: WalletPayment | null,
  { orderId, ...amount }: Amount & { readonly orderId: OrderId },
): Decided {
  if (known !== null) {
    return known.status === 'AUTHORIZED' && known.authorizedMinor === amount.amountMinor
      ? unchanged(wallet, known, known.authorizedMinor)
      : err('already_ended');
  }
  const wrong = wrongAmount(wallet, amount);
  if (wrong !== null) return err(wrong);
  const { amountMinor } = amount;
  if (amountMinor > wallet.availableMinor) return err('insufficient_funds');
  const payment = {
    orderId,
    status: 'AUTHORIZED',
    authorizedMinor: amountMinor,
    capturedMinor: 0,
    refundedMinor: 0,
  } as const;
  return moved(wallet, payment, amountMinor, 'reserved', [
    { account: 'available', amountMinor: -amountMinor },
    { account: 'reserved', amountMinor },
  ]);
}

/** Takes at most what was set aside; the rest is available again in the same entry. */
export function capture(wallet: Wallet, known: WalletPayment | null, amount: Amount): Decided {
  if (known === null || known.status === 'DECLINED') return err('not_authorized');
  if (known.status !== 'AUTHORIZED') {
    const isSame = known.status === 'CAPTURED' && known.capturedMinor === amount.amountMinor;
    return isSame ? unchanged(wallet, known, known.capturedMinor) : err('already_ended');
  }
  const wrong = wrongAmount(wallet, amount);
  if (wrong !== null) return err(wrong);
  const { amountMinor } = amount;
  const { orderId, authorizedMinor } = known;
  if (amountMinor > authorizedMinor) return err('above_authorized');
  return moved(wallet, { ...known, status: 'CAPTURED', capturedMinor: amountMinor }, amountMinor, 'captured', [
    { account: 'reserved', amountMinor: -authorizedMinor },
    { account: `order:${orderId}`, amountMinor },
    { account: 'available', amountMinor: authorizedMinor - amountMinor },
  ]);
}

/** Lets go of what was set aside. One that comes before its authorization refuses it when it comes. */
export function voidPayment(wallet: Wallet, known: WalletPayment | null, orderId: OrderId): Decided {
  const nothing = { orderId, status: 'VOIDED', authorizedMinor: 0, capturedMinor: 0, refundedMinor: 0 } as const;
  if (known === null) return ok({ wallet, payment: nothing, entry: null, amountMinor: 0 });
  if (known.status === 'VOIDED' || known.status === 'DECLINED') return unchanged(wallet, known, 0);
  if (known.status !== 'AUTHORIZED') return err('already_ended');
  const { authorizedMinor } = known;
  return moved(wallet, { ...known, status: 'VOIDED' }, authorizedMinor, 'voided', [
    { account: 'reserved', amountMinor: -authorizedMinor },
    { account: 'available', amountMinor: authorizedMinor },
  ]);
}

/** Gives back what was taken, in as many parts as it takes, together never more. */
export function refund(wallet: Wallet, known: WalletPayment | null, amount: Amount): Decided {
  if (known === null || (known.status !== 'CAPTURED' && known.status !== 'REFUNDED')) return err('not_authorized');
  const wrong = wrongAmount(wallet, amount);
  if (wrong !== null) return err(wrong);
  const { amountMinor } = amount;
  const refundedMinor = known.refundedMinor + amountMinor;
  if (refundedMinor > known.capturedMinor) return err('above_captured');
  const status = refundedMinor === known.capturedMinor ? 'REFUNDED' : 'CAPTURED';
  return moved(wallet, { ...known, status, refundedMinor }, amountMinor, 'refunded', [
    { account: `order:${known.orderId}`, amountMinor: -amountMinor },
    { account: 'available', amountMinor },
  ]);
}

/** The trace of a payment that was refused: asked about, it says so. */
export function declined(orderId: OrderId): WalletPayment {
  return { orderId, status: 'DECLINED', authorizedMinor: 0, capturedMinor: 0, refundedMinor: 0 };
}

function wrongAmount({ currency: own }: Wallet, { amountMinor, currency }: Amount): Decline | null {
  if (own !== null && own !== currency) return 'currency_mismatch';
  return Number.isSafeInteger(amountMinor) && amountMinor >= 0 ? null : 'bad_amount';
}

function moved(
  wallet: Wallet,
  payment: WalletPayment,
  amountMinor: number,
  kind: Entry['kind'],
  postings: Entry['postings'],
): Decided {
  const entry: Entry = {
    kind,
    orderId: payment.orderId,
    postings: postings.filter((posting) => posting.amountMinor !== 0),
  };
  return ok({ wallet: post(wallet, entry), payment, entry: entry.postings.length === 0 ? null : entry, amountMinor });
}

function unchanged(wallet: Wallet, payment: WalletPayment, amountMinor: number): Decided {
  return ok({ wallet, payment, entry: null, amountMinor });
}

/** The only way in which a balance changes. */
function post(wallet: Wallet, entry: Entry): Wallet {
  const availableMinor = wallet.availableMinor + postedTo(entry, 'available');
  const reservedMinor = wallet.reservedMinor + postedTo(entry, 'reserved');
  invariant(isBalanced(entry), `an entry of the wallet does not sum to zero: ${entry.kind}`);
  invariant(availableMinor >= 0 && reservedMinor >= 0, `a wallet below zero: ${entry.kind}`);
  return { ...wallet, availableMinor, reservedMinor };
}
