import { expect, test } from 'vitest';
import { readAnswer } from './wire.ts';

const WHOLE = 'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nContent-Length: 8\r\n\r\n{"a":12}';
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n4\r\n:12}\r\n0\r\n\r\n';

test.each([
  [WHOLE, 201],
  [CHUNKED, 200],
])('an answer is read when all of it is there, and not before', (text, status) => {
  const head = text.slice(0, text.indexOf('\r\n\r\n'));
  expect(readAnswer(text)).toEqual({ head, status, body: '{"a":12}' });
  for (let length = 0; length < text.length; length += 1) expect(readAnswer(text.slice(0, length))).toBeUndefined();
});
