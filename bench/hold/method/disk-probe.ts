import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from '../../../scripts/shared/percentile.ts';

const PAGE_BYTES = 4_096;
const APPENDS = 300;

/** What one durable append costs on the disk of this folder: 4 KB, then fdatasync. */
export function probeDisk(folder: string): { readonly p50Us: number; readonly p99Us: number } {
  const path = join(folder, 'disk-probe');
  const file = openSync(path, 'a');
  const page = Buffer.alloc(PAGE_BYTES, 7);
  const tookUs: number[] = [];
  for (let append = 0; append < APPENDS; append += 1) {
    const startMs = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    tookUs.push((performance.now() - startMs) * 1_000);
  }
  closeSync(file);
  rmSync(path);
  return { p50Us: Math.round(percentile(tookUs, 50) ?? 0), p99Us: Math.round(percentile(tookUs, 99) ?? 0) };
}
