import { defineConfig } from 'oxlint';

import { boundaryOverrides } from './scripts/check/boundaries.ts';

const TESTS = ['**/*.test.ts', 'test/**'];

/** Only durable/stubs.ts turns an id into an object. */
const ID_TO_OBJECT = ['getByName', 'idFromName', 'idFromString', 'newUniqueId'].map((property) => ({
  property,
  message: 'durable/stubs.ts is the only place where an id becomes an object',
}));

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
  options: { typeAware: true },
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['db/migrations/**', 'dist/**'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    // `[...text]` walks code points, which is what is wanted of it.
    'typescript/no-misused-spread': ['error', { allow: ['string'] }],
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unsafe-type-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    // The compiler sees every path (noImplicitReturns); this rule would demand a default after an exhaustive switch.
    'typescript/consistent-return': 'off',
    // `sql.all<StockRow>(…)`: the caller says what its query selects.
    'typescript/no-unnecessary-type-parameters': 'off',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    // pg and kafkajs are CommonJS: their default import is the namespace.
    'import/no-named-as-default-member': 'off',
    // `import type {} from` is how a file asks for another's declaration merging without running it.
    'import/no-empty-named-blocks': 'off',
    'unicorn/require-module-specifiers': 'off',
    'import/extensions': ['error', 'ignorePackages'],
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'func-style': ['error', 'declaration', { allowTypeAnnotation: true }],
    'no-console': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'max-lines': ['error', { max: 400, skipComments: true, skipBlankLines: true }],
    'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
  },
  overrides: [
    {
      files: ['domain/**'],
      rules: {
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now', message: 'time comes in as a value' },
          { object: 'Math', property: 'random', message: 'chance comes in as a value' },
        ],
      },
    },
    { files: ['durable/**', 'edge/**'], rules: { 'no-restricted-properties': ['error', ...ID_TO_OBJECT] } },
    { files: ['durable/stubs.ts'], rules: { 'no-restricted-properties': 'off' } },
    { files: ['durable/**/*-object.ts'], rules: { 'max-lines': ['error', { max: 200, skipComments: true }] } },
    // The constructors of branded ids: the one place where a string is declared to be an id.
    { files: ['domain/shared/ids.ts'], rules: { 'typescript/no-unsafe-type-assertion': 'off' } },
    // People read what these print; everything else reports through its own log.
    { files: ['scripts/**', 'bench/**', 'prove/**'], rules: { 'no-console': 'off' } },
    // The runtime and the tools want these as default exports.
    {
      files: [
        'edge/worker.ts',
        'integrations/payments/stripe/worker.ts',
        'bench/hold/workers/*-worker.ts',
        '*.config.ts',
      ],
      rules: { 'import/no-default-export': 'off' },
    },
    ...boundaryOverrides(),
    {
      files: TESTS,
      rules: {
        'max-lines-per-function': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
        'no-restricted-properties': 'off',
        // A test takes apart what a set-up function returns.
        'typescript/unbound-method': 'off',
        'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'fc.assert'] }],
        // A helper stands in the `describe` it serves.
        'unicorn/consistent-function-scoping': 'off',
      },
    },
  ],
});
