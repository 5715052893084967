import { globSync } from 'node:fs';

import { ROOT, runTool } from './tool.ts';
import type { Outcome } from './tool.ts';

/** The compiler is parallel inside; more at once only fight for memory. */
const PROJECTS_AT_ONCE = 2;

/** "No inputs were found": the folder has its tsconfig.json but no code yet. */
const NO_FILES_YET = 'error TS18003';

/** Type-checks every folder against its own tsconfig.json (and db/ a second time, as the Worker sees it). */
export async function checkTypes(): Promise<Outcome> {
  const waiting = globSync(['tsconfig.json', '*/tsconfig*.json', 'test/*/tsconfig.json'], { cwd: ROOT }).toSorted();
  const reports: string[] = [];
  async function work(): Promise<void> {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      const { ok, report } = await runTool('tsc', ['-p', project, '--pretty', 'false']);
      if (!ok && !report.includes(NO_FILES_YET)) reports.push(`${project}\n${report}`);
    }
  }
  await Promise.all(Array.from({ length: PROJECTS_AT_ONCE }, work));
  return { ok: reports.length === 0, report: reports.toSorted().join('\n\n') };
}
