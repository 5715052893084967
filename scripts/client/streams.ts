import * as v from 'valibot';
import { readBody, send } from './http.ts';

const Many = v.nullable(v.number());

/** What the demo and people ask of `GET /streams/status`; null where the one who knows does not answer. */
const StreamsStatus = v.object({
  log: v.object({ kind: v.string(), ready: v.boolean() }),
  groups: v.array(v.object({ group: v.string(), lag: Many, deadLetters: Many, lostPartitions: v.number() })),
  deadLetters: Many,
});
export type StreamsStatus = v.InferOutput<typeof StreamsStatus>;

/** Throws an `ApiProblem` when the gateway refuses or does not answer. */
export async function readStreamsStatus(gatewayUrl: string, token: string): Promise<StreamsStatus> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await send(gatewayUrl, { method: 'GET', path: '/streams/status', headers });
  return readBody('GET /streams/status', response, StreamsStatus);
}
