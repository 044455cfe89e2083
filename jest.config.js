/** Everything that decides whether a change is right; five minutes at most on two cores, of which three workers leave a fifth idle. */
const config = {
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  // A unit test of rules may stand beside them.
  roots: ['<rootDir>/test', '<rootDir>/src'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/proof/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/globalSetup.ts',
  globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/shortFailures.ts'],
  testSequencer: '<rootDir>/test/support/longestFirst.cjs',
  // Against what hangs, not for what is slow: a busy machine takes five times as long.
  testTimeout: 180_000,
  maxWorkers: 4,
};

export default config;
