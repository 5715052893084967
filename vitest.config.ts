import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

import { ClosingLineReporter } from './test/house/closing-line-reporter.ts';
import { acceptingGateway } from './test/support/accepting-gateway.ts';
import { workerdVars } from './test/support/workerd-vars.ts';

const FOLDERS = [
  'domain',
  'contracts',
  'integrations',
  'durable',
  'db',
  'edge',
  'streams',
  'web',
  'scripts',
  'bench',
  'prove',
  'sim',
];

/** Starting a whole system (PostgreSQL, broker, Worker) on two busy cores. */
const INTEGRATION_TIMEOUT_MS = 120_000;
/** What is polled passes a browser, a Worker and a log on its way. */
const INTEGRATION_POLL_MS = 30_000;

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLineReporter()],
    // What a test that passed had to say is of no interest.
    silent: 'passed-only',
    projects: [
      {
        // Objects that are hosted in Node, as test/support/object-platform/load-objects.ts has it outside of tests.
        resolve: {
          alias: { 'cloudflare:workers': `${import.meta.dirname}/test/support/object-platform/cloudflare-workers.ts` },
        },
        test: {
          name: 'unit',
          environment: 'node',
          include: [`{${FOLDERS.join(',')}}/**/*.test.ts`, 'test/house/**/*.test.ts'],
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: workerdVars,
              outboundService: acceptingGateway,
              // Nothing is paid through Stripe there: its Worker has tests of its own.
              workers: [{ name: 'kirana-stripe', modules: true, script: 'export default {};' }],
            },
          }),
        ],
        test: { name: 'workerd', include: ['test/workerd/**/*.test.ts'] },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['./test/support/postgres-setup.ts'],
          testTimeout: INTEGRATION_TIMEOUT_MS,
          hookTimeout: INTEGRATION_TIMEOUT_MS,
          expect: { poll: { timeout: INTEGRATION_POLL_MS } },
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
