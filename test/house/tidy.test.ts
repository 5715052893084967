import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readPromises } from '../../scripts/contract/promises.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Every file of ours, committed or about to be. */
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

/** The names that tools and readers expect elsewhere than in kebab-case. */
const GIVEN_NAMES = /^(?:README|CONTRIBUTING|CHANGELOG|LICENSE|STYLE|NOTICE|SECURITY|Dockerfile)(?:\.\w+)?$/;
const KEBAB_CASE = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
/** drizzle-kit names these. */
const MIGRATIONS = 'db/migrations/';

const TYPESCRIPT = FILES.filter((path) => path.endsWith('.ts'));
const CODE = TYPESCRIPT.filter((path) => !path.startsWith('test/house/'));
const TESTS = CODE.filter((path) => path.endsWith('.test.ts'));
const TEXT = FILES.filter((path) => /\.(?:ts|md|json|jsonc|toml|yml|yaml|html|css|sql)$/.test(path));

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** `path:line: text` of every line that matches, so that a failure names the place. */
function linesMatching(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('the house is tidy', () => {
  it('finds the files it judges', () => {
    expect(TYPESCRIPT).toContain('test/house/tidy.test.ts');
    expect(CODE.length).toBeGreaterThan(10);
  });

  it('names files in kebab-case', () => {
    const odd = FILES.filter((path) => !path.startsWith(MIGRATIONS) && !GIVEN_NAMES.test(basename(path)));
    expect(odd.filter((path) => !path.split('/').every((part) => KEBAB_CASE.test(part)))).toEqual([]);
  });

  it('names no file after nothing', () => {
    expect(
      TYPESCRIPT.filter((path) => /(?:^|[/-])(?:utils?|helpers?|manager|misc|common)(?:\.|\/|-)/.test(path)),
    ).toEqual([]);
  });

  it('leaves nothing to do later', () => {
    expect(linesMatching(CODE, /\b(?:TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });

  it('runs every test', () => {
    expect(linesMatching(TESTS, /\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo|fails)\b/)).toEqual([]);
    expect(linesMatching(TESTS, /\b(?:fit|xit|fdescribe|xdescribe)\(/)).toEqual([]);
  });

  it('names topics in contracts/ only', () => {
    const elsewhere = CODE.filter((path) => !path.startsWith('contracts/') && !path.endsWith('.test.ts'));
    const named = linesMatching(elsewhere, /['"`][a-z]+(?:\.[a-z]+)+\.v\d+['"`.]/);
    expect(named.filter((line) => !/^\S+ (?:\*|\/\/|\/\*)/.test(line))).toEqual([]);
  });

  it('tests the schema history of every object', () => {
    const histories = CODE.filter((path) => /^durable\/.*-migrations\.ts$/.test(path));
    const everyTest = TESTS.filter((path) => !path.endsWith('-migrations.ts')).map(read);
    const untested = histories.filter((path) => !everyTest.some((test) => test.includes(`/${basename(path)}'`)));
    expect(untested).toEqual([]);
  });

  it('has no barrels', () => {
    const barrels = CODE.filter((path) => {
      const statements = read(path)
        .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
        .split(/;\s*\n/)
        .map((statement) => statement.trim())
        .filter((statement) => statement !== '' && !statement.startsWith('import '));
      return statements.every((statement) => /^export (?:type )?(?:\*|\{[^}]*\}) from /.test(statement));
    });
    expect(barrels.filter((path) => !path.endsWith('.d.ts'))).toEqual([]);
  });

  it('keeps time and chance out of the rules', () => {
    const rules = CODE.filter((path) => path.startsWith('domain/') && !path.endsWith('.test.ts'));
    expect(
      linesMatching(rules, /\bnew Date\(\)|\bDate\(\)|\bDate\.now\b|\bMath\.random\b|\bIntl\b|\.toLocale/),
    ).toEqual([]);
  });

  it('gives every folder of code its own tsconfig.json', () => {
    const folders = new Set(
      TYPESCRIPT.flatMap((path) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])),
    );
    folders.delete('types');
    expect([...folders].filter((folder) => !existsSync(join(ROOT, folder, 'tsconfig.json')))).toEqual([]);
  });

  it('speaks of itself alone', () => {
    // The character classes keep this line from finding itself.
    expect(linesMatching(TEXT, /\/wor[k]\/|far[m]-|\b(?:design|ecosystem|reliability)[.]md/)).toEqual([]);
  });

  it('pins every dependency', () => {
    const { dependencies, devDependencies }: Record<string, Record<string, string>> = JSON.parse(read('package.json'));
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d/.test(version));
    expect(loose).toEqual([]);
  });

  it('promises each thing once', () => {
    const ids = readPromises(read('docs/contract.md')).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(100);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});
