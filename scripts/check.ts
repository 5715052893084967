import { parseArgs } from 'node:util';

import { STEPS } from './check/steps.ts';
import type { Step } from './check/steps.ts';
import { gitCommit } from './shared/git-commit.ts';

const HELP = `npm run check -- [step ...] [--json]

Runs every step, or the named ones, and exits 0 only if all are green.
${STEPS.map(({ name, what }) => `  ${name.padEnd(11)}${what}`).join('\n')}

  --json     JSON lines on stdout, one a step, the last one the verdict; reports go to stderr
  --help     this text`;

interface StepResult {
  readonly step: string;
  readonly ok: boolean;
  readonly ms: number;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.find((name) => !STEPS.some((step) => step.name === name));
  if (unknown !== undefined) {
    console.error(`There is no step "${unknown}".\n\n${HELP}`);
    return 2;
  }
  const steps = positionals.length === 0 ? STEPS : STEPS.filter(({ name }) => positionals.includes(name));
  const startedAtMs = performance.now();
  const results: StepResult[] = [];
  for (const step of steps) results.push(await runStep(step, values.json));
  return verdict(results, Math.round(performance.now() - startedAtMs), values.json);
}

async function runStep(step: Step, json: boolean): Promise<StepResult> {
  const startedAtMs = performance.now();
  const { ok, report } = await step.run();
  const result = { step: step.name, ok, ms: Math.round(performance.now() - startedAtMs) };
  if (json) console.log(JSON.stringify(result));
  else console.log(`${ok ? 'ok  ' : 'FAIL'} ${step.name.padEnd(10)} ${seconds(result.ms)}  ${step.what}`);
  if (!ok) console.error(`\n${report}\n`);
  return result;
}

async function verdict(results: readonly StepResult[], ms: number, json: boolean): Promise<number> {
  const failed = results.filter(({ ok }) => !ok).map(({ step }) => step);
  const ok = failed.length === 0;
  if (json) console.log(JSON.stringify({ command: 'check', ok, git: await gitCommit(), ms, failed }));
  else console.log(ok ? `All green in ${seconds(ms).trim()}.` : `Not green: ${failed.join(', ')}.`);
  return ok ? 0 : 1;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}

process.exitCode = await main();
