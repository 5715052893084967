import { err, ok, type Result } from '../../domain/shared/result.ts';
import { Operator } from '../client/operator.ts';
import { readSecrets } from '../start/secrets.ts';
import { stateFolder } from '../start/state-folder.ts';
import { readSystemFile } from '../start/system-file.ts';

/** A system that runs, as the demo reaches it. */
export interface DemoSystem {
  readonly url: string;
  readonly stateFolder: string;
  readonly operator: Operator;
  readonly gatewayUrl: string;
  readonly gatewayToken: string;
}

/** The system that runs on a state folder; `url` in place of the address it names. The error is one sentence for a person. */
export function findSystem(path: string, url?: string): Result<DemoSystem, string> {
  const state = stateFolder(path);
  const running = readSystemFile(state);
  if (!running.ok) return running;
  const secrets = readSecrets(state);
  if (!secrets.ok) return secrets;
  const { gatewayUrl } = running.value;
  const origin = url ?? running.value.url;
  if (!URL.canParse(origin)) return err(`${origin} is not a URL.`);
  const { operatorKey, gatewayToken } = secrets.value;
  return ok({ url: origin, stateFolder: path, operator: new Operator(origin, operatorKey), gatewayUrl, gatewayToken });
}
