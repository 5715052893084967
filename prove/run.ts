import { gitCommit } from '../scripts/shared/git-commit.ts';
import { ProgressLines } from '../scripts/terminal/progress-lines.ts';
import { table } from '../scripts/terminal/table.ts';
import { checkout } from './checkout/checkout.ts';
import { crash } from './crash/crash.ts';
import { eviction } from './eviction/eviction.ts';
import { parseProveOptions } from './options.ts';
import { guards } from './guards/guards.ts';
import { money } from './money/money.ts';
import { overload } from './overload/overload.ts';
import { oversell } from './oversell/oversell.ts';
import { holds } from './proof.ts';
import { saga } from './saga/saga.ts';
import type { Proof, ProofResult, ProofSettings } from './proof.ts';
import { tracking } from './tracking/tracking.ts';

const PROOFS: readonly Proof[] = [oversell, eviction, crash, overload, checkout, saga, money, tracking, guards];

const HELP = `npm run prove -- <name ...> [options]

Tries to break a promise, by chance and on purpose, and says what it saw. A control whose guard is off must break, or the
proof is void. Exits 0 only when every promise held.
${PROOFS.map(({ name, what }) => `  ${name.padEnd(14)}${what}`).join('\n')}
  all           every one of them

  --seed S      what is drawn by chance is drawn from this (1)
  --seconds N   how long each one goes on looking, roughly (20)
  --json        JSON lines on stdout, one a proof, the last one the verdict
  --help        this text`;

type Outcome = ({ readonly ok: boolean } & ProofResult) | { readonly ok: false; readonly error: string };

async function main(): Promise<number> {
  const options = parseProveOptions(
    process.argv.slice(2),
    PROOFS.map(({ name }) => name),
  );
  if (!options.ok) {
    console.error(options.error);
    return 2;
  }
  if (options.value === undefined) {
    console.log(HELP);
    return 0;
  }
  const { names, seed, seconds, json } = options.value;
  const about = { git: await gitCommit(), seed, seconds };
  const failed: string[] = [];
  for (const proof of PROOFS.filter(({ name }) => names.includes(name))) {
    // One at a time: proofs share the machine, and some stop it for seconds.
    // oxlint-disable-next-line no-await-in-loop -- see above
    const outcome = await tryToBreak(proof, { seed, seconds });
    if (!outcome.ok) failed.push(proof.name);
    if (json) console.log(JSON.stringify({ command: `prove ${proof.name}`, ...about, ...onTheWire(outcome) }));
    else tell(proof, outcome);
  }
  if (json && names.length > 1) {
    console.log(JSON.stringify({ command: 'prove', ok: failed.length === 0, ...about, proofs: names, failed }));
  }
  return failed.length === 0 ? 0 : 1;
}

async function tryToBreak(proof: Proof, settings: ProofSettings): Promise<Outcome> {
  const progress = new ProgressLines();
  try {
    const result = await proof.run(settings, (line) => progress.say(`${proof.name}: ${line}`));
    return { ok: holds(result), ...result };
  } catch (cause) {
    return { ok: false, error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
  }
}

/** Fields as scripts read them. */
function onTheWire(outcome: Outcome): Record<string, unknown> {
  if ('error' in outcome) return { ...outcome };
  const { controlViolations, figures, ...rest } = outcome;
  return { ...rest, ...(controlViolations !== undefined && { control_violations: controlViolations }), ...figures };
}

function tell({ name, what }: Proof, outcome: Outcome): void {
  console.log(`${outcome.ok ? 'held  ' : 'BROKEN'}  ${name}: ${what}`);
  if ('error' in outcome) console.error(outcome.error);
  else {
    const { shown: _shown, ...fields } = onTheWire(outcome);
    console.log(table(Object.entries(fields).map(([field, value]) => [field, String(value)])));
    if (outcome.shown !== undefined) console.log(`${outcome.shown.title}\n${table(outcome.shown.rows)}`);
  }
}

process.exitCode = await main();
