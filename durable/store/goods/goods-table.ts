import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import {
  ADJUST_REASONS,
  BLOCK_REASONS,
  RECALL_REASONS,
  SELL_BY_MARGIN_DAYS_MAX,
  UNBLOCK_REASONS,
  UNITS_MAX,
  WRITE_OFF_FROM,
  WRITE_OFF_REASONS,
} from '../../../contracts/rpc/store-goods.ts';
import type { GoodsCommands, WriteOffStock } from '../../../contracts/rpc/store-goods.ts';
import { SCAN_LENGTH_MAX } from '../../../domain/catalog/scanned-code.ts';
import { TEMPERATURE_ZONES } from '../../../domain/catalog/storage.ts';
import { BIN_PATTERN } from '../../../contracts/wire.ts';
import { LOT_ID_PATTERN } from '../../../domain/shared/ids.ts';
import type { Handler } from '../command-table.ts';
import { adjustStock, blockStock, unblockStock, writeOffStock } from './goods-commands.ts';
import { recallLot, setSellByMargin } from './lot-commands.ts';
import { putAwayStock } from './putaway-commands.ts';
import { orByScan } from './scanned-stock.ts';
import { denyGoods, denyOperation } from '../store-access.ts';

export const GOODS_HANDLERS: { readonly [N in keyof GoodsCommands]: Handler<N> } = {
  AdjustStock: {
    denies: denyGoods,
    refuses({ quantity, reason, expectedSequence, barcode }) {
      if (isUnits(quantity) || isUnits(-quantity)) {
        return oneOf(ADJUST_REASONS, reason) ?? expected(expectedSequence) ?? scan(barcode);
      }
      return refuse('INVALID_INPUT', `Adjust by 1 to ${UNITS_MAX} whole units, up or down.`);
    },
    decide: orByScan(adjustStock),
  },
  WriteOffStock: {
    denies: denyGoods,
    refuses: (command) => oneOf(WRITE_OFF_FROM, command.from) ?? moved(command, WRITE_OFF_REASONS),
    decide: orByScan(writeOffStock),
  },
  BlockStock: {
    denies: denyGoods,
    refuses: (command) => moved(command, BLOCK_REASONS),
    decide: orByScan(blockStock),
  },
  UnblockStock: {
    denies: denyGoods,
    refuses: (command) => moved(command, UNBLOCK_REASONS),
    decide: orByScan(unblockStock),
  },
  RecallLot: {
    denies: denyGoods,
    refuses: ({ lotId, reason }) => lot(lotId) ?? oneOf(RECALL_REASONS, reason),
    decide: recallLot,
  },
  SetSellByMargin: {
    denies: denyOperation,
    refuses({ sku, days }) {
      if (days === null && sku !== null) return undefined;
      if (days !== null && Number.isSafeInteger(days) && days >= 0 && days <= SELL_BY_MARGIN_DAYS_MAX) return undefined;
      return refuse('INVALID_INPUT', `Leave customers 0 to ${SELL_BY_MARGIN_DAYS_MAX} whole days.`);
    },
    decide: setSellByMargin,
  },
  PutAwayStock: {
    denies: denyGoods,
    refuses({ bin, quantity, temperatureZone }) {
      if (!BIN_PATTERN.test(bin)) return refuse('INVALID_INPUT', 'Name a bin such as A03-2-1.');
      if (temperatureZone !== undefined && oneOf(TEMPERATURE_ZONES, temperatureZone) !== undefined) {
        return oneOf(TEMPERATURE_ZONES, temperatureZone);
      }
      return quantity === undefined ? undefined : units(quantity);
    },
    decide: putAwayStock,
  },
};

type Bad = Refusal<'INVALID_INPUT'> | undefined;

function moved(
  {
    quantity,
    reason,
    lotId,
    expectedSequence,
    barcode,
  }: Pick<WriteOffStock, 'quantity' | 'lotId' | 'expectedSequence'> & {
    readonly reason: string;
    readonly barcode?: string;
  },
  reasons: readonly string[],
): Bad {
  return units(quantity) ?? oneOf(reasons, reason) ?? lot(lotId) ?? expected(expectedSequence) ?? scan(barcode);
}

function expected(sequence: number | undefined): Bad {
  if (sequence === undefined || (Number.isSafeInteger(sequence) && sequence >= 0)) return undefined;
  return refuse('INVALID_INPUT', 'A sequence is a whole number, 0 for a SKU that never moved.');
}

function scan(barcode: string | undefined): Bad {
  if (barcode === undefined || barcode.length <= SCAN_LENGTH_MAX) return undefined;
  return refuse('INVALID_INPUT', `A scan has at most ${SCAN_LENGTH_MAX} characters.`);
}

function isUnits(quantity: number): boolean {
  return Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= UNITS_MAX;
}

function units(quantity: number): Bad {
  return isUnits(quantity) ? undefined : refuse('INVALID_INPUT', `Send 1 to ${UNITS_MAX} whole units.`);
}

function oneOf(choices: readonly string[], choice: string): Bad {
  return choices.includes(choice) ? undefined : refuse('INVALID_INPUT', `Choose one of these: ${choices.join(', ')}.`);
}

function lot(lotId: string | undefined): Bad {
  if (lotId === undefined || LOT_ID_PATTERN.test(lotId)) return undefined;
  return refuse('INVALID_INPUT', 'A lot number has 1 to 20 letters, digits, dots, dashes, slashes and underscores.');
}
