import { generateKeyPairSync } from 'node:crypto';
import type { Contender } from './contender.ts';
import { workerContender } from './worker-contender.ts';

export const hello: Contender = {
  name: 'hello',
  what: 'Kirana’s Worker alone: a constant for a verified channel',
  durability: 'none',
  start(run) {
    // Its configuration asks for a key that signs access tokens; nobody uses it here.
    const signingKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const bindings = { JWT_PRIVATE_JWK: JSON.stringify({ ...signingKey, kid: 'bench' }) };
    return workerContender(run, { entry: 'hello-worker.ts', bindings, objects: {} });
  },
};
