import { checkGenerated } from './generated.ts';
import { runTool } from './tool.ts';
import type { Outcome } from './tool.ts';
import { checkTypes } from './types.ts';

export interface Step {
  readonly name: string;
  readonly what: string;
  readonly run: () => Promise<Outcome>;
}

/** What `npm run check` does, cheapest answer first. */
export const STEPS: readonly Step[] = [
  { name: 'format', what: 'layout of every file (mend it: npm run format)', run: () => runTool('oxfmt', ['--check']) },
  { name: 'lint', what: 'house rules and folder boundaries', run: () => runTool('oxlint', ['--deny-warnings']) },
  { name: 'types', what: 'every folder against its own globals', run: checkTypes },
  { name: 'dead-code', what: 'unused files, exports, packages', run: () => runTool('knip', ['--no-progress']) },
  { name: 'generated', what: 'generated files are up to date', run: checkGenerated },
];
