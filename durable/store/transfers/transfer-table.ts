import type { TransferCommands } from '../../../contracts/rpc/store-transfers.ts';
import type { Handler } from '../command-table.ts';
import { denyGoods } from '../store-access.ts';
import { denyOthersTransfer, denyStoreMessage } from './transfer-checks.ts';
import {
  callBack,
  closeToGoods,
  expectGoods,
  receiveTransferred,
  sendGoods,
  settleGoods,
} from './transfer-commands.ts';

export const TRANSFER_HANDLERS: { readonly [N in keyof TransferCommands]: Handler<N> } = {
  SendTransfer: { denies: denyGoods, refuses: () => undefined, decide: sendGoods },
  ReceiveTransfer: { denies: denyGoods, refuses: () => undefined, decide: receiveTransferred },
  CancelTransfer: { denies: denyGoods, refuses: () => undefined, decide: callBack },
  ExpectTransfer: { denies: denyStoreMessage, refuses: denyOthersTransfer, decide: expectGoods },
  CloseTransfer: { denies: denyStoreMessage, refuses: denyOthersTransfer, decide: closeToGoods },
  SettleTransfer: { denies: denyStoreMessage, refuses: () => undefined, decide: settleGoods },
};
