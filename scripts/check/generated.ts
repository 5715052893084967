import { runTool } from './tool.ts';
import type { Outcome } from './tool.ts';

/**
 * Files that a script writes from the sources and that are committed all the same. Each row is a Node command that
 * exits 0 when the committed file is what it would write, and says what to run when it is not.
 */
const GENERATED: readonly (readonly string[])[] = [
  // db/migrations, from db/schema
  ['scripts/check-migrations.ts'],
  // docs/openapi.json, from the routes
  ['scripts/openapi.ts', '--check'],
  // docs/saga.md and its picture, from the tables of the order's rules
  ['scripts/saga-doc.ts', '--check'],
];

/** Asks each generator whether its committed files are up to date. */
export async function checkGenerated(): Promise<Outcome> {
  const reports: string[] = [];
  for (const args of GENERATED) {
    const { ok, report } = await runTool('node', args);
    if (!ok) reports.push(`node ${args.join(' ')}\n${report}`);
  }
  return { ok: reports.length === 0, report: reports.join('\n\n') };
}
