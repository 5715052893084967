import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import { openCustomerBooks } from '../../durable/customer/customer-books.ts';
import { CUSTOMER_MIGRATIONS } from '../../durable/customer/customer-migrations.ts';
import { creditWallet, findWalletPayment, payFromWallet, walletView } from '../../durable/customer/wallet-commands.ts';
import { Deadlines } from '../../durable/kit/deadlines.ts';
import { KIT_MIGRATIONS } from '../../durable/kit/kit-migrations.ts';
import { migrate } from '../../durable/kit/migrate.ts';
import { OpJournal } from '../../durable/kit/ops.ts';
import { Outbox } from '../../durable/kit/outbox.ts';
import type { CustomerRpc, WalletView } from '../../contracts/rpc/customer.ts';
import { ok } from '../../domain/shared/result.ts';
import { nodeSql } from './node-sql.ts';

/** Far more than one life writes. */
const ENTRIES_MAX = 1000;

type WalletRpc = Pick<CustomerRpc, 'payFromWallet' | 'findWalletPayment' | 'creditWallet'>;

/** A customer's wallet as its object keeps it, over `node:sqlite`. */
export function openWallet(
  customerId: UserId,
  nowMs: () => number,
): WalletRpc & { view(): WalletView; paymentOf(orderId: OrderId): ReturnType<typeof findWalletPayment> } {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'customer', CUSTOMER_MIGRATIONS);
  const deadlines = new Deadlines(sql);
  const books = openCustomerBooks(customerId, { sql, outbox: new Outbox(sql, 'customer/x'), deadlines });
  const journal = new OpJournal(sql);
  function view(limit: number): WalletView {
    return walletView(books, { limit });
  }
  return {
    payFromWallet: async (command) =>
      sql.transaction(() =>
        journal.once('payFromWallet', command, nowMs(), () => payFromWallet(books, command, nowMs())),
      ),
    findWalletPayment: async ({ orderId }) => ok(findWalletPayment(books, orderId)),
    creditWallet: async (command) => {
      const credited = sql.transaction(() =>
        journal.once('creditWallet', command, nowMs(), () => creditWallet(books, command, nowMs())),
      );
      return credited.ok ? ok(view(1)) : credited;
    },
    view: () => view(ENTRIES_MAX),
    paymentOf: (orderId) => findWalletPayment(books, orderId),
  };
}
