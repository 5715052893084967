/** One figure of a run: its name carries the unit, such as `requests_per_s`. */
export type Figures = { readonly [name: string]: number | string | null };

export interface BenchSettings {
  /** Of one load. */
  readonly seconds: number;
  readonly connections: number;
  /** Of benches that compare contenders in interleaved windows. */
  readonly rounds: number;
  readonly seed: number;
  /** Also writes the bench's picture into `docs/`. */
  readonly picture: boolean;
  /** Names of workloads and contenders to leave it at; everything when absent. */
  readonly workloads?: readonly string[];
  readonly contenders?: readonly string[];
}

/** A figure that a run should reach. */
export interface GoalWanted {
  /** The figure's name; snake_case and stable. */
  readonly name: string;
  /** At least this; null where only the figure is wanted. */
  readonly wanted: number | null;
  /** What is wanted is at most that. */
  readonly isMost?: true;
}

export interface Goal extends GoalWanted {
  /** Null when it could not be measured. */
  readonly got: number | null;
  readonly ok: boolean;
}

/** Something a bench found out on its way: a line of JSON for machines, a text for people. */
export type Tell = (record: object, text: string) => void;

/** One measurement that `npm run bench` knows by name. */
export interface Bench {
  readonly name: string;
  readonly what: string;
  /** Of one load, unless the command line says otherwise. */
  readonly seconds?: number;
  readonly goals?: readonly GoalWanted[];
  /** Throws when it could not be measured. */
  run(settings: BenchSettings, say: (line: string) => void, tell: Tell): Promise<Figures>;
}

/** Each goal with what the figures say of it. */
export function judge(goals: readonly GoalWanted[], figures: Figures): readonly Goal[] {
  return goals.map((goal) => {
    const figure = figures[goal.name];
    const got = typeof figure === 'number' ? figure : null;
    return { ...goal, got, ok: got !== null && reaches(got, goal) };
  });
}

function reaches(got: number, { wanted, isMost }: GoalWanted): boolean {
  if (wanted === null) return true;
  return isMost === true ? got <= wanted : got >= wanted;
}
