import type { EventOf, Topic } from '../../contracts/events/topic.ts';
import type { Statement } from '../../db/statement.ts';
import type { Result } from '../../domain/shared/result.ts';

/** The events of any of several topics. */
export type AnyEventOf<T extends Topic> = T extends Topic ? EventOf<T> : never;

/** What one event does: the new state of its subject, and rows to append. */
export interface Step<State, Output> {
  readonly state: State;
  readonly outputs: readonly Output[];
}

/** Why an event cannot be: its record goes to the dead letters and its subject is parked. */
export interface StepRefusal {
  readonly code: string;
  readonly detail: string;
}

/**
 * One consumer group: a pure step from state to state, one state a subject, and the statements that read and write states. The
 * runner does the rest. What `write` writes must be idempotent and guarded by version, so that a replay over existing rows
 * changes nothing.
 */
export interface Topology<T extends Topic, State, Output> {
  /** Name of the consumer group, for ever: its offsets are kept under it. */
  readonly group: string;
  readonly topics: readonly T[];
  /** Answers `KeyedRow<State>`s, keyed by subject. Absent where the event alone tells the new state. */
  readonly read?: (subjects: readonly string[]) => Statement;
  /**
   * It must itself refuse an event after which the state breaks a constraint of its table: of the states of one subject only the
   * last one of a batch is written, so what the table alone refuses would depend on where batches are cut.
   */
  readonly step: (state: State | undefined, event: AnyEventOf<T>) => Result<Step<State, Output>, StepRefusal>;
  /** One statement a table. Both lists may be empty. */
  readonly write: (states: readonly State[], outputs: readonly Output[]) => readonly Statement[];
}
