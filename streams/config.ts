import * as v from 'valibot';
import { err, ok, type Result } from '../domain/shared/result.ts';

/** Long enough that nobody guesses it over a network. */
const TOKEN_LENGTH_MIN = 16;

const Port = v.pipe(
  v.optional(v.string(), '8082'),
  v.regex(/^\d{1,5}$/, 'must be a port'),
  v.transform(Number),
  v.maxValue(65_535, 'must be a port'),
);
/** A missing variable is an empty one, so that every fault is said in the words below. valibot's own repeat what was received. */
const Text = v.optional(v.string(), '');

const Environment = v.object({
  DATABASE_URL: v.pipe(Text, v.regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// URL')),
  GATEWAY_TOKEN: v.pipe(Text, v.minLength(TOKEN_LENGTH_MIN, `must have ${TOKEN_LENGTH_MIN} characters or more`)),
  GATEWAY_HOST: v.optional(v.string(), '127.0.0.1'),
  GATEWAY_PORT: Port,
  LOG: v.optional(v.picklist(['embedded', 'kafka'], 'must be embedded or kafka'), 'embedded'),
  KAFKA_BROKERS: v.optional(v.string(), ''),
});

export interface StreamsConfig {
  /** Direct, not through a transaction pooler: a batch is one session's transaction. */
  readonly databaseUrl: string;
  readonly gateway: { readonly host: string; readonly port: number; readonly token: string };
  readonly log: { readonly kind: 'embedded' } | { readonly kind: 'kafka'; readonly brokers: readonly string[] };
}

/** Reads the process's environment; the error names each variable that is wrong, and never a value. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Result<StreamsConfig, string> {
  const parsed = v.safeParse(Environment, environment);
  if (!parsed.success) {
    return err(parsed.issues.map((issue) => `${v.getDotPath(issue) ?? '?'} ${issue.message}`).join('; '));
  }
  const { DATABASE_URL, GATEWAY_HOST, GATEWAY_PORT, GATEWAY_TOKEN, LOG, KAFKA_BROKERS } = parsed.output;
  const brokers = KAFKA_BROKERS.split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  if (LOG === 'kafka' && brokers.length === 0) return err('KAFKA_BROKERS must be host:port[,host:port] with LOG=kafka');
  return ok({
    databaseUrl: DATABASE_URL,
    gateway: { host: GATEWAY_HOST, port: GATEWAY_PORT, token: GATEWAY_TOKEN },
    log: LOG === 'kafka' ? { kind: LOG, brokers } : { kind: LOG },
  });
}
