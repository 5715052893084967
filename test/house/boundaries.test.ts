import { beforeAll, describe, expect, it } from 'vitest';

import { lintPlanted } from './planted-sources.ts';

/** The arrows as the architecture draws them, written down a second time on purpose: the lint table is what is tested. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  contracts: ['domain'],
  integrations: ['domain', 'contracts'],
  durable: ['domain', 'contracts', 'integrations'],
  db: ['domain', 'contracts'],
  edge: ['domain', 'contracts', 'integrations', 'durable'],
  streams: ['domain', 'contracts', 'db'],
  web: ['contracts'],
};
const TOP_OF_THE_HOUSE = ['scripts', 'bench', 'prove', 'test', 'sim'];
const EVERY_FOLDER = [...Object.keys(MAY_IMPORT), ...TOP_OF_THE_HOUSE];

/** One specifier per row: folder (or file), what it must not import. */
const FORBIDDEN_PACKAGES: readonly (readonly [string, string])[] = [
  ...['domain', 'contracts', 'web'].flatMap((folder) =>
    ['node:crypto', 'cloudflare:workers', 'drizzle-orm', 'pg', 'hono', 'jose'].map((name) => [folder, name] as const),
  ),
  ...['integrations', 'durable', 'edge'].flatMap((folder) =>
    ['node:fs', 'node:fs/promises', 'fs', 'drizzle-orm', 'drizzle-orm/pg-core', 'pg', 'kafkajs', 'ws'].map(
      (name) => [folder, name] as const,
    ),
  ),
  ['domain', 'valibot'],
  ['durable', 'hono'],
  ['db', 'node:fs'],
  ['db', 'pg'],
  ['db/queries', 'node:fs'],
  ['db/queries', 'cloudflare:workers'],
  ['db/local', 'cloudflare:workers'],
  ['streams', 'kafkajs'],
  ['streams', 'cloudflare:workers'],
  ['streams/kit', 'kafkajs'],
  ['streams/topologies', 'kafkajs'],
];

const FORBIDDEN_PATHS: readonly (readonly [string, string])[] = [
  ['edge/planted-db-schema.ts', "import '../db/schema/orders.ts';"],
  ['edge/planted-db-local.ts', "import '../db/local/postgres.ts';"],
  ['edge/routes/planted-db-seed.ts', "import '../../db/seed/demo.ts';"],
  ['db/client.ts', "import './local/postgres.ts';"],
  ['db/queries/planted-seed.ts', "import '../seed/demo.ts';"],
  ['db/queries/planted-node-client.ts', "import '../node-client.ts';"],
  ['domain/order/planted-deep.ts', "import '../../edge/app.ts';"],
  ['domain/order/planted-detour.ts', "import './../../domain/../edge/app.ts';"],
  ['domain/planted-export.ts', "export * from '../contracts/wire.ts';"],
  ['domain/planted-type.ts', "import type { A } from '../contracts/wire.ts';\nexport type B = A;"],
  ['domain/planted-dynamic.ts', "export const lazy = (): Promise<unknown> => import('../contracts/wire.ts');"],
  ['domain/planted.test.ts', "import '../contracts/wire.ts';"],
  ['edge/planted.test.ts', "import '../streams/main.ts';"],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['edge/allowed-client.ts', "import '../db/client.ts';"],
  ['edge/routes/allowed-queries.ts', "import '../../db/queries/orders.ts';\nimport 'hono';\nimport 'hono/cors';"],
  ['web/shopper/allowed-types.ts', "import type { AppType } from '../../edge/app.ts';\nexport type Api = AppType;"],
  ['contracts/allowed-package.ts', "import 'valibot';"],
  ['durable/allowed-package.ts', "import 'cloudflare:workers';\nimport 'node:crypto';\nimport './kit/sql.ts';"],
  ['db/local/allowed-node.ts', "import 'node:fs/promises';\nimport 'pg';\nimport '../schema/orders.ts';"],
  ['db/node-client.ts', "import 'pg';\nimport './schema/orders.ts';"],
  ['streams/kit/kafkajs-log.ts', "import 'kafkajs';\nimport 'node:events';"],
  ['domain/order/allowed.test.ts', "import 'vitest';\nimport 'fast-check';\nimport '../shared/result.ts';"],
  ['durable/kit/allowed.test.ts', "import 'node:sqlite';\nimport '../../test/support/clock.ts';"],
  ...TOP_OF_THE_HOUSE.map(
    (folder) => [`${folder}/allowed.ts`, "import '../edge/app.ts';\nimport 'kafkajs';\nimport 'node:fs';"] as const,
  ),
];

const OTHER_FAULTS: readonly (readonly [string, string, string])[] = [
  ...['domain', 'durable', 'streams', 'edge', 'scripts', 'test'].map(
    (folder) =>
      [
        `${folder}/floating.ts`,
        'async function save(): Promise<void> {}\nexport function run(): void {\n  save();\n}',
        'typescript(no-floating-promises)',
      ] as const,
  ),
  ['domain/clock.ts', 'export const now = Date.now();', 'eslint(no-restricted-properties)'],
  ['domain/chance.ts', 'export const chance = Math.random();', 'eslint(no-restricted-properties)'],
  [
    'edge/stub.ts',
    'export function f(env: { STORE: { getByName(id: string): unknown } }): unknown {\n  return env.STORE.getByName("s");\n}',
    'eslint(no-restricted-properties)',
  ],
  [
    'domain/switch.ts',
    "export function f(side: 'a' | 'b'): number {\n  switch (side) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}",
    'typescript(switch-exhaustiveness-check)',
  ],
  ['edge/print.ts', "console.log('hello');", 'eslint(no-console)'],
  ['edge/default.ts', 'export default 1;', 'import(no-default-export)'],
  ['edge/arrow.ts', 'export const double = (n: number) => n * 2;', 'eslint(func-style)'],
  ['edge/BadName.ts', 'export const one = 1;', 'unicorn(filename-case)'],
  ['edge/no-extension.ts', "import './print';", 'import(extensions)'],
  ['edge/cycle.ts', "import { b } from './cycle-back.ts';\nexport const a = b;", 'import(no-cycle)'],
  ['edge/cycle-back.ts', "import { a } from './cycle.ts';\nexport const b = a;", 'import(no-cycle)'],
];

const folderPlants = Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) =>
  EVERY_FOLDER.filter((target) => target !== folder).map((target) => ({
    path: `${folder}/plant-${target}.ts`,
    text: `import '../${target}/${target === 'db' ? 'client' : 'planted'}.ts';`,
    // The one arrow with a condition, edge -> db, is among the paths below.
    forbidden: !allowed.includes(target) && !(folder === 'edge' && target === 'db'),
  })),
);
const packagePlants = FORBIDDEN_PACKAGES.map(([folder, name]) => ({
  path: `${folder}/plant-${name.replaceAll(/[^a-z]+/g, '-')}.ts`,
  text: `import '${name}';`,
  forbidden: true,
}));
const pathPlants = [
  ...FORBIDDEN_PATHS.map(([path, text]) => ({ path, text, forbidden: true })),
  ...ALLOWED.map(([path, text]) => ({ path, text, forbidden: false })),
];
const importPlants = [...folderPlants, ...packagePlants, ...pathPlants];

describe('the linter', () => {
  let refused: Map<string, Set<string>>;

  beforeAll(async () => {
    const sources = new Map(importPlants.map(({ path, text }) => [path, `${text}\n`]));
    for (const [path, text] of OTHER_FAULTS) sources.set(path, `${text}\n`);
    refused = await lintPlanted(sources);
  }, 60_000);

  it.each(importPlants.filter(({ forbidden }) => forbidden))('refuses in $path: $text', ({ path }) => {
    expect([...(refused.get(path) ?? [])]).toContain('eslint(no-restricted-imports)');
  });

  it.each(importPlants.filter(({ forbidden }) => !forbidden))('allows in $path: $text', ({ path }) => {
    expect([...(refused.get(path) ?? [])]).not.toContain('eslint(no-restricted-imports)');
  });

  it.each(OTHER_FAULTS)('refuses %s for its fault', (path, _, rule) => {
    expect([...(refused.get(path) ?? [])]).toContain(rule);
  });
});
