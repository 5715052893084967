import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

const BIN = join(ROOT, 'node_modules/.bin');

/** What a step found. `report` is what the tool printed: nothing but noise when `ok`. */
export interface Outcome {
  readonly ok: boolean;
  readonly report: string;
}

/** Runs a command at the root: the installed tools come first, on the Node that the project pins. */
export function runTool(name: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((done) => {
    const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}` };
    const child = spawn(name, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => done({ ok: false, report: `${name} did not start: ${error.message}` }));
    child.once('close', (code) => done({ ok: code === 0, report: Buffer.concat(chunks).toString().trim() }));
  });
}
