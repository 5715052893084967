import type { Authorize, PaymentAnswer, Settle } from '../../integrations/payments/port.ts';
import {
  approveLate,
  authorizeCharge,
  behaviourOf,
  captureCharge,
  refundCharge,
  voidCharge,
} from '../../integrations/payments/sandbox/sandbox-books.ts';
import type {
  Booking,
  Charge,
  SandboxPspRpc,
  SandboxReply,
} from '../../integrations/payments/sandbox/sandbox-books.ts';
import type { Road } from './road.ts';

/** The sandbox's rules and books for one order, at the other end of a road. */
export class Sandbox implements SandboxPspRpc {
  charge: Charge | null = null;
  readonly #road: Road;
  readonly #answers = new Map<string, PaymentAnswer>();

  constructor(road: Road) {
    this.#road = road;
  }

  authorize(call: Authorize): Promise<SandboxReply> {
    return this.#once(call, () => authorizeCharge(this.charge, call, behaviourOf(call.token)));
  }

  capture(call: Settle): Promise<SandboxReply> {
    return this.#once(call, () => captureCharge(this.charge, call));
  }

  void(call: Settle): Promise<SandboxReply> {
    return this.#once(call, () => voidCharge(this.charge, call));
  }

  refund(call: Settle): Promise<SandboxReply> {
    return this.#once(call, () => refundCharge(this.charge, call));
  }

  find(): Promise<Charge | null> {
    return this.#road.carry(async () => this.charge);
  }

  /** The late approval. */
  approve(): void {
    if (this.charge !== null) this.charge = approveLate(this.charge);
  }

  #once({ opId }: { readonly opId: string }, book: () => Booking): Promise<SandboxReply> {
    return this.#road.carry(async () => {
      const known = this.#answers.get(opId);
      if (known !== undefined) return { status: 200, answer: known };
      const { charge, answer } = book();
      this.charge = charge ?? this.charge;
      this.#answers.set(opId, answer);
      return { status: 200, answer };
    });
  }
}
