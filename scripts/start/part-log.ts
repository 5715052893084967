import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** One older file is kept beside it, so a part's logs take at most twice this. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** What one part of the system says: every line goes to its file, the last ones are kept to explain a failed start. */
export class PartLog {
  readonly path: string;
  readonly #stream: WriteStream;
  readonly #last: string[] = [];

  constructor(folder: string, name: string) {
    this.path = join(folder, `${name}.log`);
    if (existsSync(this.path) && statSync(this.path).size > LOG_BYTES_MAX) renameSync(this.path, `${this.path}.1`);
    this.#stream = createWriteStream(this.path, { flags: 'a' });
    // A full disk must not end the supervisor.
    this.#stream.on('error', () => {});
  }

  read(input: Readable): void {
    createInterface({ input }).on('line', (line) => this.write(line));
  }

  write(line: string): void {
    this.#stream.write(`${new Date().toISOString()} ${line}\n`);
    this.#last.push(line);
    if (this.#last.length > 20) this.#last.shift();
  }

  /** The last lines, oldest first. */
  tail(): string {
    return this.#last.join('\n');
  }

  close(): void {
    this.#stream.end();
  }
}
