/** Why the local PostgreSQL cannot run; `detail` is one sentence that says what to do. */
export interface PostgresProblem {
  readonly code:
    | 'NO_BINARIES'
    | 'FOLDER_UNREACHABLE'
    | 'ALREADY_RUNNING'
    | 'PORT_BUSY'
    | 'INITDB_FAILED'
    | 'START_FAILED'
    | 'WRONG_PASSWORD';
  readonly detail: string;
}
