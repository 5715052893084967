import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../db/local/free-port.ts';
import { migrateDatabase } from '../../db/local/migrate.ts';
import { startNeonEndpoint, type NeonEndpoint } from '../../db/local/neon-endpoint.ts';
import { startPostgres, type LocalPostgres } from '../../db/local/postgres.ts';
import { createNodeDb } from '../../db/node-client.ts';
import { seedDemo } from '../../db/seed/seed.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { RestartBackoff } from './restart-backoff.ts';
import { isHeld, whileHeld } from './held-parts.ts';
import type { Secrets } from './secrets.ts';
import type { StateFolder } from './state-folder.ts';

/** The part's name for `npm run parts`. */
export const POSTGRES = 'postgres';

export interface DatabaseOptions {
  readonly state: StateFolder;
  readonly secrets: Secrets;
  /** Wanted ports; another one is taken where somebody listens. */
  readonly postgresPort: number;
  readonly neonPort: number;
  readonly say: (line: string) => void;
}

/** PostgreSQL with its Neon endpoint: created, migrated, seeded, and started again when it dies. */
export class Database {
  readonly #options: DatabaseOptions;
  readonly #backoff = new RestartBackoff();
  #server: LocalPostgres;
  readonly #endpoint: NeonEndpoint;
  #stopping = false;

  private constructor(options: DatabaseOptions, server: LocalPostgres, endpoint: NeonEndpoint) {
    this.#options = options;
    this.#server = server;
    this.#endpoint = endpoint;
    this.#watch();
  }

  static async start(options: DatabaseOptions): Promise<Result<Database, string>> {
    const { state, secrets, say } = options;
    const port = (await freePort(options.postgresPort)) ?? 0;
    const server = await startPostgres({
      folder: state.postgres,
      password: secrets.postgresPassword,
      port,
      onProgress: say,
    });
    if (!server.ok) return err(server.error.detail);
    const url = server.value.url();
    const migrated = await migrateDatabase(url);
    if (!migrated.ok) return err(migrated.error.detail);
    if (migrated.value.applied > 0) say(`database migrated: ${migrated.value.applied} new`);
    await seed(url, say);
    const neonPort = (await freePort(options.neonPort)) ?? 0;
    const endpoint = await startNeonEndpoint({ connectionString: url, postgresUrl: url, port: neonPort });
    return endpoint.ok ? ok(new Database(options, server.value, endpoint.value)) : err(endpoint.error.detail);
  }

  get url(): string {
    return this.#server.url();
  }

  /** `host:port` of the local endpoint that speaks Neon's protocol. */
  get neonEndpoint(): string {
    return `127.0.0.1:${this.#endpoint.port}`;
  }

  get pid(): number {
    return this.#server.pid;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#endpoint.close();
    await this.#server.stop();
  }

  #watch(): void {
    const startedAtMs = performance.now();
    void this.#server.exited.then(() => this.#revive(performance.now() - startedAtMs));
  }

  /** On the same port, which everybody else was told. */
  async #revive(livedMs: number): Promise<void> {
    const { state, secrets, say } = this.#options;
    for (let lived = livedMs; !this.#stopping; lived = 0) {
      if (isHeld(state, POSTGRES)) {
        say('PostgreSQL is held down');
        await whileHeld(state, POSTGRES, () => this.#stopping);
        if (this.#stopping) return;
      }
      const pauseMs = this.#backoff.pauseMs(lived);
      say(`PostgreSQL is gone; starting it again in ${(pauseMs / 1000).toFixed(2)} s`);
      await sleep(pauseMs);
      if (this.#stopping) return;
      const server = await startPostgres({
        folder: state.postgres,
        password: secrets.postgresPassword,
        port: this.#server.port,
      });
      if (!server.ok) {
        say(server.error.detail);
        continue;
      }
      this.#server = server.value;
      if (this.#stopping) {
        await server.value.stop();
        return;
      }
      say('PostgreSQL is back');
      this.#watch();
      return;
    }
  }
}

async function seed(url: string, say: (line: string) => void): Promise<void> {
  const database = createNodeDb({ connectionString: url, applicationName: 'kirana-seed', max: 2 });
  try {
    await seedDemo(database.db, say);
  } finally {
    await database.close();
  }
}
