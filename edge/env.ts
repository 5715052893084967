import * as v from 'valibot';
import { ChannelIdText, UserIdText } from '../contracts/wire.ts';
import type { ObjectEnv } from '../durable/env.ts';
import { ProviderTable } from '../integrations/payments/provider-choice.ts';

/** What the API needs beside the objects. Variables and secrets are text; `readConfig` parses them once an isolate. */
export interface EdgeEnv extends ObjectEnv {
  /** Immutable snapshots: catalogs by version, the network of cities, zones and stores. */
  readonly CATALOG: KVNamespace;
  /** Pages and their files. Absent: the API alone. */
  readonly ASSETS?: Fetcher;
  /** Sign-ins per address and per account. Absent: unlimited. */
  readonly SIGN_IN_LIMIT?: RateLimit;
  readonly DATABASE_URL: string;
  /** `<host>:<port>` of a local endpoint that speaks Neon's protocol in the clear. Absent: Neon itself. */
  readonly DATABASE_LOCAL_ENDPOINT?: string;
  /** Ed25519 private key with its `kid`, as a JWK (RFC 8037): signs access tokens and socket tickets. */
  readonly JWT_PRIVATE_JWK: string;
  /** JSON list of public JWKs whose tokens are still good: keys that were rotated out less than a token's life ago. */
  readonly JWT_RETIRED_JWKS?: string;
  /** Seconds an access token lives; 600 unless said. */
  readonly ACCESS_TOKEN_TTL_S?: string;
  /** JSON list of `{ id, sha256, userId }`: SHA-256, in hex, of the whole key `kir_op_<id>_<secret>`. */
  readonly OPERATOR_KEYS?: string;
  /** JSON list of `{ id, sha256 }`: SHA-256, in hex, of the whole key `kir_ch_<id>_<secret>`; `id` is the channel's. */
  readonly CHANNEL_KEYS?: string;
  /** Comma-separated origins whose pages may call the API and open sockets, besides its own. */
  readonly ALLOWED_ORIGINS?: string;
  /** JSON by city and method, as `ProviderTable` has it: who moves the money. Absent: neither cards nor UPI. */
  readonly PAYMENT_PROVIDERS?: string;
  /** JSON lists of the secrets that sign the providers' webhooks, the new one and the old while one is replaced. */
  readonly STRIPE_WEBHOOK_SECRETS?: string;
  readonly RAZORPAY_WEBHOOK_SECRETS?: string;
  /** Signs the sandbox provider's webhooks. Absent: they are all refused. */
  readonly SANDBOX_WEBHOOK_SECRET?: string;
  /** JSON list of `{ role, phone, password, name }` for the start page. Only ever set where `DEMO` is `true`. */
  readonly DEMO_LOGINS?: string;
  readonly DEMO?: string;
}

const JwkText = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    kty: v.literal('OKP'),
    crv: v.literal('Ed25519'),
    x: v.string(),
    d: v.string(),
    kid: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)),
  }),
);
const PublicJwks = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ ...JwkText.pipe[2].entries, d: v.optional(v.string()) })),
);

const Sha256Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const DemoLogin = v.strictObject({ role: v.string(), phone: v.string(), password: v.string(), name: v.string() });

const WebhookSecrets = v.pipe(v.string(), v.parseJson(), v.array(v.pipe(v.string(), v.minLength(24))));

const Vars = v.object({
  JWT_PRIVATE_JWK: JwkText,
  JWT_RETIRED_JWKS: v.optional(PublicJwks, '[]'),
  ACCESS_TOKEN_TTL_S: v.optional(v.pipe(v.string(), v.toNumber(), v.integer(), v.minValue(1), v.maxValue(3600)), '600'),
  OPERATOR_KEYS: v.optional(
    v.pipe(
      v.string(),
      v.parseJson(),
      v.array(
        v.object({
          id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,32}$/)),
          sha256: Sha256Hex,
          userId: UserIdText,
        }),
      ),
    ),
    '[]',
  ),
  CHANNEL_KEYS: v.optional(
    v.pipe(v.string(), v.parseJson(), v.array(v.object({ id: ChannelIdText, sha256: Sha256Hex }))),
    '[]',
  ),
  ALLOWED_ORIGINS: v.optional(v.string(), ''),
  PAYMENT_PROVIDERS: v.optional(v.pipe(v.string(), v.parseJson(), ProviderTable), '{}'),
  STRIPE_WEBHOOK_SECRETS: v.optional(WebhookSecrets, '[]'),
  RAZORPAY_WEBHOOK_SECRETS: v.optional(WebhookSecrets, '[]'),
  SANDBOX_WEBHOOK_SECRET: v.optional(v.pipe(v.string(), v.minLength(24))),
  DEMO: v.optional(v.string(), 'false'),
  DEMO_LOGINS: v.optional(v.pipe(v.string(), v.parseJson(), v.array(DemoLogin)), '[]'),
});

export type DemoLogin = v.InferOutput<typeof DemoLogin>;
export type SigningJwk = v.InferOutput<typeof JwkText>;
export type VerifyingJwk = v.InferOutput<typeof PublicJwks>[number];
type OperatorKey = v.InferOutput<typeof Vars>['OPERATOR_KEYS'][number];
type ChannelKey = v.InferOutput<typeof Vars>['CHANNEL_KEYS'][number];

export interface Config {
  readonly signingKey: SigningJwk;
  readonly retiredKeys: readonly VerifyingJwk[];
  readonly accessTokenTtlS: number;
  readonly operatorKeys: readonly OperatorKey[];
  readonly channelKeys: readonly ChannelKey[];
  readonly allowedOrigins: ReadonlySet<string>;
  readonly paymentProviders: ProviderTable;
  /** Any of a provider's secrets signs its webhooks; none: they are all refused. */
  readonly webhookSecrets: { readonly [P in 'stripe' | 'razorpay' | 'sandbox']: readonly string[] };
  /** Empty unless this is a demonstration. */
  readonly demoLogins: readonly DemoLogin[];
}

const parsed = new WeakMap<EdgeEnv, Config>();

/** The variables, parsed once an isolate. Throws, naming the variables, when an operator has set one wrongly. */
export function readConfig(env: EdgeEnv): Config {
  const known = parsed.get(env);
  if (known !== undefined) return known;
  const result = v.safeParse(Vars, env);
  if (!result.success) {
    // Names only: a message with the value would put a key into the log.
    const names = new Set(result.issues.map((issue) => String(issue.path?.[0].key)));
    throw new Error(`these variables are missing or wrong: ${[...names].join(', ')}`);
  }
  const vars = result.output;
  const config: Config = {
    signingKey: vars.JWT_PRIVATE_JWK,
    retiredKeys: vars.JWT_RETIRED_JWKS,
    accessTokenTtlS: vars.ACCESS_TOKEN_TTL_S,
    operatorKeys: vars.OPERATOR_KEYS,
    channelKeys: vars.CHANNEL_KEYS,
    allowedOrigins: new Set(vars.ALLOWED_ORIGINS.split(',').filter((origin) => origin !== '')),
    paymentProviders: vars.PAYMENT_PROVIDERS,
    webhookSecrets: {
      stripe: vars.STRIPE_WEBHOOK_SECRETS,
      razorpay: vars.RAZORPAY_WEBHOOK_SECRETS,
      sandbox: vars.SANDBOX_WEBHOOK_SECRET === undefined ? [] : [vars.SANDBOX_WEBHOOK_SECRET],
    },
    demoLogins: vars.DEMO === 'true' ? vars.DEMO_LOGINS : [],
  };
  parsed.set(env, config);
  return config;
}
