export interface LoadOptions {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
}

/** What a closed loop of `connections` clients got out of one address. */
export interface LoadResult {
  readonly tool: 'wrk' | 'node';
  readonly requestsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 2xx, and requests without an answer. */
  readonly failed: number;
}
