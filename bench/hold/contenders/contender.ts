/**
 * When an acknowledged hold is safe: `none` in memory only; `everysec` written, on disk within a second; `fsync-per-commit`
 * each commit flushes for itself, although a server may flush several at once; `group fsync` one flush for all that arrived
 * together.
 */
export type Durability = 'none' | 'everysec' | 'fsync-per-commit' | 'group fsync';

/** What a run gives each contender to start with. */
export interface ContenderRun {
  /** An empty folder of its own, on the disk that is measured. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export interface Contender {
  /** snake_case and stable: figures are called by it. */
  readonly name: string;
  readonly what: string;
  readonly durability: Durability;
  /** Why it cannot run here, as a sentence that says what to do; undefined when it can. */
  readonly missing?: () => string | undefined;
  readonly start: (run: ContenderRun) => Promise<RunningContender>;
}

/** One that listens. Everything else about it is asked over HTTP. */
export interface RunningContender {
  /** `http://127.0.0.1:…`; may change with a restart. */
  readonly origin: string;
  readonly storeId: string;
  /** Value of the `authorization` header of whoever holds stock. */
  readonly authorization: string;
  /** Of whoever receives goods and audits. */
  readonly operatorAuthorization: string;
  /** Its processes; their descendants belong to it too. */
  readonly pids: readonly number[];
  /** Takes the SKUs into its assortment, if it has to know them before goods arrive. */
  readonly list?: (skus: readonly string[]) => Promise<void>;
  /** Waits until nothing of a load is left to do that would disturb who is measured next. */
  readonly settle?: () => Promise<void>;
  /** kill -9 of everything that serves or stores. */
  readonly kill: () => Promise<void>;
  /** After a kill: up again over what is on disk. */
  readonly revive: () => Promise<void>;
  readonly stop: () => Promise<void>;
}
