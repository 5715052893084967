import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_LOGINS } from '../../db/seed/demo-logins.ts';
import { DEMO_OPERATOR } from '../../db/seed/people.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { Operator } from '../client/operator.ts';
import { buildPages } from '../pages/build.ts';
import type { ChildPart } from './child-part.ts';
import { Database } from './database.ts';
import type { StartOptions } from './options.ts';
import { prepare, type Prepared } from './prepare.ts';
import { provision } from './provision.ts';
import { stateFolder, type StateFolder } from './state-folder.ts';
import { streamsPart } from './streams-part.ts';
import { unlockStateFolder } from './supervisor-lock.ts';
import { removeSystemFile, writeSystemFile, type SystemFile } from './system-file.ts';
import { bundleWorker, type WorkerBundle } from './worker-bundle.ts';
import { workerPart } from './worker-part.ts';
import { stripeVars } from './payment-vars.ts';
import { workerVars } from './worker-vars.ts';

/** Where the Worker listens: this machine only. */
const HOST = '127.0.0.1';
/** The other parts' ports, counted from the API's; where one is taken, any free one is used. */
const OFFSETS = { postgres: 1, neon: 2, gateway: 3 };

/** All parts of one installation on this machine: started in order, kept alive, stopped in the opposite order. */
export class Supervisor {
  readonly state: StateFolder;
  readonly #options: StartOptions;
  readonly #say: (line: string) => void;
  /** Last started first. */
  readonly #stops: (() => Promise<void>)[] = [];
  #stopping = false;

  constructor(options: StartOptions, say: (line: string) => void) {
    this.#options = options;
    this.state = stateFolder(options.stateFolder);
    this.#say = say;
  }

  /** Starts everything. The error is one sentence that says what to do; `stop` is due after it too. */
  async start(): Promise<Result<SystemFile, string>> {
    const prepared = await prepare(this.state, this.#options, this.#say);
    if (!prepared.ok) return prepared;
    this.#stops.push(async () => unlockStateFolder(this.state));
    const [bundle, database] = await Promise.all([bundleWorker(this.#say), this.#startDatabase(prepared.value)]);
    if (!database.ok) return database;
    if (!bundle.ok) return bundle;
    try {
      return await this.#startProcesses(prepared.value, bundle.value, database.value);
    } catch (cause) {
      return err(cause instanceof Error ? cause.message : String(cause));
    }
  }

  /** Stops what was started. May be called at any time, and twice. */
  async stop(): Promise<void> {
    this.#stopping = true;
    removeSystemFile(this.state);
    for (let stop = this.#stops.shift(); stop !== undefined; stop = this.#stops.shift()) await stop();
  }

  async #startDatabase({ secrets, port }: Prepared): Promise<Result<Database, string>> {
    const database = await Database.start({
      state: this.state,
      secrets,
      postgresPort: near(port, OFFSETS.postgres),
      neonPort: near(port, OFFSETS.neon),
      say: this.#say,
    });
    if (database.ok) this.#stops.unshift(() => database.value.stop());
    return database;
  }

  async #startProcesses(
    { secrets, port }: Prepared,
    bundle: WorkerBundle,
    database: Database,
  ): Promise<Result<SystemFile, string>> {
    const { kafka, accessTokenTtlS, paymentsUrl } = this.#options;
    const { state } = this;
    const say = this.#say;
    const { part: streams, gatewayUrl } = await streamsPart({
      state,
      databaseUrl: database.url,
      gatewayToken: secrets.gatewayToken,
      gatewayPort: near(port, OFFSETS.gateway),
      kafka,
      say,
    });
    const worker = workerPart({
      state,
      say,
      input: {
        bundleFolder: ownCopy(bundle, state),
        // A folder of its own: another start, of other code, must not change what this one serves.
        pagesFolder: buildPages(join(state.scratch, 'pages')),
        stateFolder: state.worker,
        scratchFolder: state.scratch,
        host: HOST,
        port,
        vars: workerVars({
          secrets,
          databaseUrl: database.url,
          neonEndpoint: database.neonEndpoint,
          gatewayUrl,
          operatorId: DEMO_OPERATOR.id,
          demoLogins: DEMO_LOGINS,
          accessTokenTtlS,
          paymentsUrl,
        }),
        stripeVars: stripeVars(paymentsUrl),
      },
    });
    say('starting streams and the Worker');
    // Streams are stopped after the Worker: what it still publishes is taken.
    const started = await Promise.allSettled([this.#startPart(streams), this.#startPart(worker)]);
    const failed = started.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const url = `http://${HOST}:${port}`;
    await provision(state, new Operator(url, secrets.operatorKey), say);
    const system: SystemFile = {
      url,
      databaseUrl: database.url,
      gatewayUrl,
      ...(kafka === undefined ? {} : { kafka }),
      startedAt: new Date().toISOString(),
    };
    writeSystemFile(state, system);
    return ok(system);
  }

  #startPart(part: ChildPart): Promise<void> {
    if (this.#stopping) throw new Error('Stopped while starting.');
    this.#stops.unshift(() => part.stop());
    return part.start();
  }
}

/** A later change of the code may drop the cached bundle while this installation runs on it. */
function ownCopy(bundle: WorkerBundle, state: StateFolder): string {
  const folder = join(state.scratch, 'bundle');
  cpSync(bundle.folder, folder, { recursive: true });
  return folder;
}

function near(port: number, offset: number): number {
  return port + offset <= 65_535 ? port + offset : 0;
}
