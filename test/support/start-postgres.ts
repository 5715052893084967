import { startPostgres } from '../../db/local/postgres.ts';

// A parent that tests can kill: starts PostgreSQL in argv[2] with password argv[3], says so, and waits.
const server = await startPostgres({ folder: process.argv[2] ?? '', password: process.argv[3] ?? '' });
process.stdout.write(
  `${JSON.stringify(server.ok ? { pid: server.value.pid, url: server.value.url() } : server.error)}\n`,
);
setInterval(() => {}, 60_000);
