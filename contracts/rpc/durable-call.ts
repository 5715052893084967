import type { CourierRpc } from './courier.ts';
import type { CustomerRpc } from './customer.ts';
import type { OrderRpc } from './order.ts';
import type { StoreRpc } from './store.ts';
import type { ZoneRpc } from './zone.ts';

interface Objects {
  readonly store: StoreRpc;
  readonly order: OrderRpc;
  readonly courier: CourierRpc;
  readonly zone: ZoneRpc;
  readonly customer: CustomerRpc;
}
interface Messages {
  readonly store: 'release' | 'announceCourier' | 'cancelPick' | 'execute';
  readonly order: 'reportPick' | 'moveInLine' | 'reportCourier' | 'proposeSubstitution' | 'withdrawSubstitution';
  readonly courier: 'offer' | 'confirmJob' | 'moveJob';
  readonly zone: 'requestCourier' | 'announceReady' | 'withdraw' | 'updateCandidate' | 'answerOffer';
  readonly customer: 'settleCheckout';
}
type CommandOf<O extends keyof Objects, M> = M extends keyof Objects[O]
  ? Objects[O][M] extends (command: infer C) => unknown
    ? C
    : never
  : never;

/**
 * A message from one object to another that must arrive whatever happens: an outbox row, delivered in order per receiver and
 * retried until it is answered. The command's opId makes a second delivery harmless. A refusal is an answer.
 */
export type DurableCall = {
  [O in keyof Messages]: {
    [M in Messages[O]]: { readonly to: O; readonly id: string; readonly method: M; readonly command: CommandOf<O, M> };
  }[Messages[O]];
}[keyof Messages];
