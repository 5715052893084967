import type { TestProject } from 'vitest/node';
import { startTestCluster } from './postgres-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The migrated template database of this run's cluster; see `test/support/postgres.ts`. */
    postgresTemplateUrl: string;
  }
}

/** Vitest's global set-up of the integration project: one PostgreSQL for the whole run. Returns the teardown. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster();
  project.provide('postgresTemplateUrl', cluster.templateUrl);
  return () => cluster.stop();
}
