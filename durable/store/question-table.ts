import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { ROWS_MAX } from '../../contracts/rpc/store-counts.ts';
import { MOVEMENTS_PAGE_MAX } from '../../contracts/rpc/store-goods.ts';
import { SLOTTING_DAYS_MAX } from '../../contracts/rpc/store-layout.ts';
import type {
  StoreQuestion,
  StoreQuestionName,
  StoreQuestions,
  StoreReply,
} from '../../contracts/rpc/store-questions.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { reportLoad } from './capacity/store-load.ts';
import { listCounts, listLowStock, rankedShelves, reconcile, reportAccuracy } from './counts/count-questions.ts';
import { askScanned } from './goods/scanned-stock.ts';
import { askStock, listMovements, traceLot } from './goods/goods-questions.ts';
import { askLayout } from './layout/layout-table.ts';
import { reportSlotting } from './layout/slotting-question.ts';
import { denyGoods, denyOperation } from './store-access.ts';
import type { StoreBooks } from './store-books.ts';

interface Reader<N extends StoreQuestionName> {
  denies(actor: Actor, storeId: StoreId, question: StoreQuestion<N>): Refusal<'FORBIDDEN'> | undefined;
  refuses?(question: StoreQuestion<N>, nowMs: number): Refusal<'INVALID_INPUT'> | undefined;
  read(books: StoreBooks, question: StoreQuestion<N>, nowMs: number): StoreQuestions[N]['answer'];
}

const ACCURACY_DAYS_MAX = 365;

const STORE_QUESTIONS: { readonly [N in StoreQuestionName]: Reader<N> } = {
  ListCounts: { denies: denyGoods, read: listCounts },
  RankShelves: { denies: denyGoods, read: (books, _question, nowMs) => rankedShelves(books, nowMs) },
  AskAccuracy: {
    denies: denyGoods,
    refuses({ days }) {
      if (Number.isSafeInteger(days) && days >= 1 && days <= ACCURACY_DAYS_MAX) return undefined;
      return refuse('INVALID_INPUT', `Ask for 1 to ${ACCURACY_DAYS_MAX} days.`);
    },
    read: reportAccuracy,
  },
  ListLowStock: { denies: denyGoods, read: (books, _question, nowMs) => listLowStock(books, nowMs) },
  Reconcile: {
    denies: (actor, storeId, { deep = false }) => (deep ? denyOperation(actor) : denyGoods(actor, storeId)),
    read: reconcile,
  },
  ListMovements: {
    denies: denyGoods,
    refuses({ limit, before }) {
      const starts = before === undefined || (Number.isSafeInteger(before) && before > 0);
      if (starts && Number.isSafeInteger(limit) && limit >= 1 && limit <= MOVEMENTS_PAGE_MAX) return undefined;
      return refuse('INVALID_INPUT', `Ask for 1 to ${MOVEMENTS_PAGE_MAX} movements before a sequence.`);
    },
    read: listMovements,
  },
  AskScanned: { denies: denyGoods, read: askScanned },
  AskStock: {
    denies: denyGoods,
    refuses({ asOfMs }, nowMs) {
      if (asOfMs === undefined || (Number.isSafeInteger(asOfMs) && asOfMs >= 0 && asOfMs <= nowMs)) return undefined;
      return refuse('INVALID_INPUT', 'Ask for a moment that is past: nobody knows the stock of later.');
    },
    read: askStock,
  },
  TraceLot: { denies: denyGoods, read: traceLot },
  AskLayout: { denies: denyGoods, read: askLayout },
  AskSlotting: {
    denies: denyGoods,
    refuses({ days }) {
      if (Number.isSafeInteger(days) && days >= 1 && days <= SLOTTING_DAYS_MAX) return undefined;
      return refuse('INVALID_INPUT', `Ask for 1 to ${SLOTTING_DAYS_MAX} days.`);
    },
    read: reportSlotting,
  },
  ListTransfers: { denies: denyGoods, read: ({ transfers }) => ({ transfers: transfers.list(ROWS_MAX) }) },
  AskLoad: { denies: denyGoods, read: reportLoad },
};

/** Answers a question from the books; changes nothing and is not remembered. */
export function answerQuestion<N extends StoreQuestionName>(
  books: StoreBooks,
  question: StoreQuestion<N>,
  nowMs: number,
): StoreReply<N> {
  const reader = readerOf(question);
  const denied = reader.denies(question.actor, books.storeId, question) ?? reader.refuses?.(question, nowMs);
  return denied === undefined ? ok(reader.read(books, question, nowMs)) : err(denied);
}

function readerOf<N extends StoreQuestionName>(question: StoreQuestion<N>): Reader<N> {
  return STORE_QUESTIONS[question.ask];
}
