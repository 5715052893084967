import { createHash } from 'node:crypto';
import type { DemoLogin } from '../../db/seed/demo-logins.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { providerVars } from './payment-vars.ts';
import type { Secrets } from './secrets.ts';

export interface WorkerVarsInput {
  readonly secrets: Secrets;
  readonly databaseUrl: string;
  /** `host:port`. */
  readonly neonEndpoint: string;
  readonly gatewayUrl: string;
  /** Whom the command line's key acts as. */
  readonly operatorId: UserId;
  readonly demoLogins: readonly DemoLogin[];
  readonly accessTokenTtlS?: number | undefined;
  readonly paymentsUrl?: string | undefined;
}

/** What the Worker is told on this machine, by the names of `edge/env.ts`; in production `wrangler secret put` does it. */
export function workerVars(input: WorkerVarsInput): Record<string, string> {
  const { secrets } = input;
  return {
    ENVIRONMENT: 'local',
    DATABASE_URL: input.databaseUrl,
    DATABASE_LOCAL_ENDPOINT: input.neonEndpoint,
    GATEWAY_URL: input.gatewayUrl,
    GATEWAY_TOKEN: secrets.gatewayToken,
    JWT_PRIVATE_JWK: JSON.stringify(secrets.jwtPrivateJwk),
    OPERATOR_KEYS: JSON.stringify([{ ...keyEntry(secrets.operatorKey), userId: input.operatorId }]),
    CHANNEL_KEYS: JSON.stringify([keyEntry(secrets.channelKey)]),
    SANDBOX_WEBHOOK_SECRET: secrets.sandboxWebhookSecret,
    ...providerVars(input.paymentsUrl),
    DEMO: 'true',
    DEMO_LOGINS: JSON.stringify(oneOfEachRoleFirst(input.demoLogins).map(toStartPage)),
    ...(input.accessTokenTtlS === undefined ? {} : { ACCESS_TOKEN_TTL_S: String(input.accessTokenTtlS) }),
  };
}

/** A person who looks for any picker should not have to pass all customers. */
export function oneOfEachRoleFirst<T extends { readonly role: string }>(logins: readonly T[]): readonly T[] {
  const first = logins.filter(({ role }, index) => logins.findIndex((login) => login.role === role) === index);
  return [...first, ...logins.filter((login) => !first.includes(login))];
}

/** What the start page shows of a login; it says where somebody works with the name. */
function toStartPage({ role, phone, password, name, storeName }: DemoLogin): object {
  return { role, phone, password, name: storeName === undefined ? name : `${name}, ${storeName}` };
}

/** The Worker knows a key by its digest only. */
function keyEntry(key: string): { id: string; sha256: string } {
  const id = key.split('_')[2] ?? '';
  return { id, sha256: createHash('sha256').update(key).digest('hex') };
}
