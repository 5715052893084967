import { randomUUID } from 'node:crypto';

/** Who is asked, as whom, and for what. */
export interface OrderTarget {
  readonly origin: string;
  readonly authorization: string;
  readonly body: string;
}

/** A placement as the bytes that go over a wire, each under a key of its own. */
export function placeRequest({ origin, authorization, body }: OrderTarget): string {
  const head = [
    'POST /api/v1/orders HTTP/1.1',
    `host: ${new URL(origin).host}`,
    `authorization: ${authorization}`,
    'content-type: application/json',
    `idempotency-key: ${randomUUID()}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
