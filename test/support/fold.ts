import type { Topic } from '../../contracts/events/topic.ts';
import { parseRecord } from '../../streams/kit/parse-record.ts';
import type { Step, StepRefusal, Topology } from '../../streams/kit/topology.ts';
import { toRecord, type TestEvent } from './stream-events.ts';

/** Takes events of one subject through a topology's step, as the runner would; ends at the first refusal. */
export function fold<T extends Topic, State, Output>(
  topology: Topology<T, State, Output>,
  events: readonly TestEvent[],
): Partial<Step<State, Output>> & { readonly refusal?: StepRefusal } {
  const [topic] = topology.topics;
  if (topic === undefined) throw new Error('no topic');
  let state: State | undefined;
  const outputs: Output[] = [];
  for (const event of events) {
    const parsed = parseRecord(topic, { offset: 0, ...toRecord(event) });
    if ('fault' in parsed) throw new Error(`${parsed.fault.code}: ${parsed.fault.detail}`);
    const stepped = topology.step(state, parsed.event);
    if (!stepped.ok) return { outputs, refusal: stepped.error, ...(state === undefined ? {} : { state }) };
    state = stepped.value.state;
    outputs.push(...stepped.value.outputs);
  }
  return { outputs, ...(state === undefined ? {} : { state }) };
}
