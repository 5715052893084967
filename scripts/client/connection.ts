import { err, ok, type Result } from '../../domain/shared/result.ts';
import { readSecrets } from '../start/secrets.ts';
import { stateFolder } from '../start/state-folder.ts';
import { readSystemFile } from '../start/system-file.ts';
import { Operator } from './operator.ts';
import type { RetryPolicy } from './retry.ts';

export interface ConnectionOptions {
  readonly stateFolder: string;
  /** Another system than the one of the state folder; its key is in `KIRANA_OPERATOR_KEY`. */
  readonly url?: string | undefined;
}

/** An operator at the system that runs here, or at the one that `--url` names. The error says what to do. */
export function connectOperator(options: ConnectionOptions, policy?: RetryPolicy): Result<Operator, string> {
  if (options.url !== undefined) {
    const key = process.env['KIRANA_OPERATOR_KEY'];
    return key === undefined
      ? err('Put an operator key into KIRANA_OPERATOR_KEY for use with --url.')
      : ok(new Operator(options.url, key, policy));
  }
  const state = stateFolder(options.stateFolder);
  const system = readSystemFile(state);
  if (!system.ok) return system;
  const secrets = readSecrets(state);
  return secrets.ok ? ok(new Operator(system.value.url, secrets.value.operatorKey, policy)) : secrets;
}
