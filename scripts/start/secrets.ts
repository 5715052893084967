import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { exportJWK, generateKeyPair } from 'jose';
import * as v from 'valibot';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { StateFolder } from './state-folder.ts';

/** 256 bits. */
const TOKEN_BYTES = 32;

const Secrets = v.object({
  postgresPassword: v.string(),
  gatewayToken: v.string(),
  /** Ed25519 private key that signs access tokens, as a JWK. */
  jwtPrivateJwk: v.record(v.string(), v.string()),
  /** What the command line signs in with at the admin routes. */
  operatorKey: v.string(),
  /** What the demonstration's marketplace holds stock with. */
  channelKey: v.string(),
  sandboxWebhookSecret: v.string(),
});
export type Secrets = v.InferOutput<typeof Secrets>;

/**
 * Reads the installation's secrets, making at its first start all of them and at a later one those that a newer version
 * added. The file is readable by its owner only.
 */
export async function ensureSecrets(state: StateFolder): Promise<Result<Secrets, string>> {
  const stored = readStored(state);
  if (!stored.ok) return stored;
  if (stored.value['postgresPassword'] === undefined && existsSync(state.postgres)) {
    return err(
      `${state.secretsFile} is gone but ${state.postgres} is there: bring it back, or start over with --reset.`,
    );
  }
  const known = v.safeParse(Secrets, stored.value);
  if (known.success) return ok(known.output);
  const secrets = v.parse(Secrets, { ...(await generateSecrets()), ...stored.value });
  const unfinished = `${state.secretsFile}.unfinished`;
  writeFileSync(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, state.secretsFile);
  return ok(secrets);
}

/** The secrets of an installation that has been started before. */
export function readSecrets(state: StateFolder): Result<Secrets, string> {
  const stored = readStored(state);
  if (!stored.ok) return stored;
  const secrets = v.safeParse(Secrets, stored.value);
  return secrets.success ? ok(secrets.output) : err(`${state.path} was never started: run npm start first.`);
}

function readStored(state: StateFolder): Result<Record<string, unknown>, string> {
  if (!existsSync(state.secretsFile)) return ok({});
  try {
    return ok(v.parse(v.record(v.string(), v.unknown()), JSON.parse(readFileSync(state.secretsFile, 'utf8'))));
  } catch (cause) {
    return err(`${state.secretsFile} cannot be read: ${String(cause)}`);
  }
}

async function generateSecrets(): Promise<Secrets> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { kty, crv, d, x } = await exportJWK(privateKey);
  return {
    postgresPassword: token(),
    gatewayToken: token(),
    jwtPrivateJwk: v.parse(v.record(v.string(), v.string()), {
      kty,
      crv,
      d,
      x,
      kid: randomBytes(8).toString('hex'),
      alg: 'EdDSA',
      use: 'sig',
    }),
    operatorKey: `kir_op_local_${token()}`,
    channelKey: `kir_ch_demo_${token()}`,
    sandboxWebhookSecret: `whsec_${token()}`,
  };
}

function token(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
