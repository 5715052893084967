import { Operator } from '../client/operator.ts';
import { readSecrets } from '../start/secrets.ts';
import { stateFolder } from '../start/state-folder.ts';
import type { PrivateSystem } from './private-system.ts';

/** Whoever sells through the private system's channel, by the key in its secrets. */
export function channelOf(system: PrivateSystem): Operator {
  const secrets = readSecrets(stateFolder(system.stateFolder));
  if (!secrets.ok) throw new Error(secrets.error);
  return new Operator(system.url, secrets.value.channelKey);
}
