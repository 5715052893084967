/** One figure of a run: its name carries the unit, such as `requests_per_s`. */
export type Figures = { readonly [name: string]: number | string | null };

/** One measurement that `npm run bench` knows by name. */
export interface Bench {
  readonly name: string;
  readonly what: string;
  /** `say` tells what is going on. Throws when it could not be measured. */
  run(
    settings: { readonly seconds: number; readonly connections: number },
    say: (line: string) => void,
  ): Promise<Figures>;
}
