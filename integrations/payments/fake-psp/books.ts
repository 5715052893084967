/** One payment as the stand-in's books have it, whichever of its two faces took it. Amounts in minor units. */
export interface FakePayment {
  readonly id: string;
  readonly provider: 'stripe' | 'razorpay';
  /** The order of ours that it was made for. */
  readonly orderId: string;
  /** Razorpay: its order, which the customer pays. */
  readonly checkoutRef: string | null;
  readonly currency: string;
  readonly amountMinor: number;
  readonly createdS: number;
  status: 'WAITING' | 'AUTHORIZED' | 'FAILED' | 'CAPTURED' | 'CANCELED';
  capturedMinor: number;
  failure: string | null;
  readonly refunds: FakeRefund[];
}
export interface FakeRefund {
  readonly id: string;
  readonly amountMinor: number;
  readonly metadata: Readonly<Record<string, string>>;
}
/** An order of Razorpay's. */
export interface FakeOrder {
  readonly id: string;
  readonly receipt: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface BooksLine {
  readonly provider: FakePayment['provider'];
  readonly orderId: string;
  readonly ref: string;
  readonly currency: string;
  readonly status: FakePayment['status'];
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

/** What the stand-in knows; gone when it ends. */
export class FakeBooks {
  readonly payments: FakePayment[] = [];
  readonly orders: FakeOrder[] = [];
  #drawn = 0;

  newId(prefix: string): string {
    this.#drawn += 1;
    return `${prefix}_fake${String(this.#drawn).padStart(10, '0')}`;
  }

  payment(id: string): FakePayment | undefined {
    return this.payments.find((payment) => payment.id === id);
  }

  /** To hold against our own books: what each payment reserves, took and gave back. */
  lines(): BooksLine[] {
    return this.payments.map((payment) => ({
      provider: payment.provider,
      orderId: payment.orderId,
      ref: payment.id,
      currency: payment.currency,
      status: payment.status,
      authorizedMinor: payment.status === 'AUTHORIZED' ? payment.amountMinor : 0,
      capturedMinor: payment.capturedMinor,
      refundedMinor: refundedMinor(payment),
    }));
  }
}

export function refundedMinor({ refunds }: FakePayment): number {
  return refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
