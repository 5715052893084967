import { exportJWK, generateKeyPair } from 'jose';
import type { Caller } from '../../contracts/actor.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { asChannelId, asCourierId, asStoreId, asUserId, asZoneId } from '../../domain/shared/ids.ts';
import { authOf } from '../../edge/auth/authenticate.ts';
import { apiKeyDigest } from '../../edge/auth/api-key.ts';
import type { EdgeEnv } from '../../edge/env.ts';

const BODY = '0'.repeat(25);
export const STORE_ID = asStoreId(`sto_${BODY}1`);

export const ZONE_ID = asZoneId(`zon_${BODY}1`);

/** One actor a role that signs in. */
export const ACTORS = {
  customer: { kind: 'customer', userId: asUserId(`usr_${BODY}1`) },
  staff: { kind: 'staff', userId: asUserId(`usr_${BODY}2`), storeId: STORE_ID },
  courier: {
    kind: 'courier',
    userId: asUserId(`usr_${BODY}3`),
    courierId: asCourierId(`cou_${BODY}1`),
    zoneId: ZONE_ID,
  },
  operator: { kind: 'operator', userId: asUserId(`usr_${BODY}4`) },
} as const satisfies Record<SignedInActor['kind'], SignedInActor>;

export const OPERATOR_KEY = `kir_op_test_${'k'.repeat(43)}`;
export const CHANNEL_KEY = `kir_ch_kiosk-1_${'c'.repeat(43)}`;
export const CHANNEL: Caller = { kind: 'channel', channelId: asChannelId('kiosk-1') };
const WEBHOOK_SECRET = 'a-webhook-secret-of-32-characters';

/** An Ed25519 key pair as the configuration has it. */
export async function signingJwk(kid: string): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return JSON.stringify({ ...(await exportJWK(privateKey)), kid });
}

/** An object that answers every call with the same refusal: whoever reached it was let in. */
function refusingObject(): unknown {
  const answer = { ok: false, error: { code: 'NOT_FOUND', detail: 'Not here.' } };
  return new Proxy({}, { get: () => () => Promise.resolve(answer) });
}

/**
 * The environment of an API with nothing behind it: objects that know nothing, an empty KV, a database that refuses
 * connections. Enough to see who is let in and what is refused before anything is asked.
 */
export async function emptyEdgeEnv(overrides: Partial<Record<keyof EdgeEnv, unknown>> = {}): Promise<EdgeEnv> {
  const namespace = { getByName: refusingObject };
  const env = {
    STORE: namespace,
    ORDER: namespace,
    COURIER: namespace,
    ZONE: namespace,
    CUSTOMER: namespace,
    SESSION: namespace,
    CATALOG: { get: () => Promise.resolve(null), put: () => Promise.resolve(), delete: () => Promise.resolve() },
    DATABASE_URL: 'postgresql://nobody:nothing@localhost/none',
    DATABASE_LOCAL_ENDPOINT: '127.0.0.1:1',
    GATEWAY_URL: 'http://127.0.0.1:1',
    GATEWAY_TOKEN: 'token',
    ENVIRONMENT: 'test',
    JWT_PRIVATE_JWK: await signingJwk('test-key'),
    OPERATOR_KEYS: JSON.stringify([{ id: 'test', sha256: apiKeyDigest(OPERATOR_KEY), userId: ACTORS.operator.userId }]),
    CHANNEL_KEYS: JSON.stringify([{ id: 'kiosk-1', sha256: apiKeyDigest(CHANNEL_KEY) }]),
    ALLOWED_ORIGINS: 'https://shop.example',
    SANDBOX_WEBHOOK_SECRET: WEBHOOK_SECRET,
    ...overrides,
  };
  return env as unknown as EdgeEnv;
}

export const EXECUTION_CONTEXT = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
  props: {},
} as unknown as ExecutionContext;

/** `Authorization` of a freshly signed access token. */
export async function bearerOf(env: EdgeEnv, actor: SignedInActor, nowMs: number = Date.now()): Promise<string> {
  return `Bearer ${await authOf(env).tokens.issue(actor, nowMs, 600)}`;
}
