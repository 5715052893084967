import type { Result } from '../../domain/shared/result.ts';
import type { Refusal } from '../problem.ts';
import type { CapacityQuestions } from './store-capacity.ts';
import type { CountQuestions } from './store-counts.ts';
import type { GoodsQuestions } from './store-goods.ts';
import type { LayoutQuestions } from './store-layout.ts';
import type { StockQuestions } from './store-stock.ts';
import type { TransferQuestions } from './store-transfers.ts';

/** Everything that staff and operators ask a store, by name; `StoreRpc.ask` takes any of them. Asking changes nothing. */
export type StoreQuestions = GoodsQuestions &
  StockQuestions &
  CountQuestions &
  TransferQuestions &
  CapacityQuestions &
  LayoutQuestions;
export type StoreQuestionName = keyof StoreQuestions;
export type StoreQuestion<N extends StoreQuestionName = StoreQuestionName> = {
  readonly [K in N]: StoreQuestions[K]['question'] & { readonly ask: K };
}[N];
export type StoreReply<N extends StoreQuestionName = StoreQuestionName> = Result<
  StoreQuestions[N]['answer'],
  Refusal<'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'>
>;
