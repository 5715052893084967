import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { CsvParser, type CsvItem } from './csv-parser.ts';

export interface FileFacts {
  readonly bytes: number;
  /** SHA-256 of the content, hex. */
  readonly digest: string;
  readonly encoding: 'utf-8' | 'windows-1252';
}

const CHUNK_BYTES = 64 * 1024;

/** One pass over the bytes: a file that is not UTF-8 from end to end is taken as Windows-1252, which spreadsheets write. */
export async function inspectFile(path: string): Promise<FileFacts> {
  const hash = createHash('sha256');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let isUtf8 = true;
  for await (const chunk of chunksOf(path)) {
    hash.update(chunk);
    bytes += chunk.length;
    isUtf8 &&= decodes(utf8, chunk, true);
  }
  isUtf8 &&= decodes(utf8, new Uint8Array(), false);
  return { bytes, digest: hash.digest('hex'), encoding: isUtf8 ? 'utf-8' : 'windows-1252' };
}

/** The records of the file, in order, with how many bytes were read so far. */
export async function* readRecords(
  path: string,
  encoding: FileFacts['encoding'],
): AsyncGenerator<{ readonly item: CsvItem; readonly bytesRead: number }> {
  // It drops a byte order mark by itself.
  const decoder = new TextDecoder(encoding);
  const parser = new CsvParser();
  let bytesRead = 0;
  for await (const chunk of chunksOf(path)) {
    bytesRead += chunk.length;
    for (const item of parser.push(decoder.decode(chunk, { stream: true }))) yield { item, bytesRead };
  }
  for (const item of [...parser.push(decoder.decode()), ...parser.end()]) yield { item, bytesRead };
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes: Uint8Array = chunk;
    yield bytes;
  }
}

function decodes(decoder: TextDecoder, chunk: Uint8Array, stream: boolean): boolean {
  try {
    decoder.decode(chunk, { stream });
    return true;
  } catch {
    return false;
  }
}
