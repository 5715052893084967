import { DEMO_LOGINS } from '../../db/seed/demo-logins.ts';
import { table } from '../terminal/table.ts';
import type { StateFolder } from './state-folder.ts';
import type { SystemFile } from './system-file.ts';
import { oneOfEachRoleFirst } from './worker-vars.ts';

/** One login of each is shown. */
const ROLES = new Set(DEMO_LOGINS.map(({ role }) => role)).size;

/** What a person wants to know once everything runs. */
export function readyTable(system: SystemFile, state: StateFolder): string {
  const { url, kafka } = system;
  const parts = [
    ['start page', url],
    ['API', `${url}/api/v1`],
    ['documentation', `${url}/docs`],
    ['PostgreSQL', system.databaseUrl.replace(/:[^:@/]*@/, '@')],
    ['log', kafka === undefined ? `embedded (${system.gatewayUrl})` : `Kafka API at ${kafka}`],
    ['state', `${state.path} (secrets.json has the passwords, and the keys of the operator and of a channel)`],
    ['logs', state.logs],
  ];
  const logins = oneOfEachRoleFirst(DEMO_LOGINS)
    .slice(0, ROLES)
    .map(({ role, name, phone, password, storeName }) => [
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
