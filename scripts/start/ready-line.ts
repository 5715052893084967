import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readOwnJson } from '../../contracts/own-json.ts';

/** The first line of a process's stdout that says `{"ready":true,…}`. Never settles without one. */
export function readyLine<T extends { readonly ready: true }>(child: ChildProcess): Promise<T> {
  return new Promise((resolve) => {
    if (child.stdout === null) return;
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      if (!line.startsWith('{"ready":true')) return;
      resolve(readOwnJson<T>(line));
      lines.close();
    });
  });
}
