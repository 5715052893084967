import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { RestartBackoff } from './restart-backoff.ts';
import { isHeld, whileHeld } from './held-parts.ts';
import { PartLog } from './part-log.ts';
import { bornOf, endProcess, writeRecord } from './process-record.ts';
import type { StateFolder } from './state-folder.ts';

export interface ChildPartOptions {
  /** Also the name of its record and of its log. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly state: StateFolder;
  /** Settles when the part can be used; asked again after each restart. Rejects when it never will. */
  readonly ready: (child: ChildProcess) => Promise<void>;
  /** Ends what an earlier process of this part may have left; before each start and after the stop. */
  readonly clear: () => Promise<void>;
  readonly stopGraceMs: number;
  readonly say: (line: string) => void;
}

/** A Node process of the system: started, watched, started again when it dies, and stopped for good. */
export class ChildPart {
  readonly #options: ChildPartOptions;
  readonly #backoff = new RestartBackoff();
  readonly #log: PartLog;
  #child: ChildProcess | undefined;
  #stopping = false;

  constructor(options: ChildPartOptions) {
    this.#options = options;
    this.#log = new PartLog(options.state.logs, options.name);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it for the first time. What fails now is told to the caller; from then on the part is kept alive. */
  async start(): Promise<void> {
    this.#stopping = false;
    await this.#launch();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child?.pid !== undefined && this.running) {
      const born = bornOf(child.pid);
      if (born !== undefined) await endProcess({ pid: child.pid, born }, this.#options.stopGraceMs);
    }
    await this.#options.clear();
    this.#log.close();
  }

  async #launch(): Promise<void> {
    const { name, args, env, state, ready, clear } = this.#options;
    await clear();
    // Its own process group: a Ctrl-C in the terminal is for the supervisor, which stops the parts in order.
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#child = child;
    const startedAtMs = performance.now();
    const gone = new Promise<string>((resolve) => {
      child.once('error', (cause) => resolve(cause.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    if (child.pid !== undefined) writeRecord(state.run, name, child.pid);
    if (child.stdout !== null) this.#log.read(child.stdout);
    if (child.stderr !== null) this.#log.read(child.stderr);
    const early = gone.then((how): never => {
      throw new Error(`${name} ended while starting (${how}).\n${this.#log.tail()}`);
    });
    try {
      await Promise.race([ready(child), early]);
    } catch (cause) {
      // One that never gets ready would keep its port.
      if (child.exitCode === null) child.kill('SIGKILL');
      throw cause;
    }
    void gone.then((how) => this.#revive(how, performance.now() - startedAtMs));
  }

  async #revive(how: string, livedMs: number): Promise<void> {
    const { name, say, state } = this.#options;
    for (let reason = how, lived = livedMs; !this.#stopping;) {
      if (isHeld(state, name)) {
        say(`${name} is held down`);
        await whileHeld(state, name, () => this.#stopping);
        if (this.#stopping) return;
      }
      const pauseMs = this.#backoff.pauseMs(lived);
      say(`${name} is gone (${reason}); starting it again in ${(pauseMs / 1000).toFixed(2)} s`);
      await sleep(pauseMs);
      if (this.#stopping) return;
      try {
        await this.#launch();
        say(`${name} is back`);
        return;
      } catch (cause) {
        // Its last words say more than how it ended.
        reason = cause instanceof Error ? (cause.message.trim().split('\n').at(-1) ?? '') : String(cause);
        lived = 0;
      }
    }
  }
}
