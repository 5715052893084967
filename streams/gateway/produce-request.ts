import * as v from 'valibot';
import { EVENT_BYTES_MAX } from '../../contracts/events/envelope.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { NewRecord } from '../kit/log-port.ts';

/** Key and value in base64, so that consumers see raw bytes. The JSON dialect would store keys with their quotes. */
const BINARY_DIALECT = 'application/vnd.kafka.binary.v2+json';
export const ANSWER_TYPE = 'application/vnd.kafka.v2+json';

/** Records of one request: what one drain of an outbox may send at once. */
export const RECORDS_MAX = 1_000;
/** A whole request body. Its raw bytes, three quarters of that, fit one append. */
export const BODY_BYTES_MAX = 1024 * 1024;

const Base64 = v.pipe(v.string(), v.check(isBase64, 'is not base64'));

/** The proxy refuses any other field too: it knows no headers, no timestamps and no tombstones. */
const ProduceBody = v.strictObject({
  records: v.pipe(
    v.array(
      v.strictObject({
        key: v.optional(Base64),
        value: Base64,
        // The proxy would pick one by a hash of its own, which sends half of the keys elsewhere than every Kafka client does.
        partition: v.pipe(v.number(), v.integer(), v.minValue(0)),
      }),
    ),
    v.minLength(1),
    v.maxLength(RECORDS_MAX),
  ),
});

/** `error_code` is the HTTP status and two digits more, as the proxy has it. */
export interface GatewayProblem {
  readonly status: 401 | 404 | 405 | 406 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly errorCode: number;
  readonly message: string;
}

export function checkContentType(
  contentType: string | undefined,
  accept: string | undefined,
): GatewayProblem | undefined {
  const given = contentType?.split(';')[0]?.trim().toLowerCase();
  if (given !== BINARY_DIALECT) {
    return { status: 415, errorCode: 41501, message: `content-type must be ${BINARY_DIALECT}` };
  }
  const accepted = (accept ?? '*/*').split(',').map((each) => each.split(';')[0]?.trim().toLowerCase());
  if (!accepted.some((each) => each === '*/*' || each === 'application/*' || each === ANSWER_TYPE)) {
    return { status: 406, errorCode: 40601, message: `the answer is ${ANSWER_TYPE}` };
  }
  return undefined;
}

/** Reads a body of the binary dialect. Topic and partitions are not judged here: the answer does that, entry by entry. */
export function parseProduceBody(topic: string, body: string): Result<readonly NewRecord[], GatewayProblem> {
  let raw: unknown;
  try {
    raw = JSON.parse(body);
  } catch {
    return err({ status: 422, errorCode: 42201, message: 'the body is not JSON' });
  }
  const parsed = v.safeParse(ProduceBody, raw);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return err({ status: 422, errorCode: 42201, message: `${v.getDotPath(issue) ?? 'body'}: ${issue.message}` });
  }
  const records = parsed.output.records.map(({ key, value, partition }) => ({
    topic,
    partition,
    // Without a key the proxy stores an empty one, not none.
    key: Buffer.from(key ?? '', 'base64'),
    value: Buffer.from(value, 'base64'),
  }));
  if (records.some(({ value }) => value.byteLength > EVENT_BYTES_MAX)) {
    return err({ status: 413, errorCode: 41301, message: `a value may have ${EVENT_BYTES_MAX} bytes` });
  }
  return ok(records);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
