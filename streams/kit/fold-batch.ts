import type { Topic } from '../../contracts/events/topic.ts';
import type { DeadLetterRow } from '../../db/queries/consumer-progress.ts';
import { err, type Result } from '../../domain/shared/result.ts';
import type { ParsedRecord } from './parse-record.ts';
import { deadLetter, parkedBecause } from './parking.ts';
import type { Step, StepRefusal, Topology } from './topology.ts';

/** What a group knows of the subjects of a batch before it. */
export interface Known<State> {
  /** Last sequence seen; absent where none was. */
  readonly sequences: ReadonlyMap<string, number>;
  readonly parked: ReadonlySet<string>;
  readonly states: ReadonlyMap<string, State>;
}

/** What a batch comes to: only what has changed. */
export interface FoldedBatch<State, Output> {
  readonly sequences: Map<string, number>;
  readonly states: Map<string, State>;
  readonly outputs: Output[];
  readonly deadLetters: DeadLetterRow[];
  readonly parked: Set<string>;
  /** Events that had been seen before. */
  duplicates: number;
}

/**
 * Takes the records of one batch in order through the step. A sequence that was seen is skipped; a gap, a bad record and a
 * refused event are parked together with everything of that subject that comes later, and other subjects go on.
 *
 * `wholeHistory`: the topic is kept for ever, so the first event of a subject must have sequence 1.
 */
export function foldBatch<T extends Topic, State, Output>(
  topology: Topology<T, State, Output>,
  wholeHistory: boolean,
  records: readonly ParsedRecord<T>[],
  known: Known<State>,
): FoldedBatch<State, Output> {
  const result: FoldedBatch<State, Output> = {
    sequences: new Map(),
    states: new Map(),
    outputs: [],
    deadLetters: [],
    parked: new Set(),
    duplicates: 0,
  };
  for (const parsed of records) {
    const { record, subject, sequence } = parsed;
    if (subject === null || sequence === null) {
      if ('fault' in parsed) result.deadLetters.push(deadLetter(record, null, null, parsed.fault));
      continue;
    }
    const seen = result.sequences.get(subject) ?? known.sequences.get(subject);
    if (seen !== undefined && sequence <= seen) {
      result.duplicates += 1;
      continue;
    }
    const parked = result.parked.has(subject) || known.parked.has(subject);
    const refused = parkedBecause(sequence, { seen, parked, wholeHistory });
    const outcome =
      refused === undefined
        ? stepWith(topology, result.states.get(subject) ?? known.states.get(subject), parsed)
        : err(refused);
    if (outcome.ok) {
      result.states.set(subject, outcome.value.state);
      result.outputs.push(...outcome.value.outputs);
      result.sequences.set(subject, sequence);
    } else {
      result.deadLetters.push(deadLetter(record, subject, sequence, outcome.error));
      result.parked.add(subject);
    }
  }
  return result;
}

function stepWith<T extends Topic, State, Output>(
  topology: Topology<T, State, Output>,
  state: State | undefined,
  parsed: ParsedRecord<T>,
): Result<Step<State, Output>, StepRefusal> {
  if ('fault' in parsed) return err(parsed.fault);
  try {
    return topology.step(state, parsed.event);
  } catch (cause) {
    // A bug in the step is this event's misfortune, not that of the whole partition.
    return err({ code: 'STEP_FAILED', detail: String(cause) });
  }
}
