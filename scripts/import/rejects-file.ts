import { closeSync, openSync, writeSync } from 'node:fs';
import type { BadLine } from './read-batches.ts';

/** The lines that did not go in, under the file's own header, in UTF-8: to be corrected and imported by themselves. */
export class RejectsFile {
  readonly #path: string;
  #file: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** A line whose fields could not even be told apart is left to the report. */
  add({ fields }: BadLine, header: readonly string[]): void {
    if (fields === undefined) return;
    if (this.#file === undefined) {
      this.#file = openSync(this.#path, 'w');
      writeSync(this.#file, csvLine(header));
    }
    writeSync(this.#file, csvLine(fields));
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}

function csvLine(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`;
}
