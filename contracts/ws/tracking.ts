import * as v from 'valibot';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { AnswerSubstitutionBody, SubstitutionView } from '../http/substitutions.ts';
import { EtaView, MoneyView, QueueView, TrackingView } from '../http/tracking.ts';
import { Count, SubstitutionIdText, Timestamp } from '../wire.ts';
import { commandEntries } from './frames.ts';

/** The customer's socket: a snapshot, then one delta a piece of news, then positions of the courier while it rides. */
export type TrackingState = TrackingView;

/** A step of the order, or a substitute, the money or the place in the line as it is from now on. */
export const TrackingDelta = v.union([
  v.strictObject({ status: v.picklist(ORDER_STATUSES), at: Timestamp, eta: v.nullable(EtaView) }),
  v.strictObject({ substitution: SubstitutionView, at: Timestamp }),
  v.strictObject({ money: MoneyView, at: Timestamp }),
  /** `null`: it waits no more. */
  v.strictObject({ queue: v.nullable(QueueView), at: Timestamp }),
]);
export type TrackingDelta = v.InferOutput<typeof TrackingDelta>;

/** What a watcher gets, over a socket, an event stream or a long poll alike. Answers to commands are a socket's alone. */
export const TrackingFrame = v.variant('t', [
  v.strictObject({ t: v.literal('snapshot'), v: Count, seq: Count, state: TrackingView }),
  v.strictObject({ t: v.literal('delta'), seq: Count, delta: TrackingDelta }),
  v.strictObject({
    t: v.literal('position'),
    lat: v.number(),
    lng: v.number(),
    at: Timestamp,
    eta: v.optional(v.nullable(EtaView)),
  }),
  v.strictObject({ t: v.literal('eta'), eta: v.nullable(EtaView) }),
  v.strictObject({ t: v.literal('advice'), retryAfterMs: Count }),
]);
export type TrackingFrame = v.InferOutput<typeof TrackingFrame>;

/** What the customer may say on it. */
export const TrackingCommand = v.variant('do', [
  v.strictObject({
    ...commandEntries,
    do: v.literal('answer_substitution'),
    proposalId: SubstitutionIdText,
    answer: AnswerSubstitutionBody.entries.answer,
  }),
  /** To pay for weight above the ceiling, or not. */
  v.strictObject({
    ...commandEntries,
    do: v.literal('answer_overweight'),
    answer: AnswerSubstitutionBody.entries.answer,
  }),
]);
export type TrackingCommand = v.InferOutput<typeof TrackingCommand>;
