import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MIGRATIONS = join(ROOT, 'db', 'migrations');

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[];
}

/** What is wrong with the migrations, one sentence each; empty if they agree with the schema and with each other. */
export function checkMigrations(): readonly string[] {
  return [...orderProblems(), ...driftProblems()];
}

/** The migrator applies what is younger than the last one applied: an older one that is added later would be skipped. */
function orderProblems(): readonly string[] {
  const journal: Journal = JSON.parse(readFileSync(join(MIGRATIONS, 'meta', '_journal.json'), 'utf8'));
  return journal.entries.flatMap(({ tag, when }, index) => {
    const before = journal.entries[index - 1];
    return before === undefined || before.when < when
      ? []
      : [`Migration ${tag} is not younger than ${before.tag}: remove it and run npm run db:generate.`];
  });
}

/** Generates into a copy: a schema that agrees with its migrations generates nothing. */
function driftProblems(): readonly string[] {
  const copy = mkdtempSync(join(tmpdir(), 'kirana-migrations-'));
  try {
    cpSync(MIGRATIONS, copy, { recursive: true });
    const before = sqlFiles(copy);
    const kit = spawnSync(
      process.execPath,
      [
        join(ROOT, 'node_modules', 'drizzle-kit', 'bin.cjs'),
        'generate',
        '--dialect=postgresql',
        '--schema=./db/schema/*.ts',
        // It puts `./` before whatever it is given.
        `--out=${relative(ROOT, copy)}`,
        '--name=drift',
      ],
      // A renamed column makes it ask; without a terminal it gives up, which is a drift too.
      { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const added = sqlFiles(copy).filter((name) => !before.includes(name));
    // It exits 0 after an error too, so only its own words prove that it came to the end.
    if (added.length === 0 && kit.stdout.includes('No schema changes')) return [];
    const statements = added.map((name) => readFileSync(join(copy, name), 'utf8')).join('\n');
    const said = added.length === 0 ? `${kit.stdout}${kit.stderr}` : statements;
    return [
      `db/schema and db/migrations disagree: run npm run db:generate and commit what it writes. Missing:\n${said.trim()}`,
    ];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function sqlFiles(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.sql'));
}

if (import.meta.main) {
  const problems = checkMigrations();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
