import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { apiKeyDigest } from '../../../edge/auth/api-key.ts';

const SECRET_BYTES = 32;

/** A channel's key as its verifier knows it. */
export const ChannelKeyEntry = v.object({ id: v.string(), sha256: v.string() });
type ChannelKeyEntry = v.InferOutput<typeof ChannelKeyEntry>;

/** What a contender's callers hold stock with, verified by the code that Kirana's own edge verifies its channels with. */
export function makeChannelKey(): { readonly authorization: string; readonly entry: ChannelKeyEntry } {
  const key = `kir_ch_bench_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { authorization: `Bearer ${key}`, entry: { id: 'bench', sha256: apiKeyDigest(key) } };
}
