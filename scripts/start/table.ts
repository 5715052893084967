import { DEMO_LOGINS, type DemoLogin } from '../../db/seed/demo-logins.ts';
import { table } from '../terminal/table.ts';
import type { StateFolder } from './state-folder.ts';
import type { SystemFile } from './system-file.ts';

/** What a person wants to know once everything runs. */
export function readyTable(system: SystemFile, state: StateFolder): string {
  const { url, kafka } = system;
  const parts = [
    ['start page', url],
    ['API', `${url}/api/v1`],
    ['documentation', `${url}/docs`],
    ['PostgreSQL', system.databaseUrl.replace(/:[^:@/]*@/, '@')],
    ['log', kafka === undefined ? `embedded (${system.gatewayUrl})` : `Kafka API at ${kafka}`],
    ['state', `${state.path} (secrets.json has the passwords and keys)`],
    ['logs', state.logs],
  ];
  const logins = firstOfEachRole(DEMO_LOGINS).map(({ role, name, phone, password, storeName }) => [
    role,
    phone,
    password,
    storeName === undefined ? name : `${name}, ${storeName}`,
  ]);
  const others = `${DEMO_LOGINS.length - logins.length} more, one a store and one a courier, are on the start page.`;
  return [
    '',
    'Kirana is running.',
    '',
    table(parts),
    '',
    '  Sign in as',
    table(logins, '    '),
    `    ${others}`,
    '',
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
}

function firstOfEachRole(logins: readonly DemoLogin[]): readonly DemoLogin[] {
  const roles = new Map<string, DemoLogin>();
  for (const login of logins) if (!roles.has(login.role)) roles.set(login.role, login);
  return [...roles.values()];
}
