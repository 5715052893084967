import { asOpId } from '../../domain/shared/ids.ts';
import type { CustomerRpc } from '../../contracts/rpc/customer.ts';
import type { PaymentAnswer, PaymentGateway } from '../../integrations/payments/port.ts';

/** What a control does wrong. Each must be seen, or the judge is blind to it. */
export const SPOILS = [
  /** Every attempt has an id of its own. */
  'new_keys',
  /** What a notice says is put on record, and nobody is asked. */
  'believed_notices',
  /** What was taken beyond what is owed is kept. */
  'kept_surplus',
  /** Silence is a no. */
  'guessed_silence',
] as const;
export type Spoil = (typeof SPOILS)[number];

/** The gateway with its guard off. */
export function spoilGateway(gateway: PaymentGateway, spoil: Spoil | null): PaymentGateway {
  switch (spoil) {
    case null:
    case 'believed_notices':
      return gateway;
    case 'new_keys':
      return {
        ...gateway,
        capture: (call) => gateway.capture(rekeyed(call)),
        void: (call) => gateway.void(rekeyed(call)),
        refund: (call) => gateway.refund(rekeyed(call)),
      };
    case 'kept_surplus':
      return {
        ...gateway,
        capture: async (call) => {
          const answer = await gateway.capture(call);
          return answer.outcome === 'approved' ? { ...answer, amountMinor: call.amountMinor } : answer;
        },
      };
    case 'guessed_silence':
      return { ...gateway, authorize: (call) => gateway.authorize(call).catch(saysNo) };
  }
}

export function spoilWallet(
  wallet: Pick<CustomerRpc, 'creditWallet'>,
  spoil: Spoil | null,
): Pick<CustomerRpc, 'creditWallet'> {
  return spoil === 'new_keys' ? { creditWallet: (command) => wallet.creditWallet(rekeyed(command)) } : wallet;
}

let attempts = 0;
function rekeyed<T extends { readonly opId: string }>(call: T): T {
  attempts += 1;
  return { ...call, opId: asOpId(`${call.opId}:${attempts}`) };
}

function saysNo(): PaymentAnswer {
  return { outcome: 'declined', reason: 'no answer' };
}
