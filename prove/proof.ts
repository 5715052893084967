export interface ProofSettings {
  /** Everything drawn by chance is drawn from this. */
  readonly seed: number;
  /** How long the proof goes on looking, roughly. */
  readonly seconds: number;
}

export interface ProofResult {
  /** Histories, moments or runs that were looked at. */
  readonly cases: number;
  readonly violations: number;
  /** What the control did, whose guard is off: it must break, or the proof sees nothing. Absent where there is no control. */
  readonly controlViolations?: number;
  /** The smallest history that breaks a promise, in words. */
  readonly counterexample?: string;
  /** Further figures; their names carry the units. */
  readonly figures?: { readonly [name: string]: number | string };
  /** One case laid open, for people. */
  readonly shown?: { readonly title: string; readonly rows: readonly (readonly string[])[] };
}

/** One promise that `npm run prove` tries to break. */
export interface Proof {
  readonly name: string;
  readonly what: string;
  /** `say` tells what is going on. Throws when it could not be tried. */
  run(settings: ProofSettings, say: (line: string) => void): Promise<ProofResult>;
}

/** A proof holds when nothing broke, something was tried, and its control, where it has one, did break. */
export function holds({ cases, violations, controlViolations }: ProofResult): boolean {
  return cases > 0 && violations === 0 && controlViolations !== 0;
}
