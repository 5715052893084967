import { connect, type Socket } from 'node:net';

export interface WireAnswer {
  /** Status line and headers. */
  readonly head: string;
  readonly status: number;
  readonly body: string;
}

/** A request as bytes, and what to make of its answer. */
interface Waiting {
  readonly resolve: (answer: WireAnswer) => void;
  readonly reject: (cause: Error) => void;
}

const END_OF_HEAD = '\r\n\r\n';

/**
 * One keep-alive connection, one request at a time. The clients of Node cost several times the processor that this does, and
 * what a generator takes, the measured side lacks.
 */
export class Wire {
  readonly #socket: Socket;
  #received = '';
  #waiting: Waiting | undefined;
  #broken: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (cause) => this.#break(cause));
    socket.on('close', () => this.#break(new Error('the connection was closed')));
  }

  static open(origin: string): Promise<Wire> {
    const { hostname, port } = new URL(origin);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Wire(socket));
      });
    });
  }

  /** Rejects when there will be no answer: whether it was carried out is then unknown. */
  send(request: string): Promise<WireAnswer> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text;
    const answer = readAnswer(this.#received);
    const waiting = this.#waiting;
    if (answer === undefined || waiting === undefined) return;
    this.#received = '';
    this.#waiting = undefined;
    waiting.resolve(answer);
  }

  #break(cause: Error): void {
    this.#broken ??= cause;
    this.#waiting?.reject(cause);
    this.#waiting = undefined;
  }
}

/** The answer, once all of it is there. */
export function readAnswer(text: string): WireAnswer | undefined {
  const headEnd = text.indexOf(END_OF_HEAD);
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd);
  const status = Number(head.slice(9, 12));
  const rest = text.slice(headEnd + END_OF_HEAD.length);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return rest.length >= Number(length) ? { head, status, body: rest } : undefined;
  const body = readChunks(rest);
  return body === undefined ? undefined : { head, status, body };
}

/** Transfer-Encoding: chunked (RFC 9112, 7.1). */
function readChunks(text: string): string | undefined {
  let body = '';
  for (let at = 0; ;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (size === 0) return text.endsWith(END_OF_HEAD) ? body : undefined;
    const start = lineEnd + 2;
    if (text.length < start + size + 2) return undefined;
    body += text.slice(start, start + size);
    at = start + size + 2;
  }
}
