import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { Actor } from '../../../contracts/actor.ts';
import type { CustomerRpc, PayFromWallet } from '../../../contracts/rpc/customer.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import { within } from '../../within.ts';
import type { PaymentAnswer, PaymentGateway, Settle } from '../port.ts';

/** The wallet is one of our own objects: it answers within milliseconds. */
const WALLET_TIMEOUT_MS = 1000;

type Wallet = Pick<CustomerRpc, 'payFromWallet' | 'findWalletPayment'>;

/** The customer's wallet as a provider of payments; what it does is in its own books, and asked for in the order's name. */
export function walletGateway(wallet: Wallet): PaymentGateway {
  async function pay(what: PayFromWallet['do'], call: Omit<Settle, 'providerRef'>): Promise<PaymentAnswer> {
    const { opId, orderId, amountMinor, currency } = call;
    const command = { v: RPC_VERSION, actor: orderActor(orderId), opId, do: what, orderId, amountMinor, currency };
    const answer = await within(WALLET_TIMEOUT_MS, `wallet ${what}`, wallet.payFromWallet(command));
    if (!answer.ok) throw new Error(`wallet ${what}: ${answer.error.code}`);
    return answer.value;
  }
  return {
    provider: 'wallet',
    onDelivery: false,
    partialCapture: true,
    authorize: (call) => pay('authorize', call),
    capture: (call) => pay('capture', call),
    void: (call) => pay('void', call),
    refund: (call) => pay('refund', call),
    find: async (orderId) => {
      const question = { actor: orderActor(orderId), orderId };
      const found = await within(WALLET_TIMEOUT_MS, 'wallet find', wallet.findWalletPayment(question));
      if (!found.ok) throw new Error(`wallet find: ${found.error.code}`);
      const { currency } = found.value ?? { currency: null };
      // Of a wallet that never had money there is nothing to know: whoever asks again is answered the same.
      return found.value === null || currency === null ? null : { ...found.value, currency };
    },
  };
}

function orderActor(id: OrderId): Actor {
  return { kind: 'object', object: 'order', id };
}
