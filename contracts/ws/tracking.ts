import * as v from 'valibot';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import type { TrackingView } from '../http/orders.ts';
import { AnswerSubstitutionBody } from '../http/substitutions.ts';
import type { SubstitutionView } from '../http/substitutions.ts';
import { SubstitutionIdText } from '../wire.ts';
import { commandEntries } from './frames.ts';

/** The customer's socket: a snapshot, then one delta a piece of news, then positions of the courier while it rides. */
export type TrackingState = TrackingView;
/** A step of the order, or a substitute as it is from now on. */
export type TrackingDelta =
  | { readonly status: OrderStatus; readonly at: string; readonly eta: string | null }
  | { readonly substitution: SubstitutionView; readonly at: string };

/** What the customer may say on it. */
export const TrackingCommand = v.strictObject({
  ...commandEntries,
  do: v.literal('answer_substitution'),
  proposalId: SubstitutionIdText,
  answer: AnswerSubstitutionBody.entries.answer,
});
export type TrackingCommand = v.InferOutput<typeof TrackingCommand>;
