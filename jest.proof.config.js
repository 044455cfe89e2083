import test from './jest.config.js';

const { testTimeout: _, testMatch: __, maxWorkers, testSequencer, ...shared } = test;
const proof = { ...shared, roots: ['<rootDir>/test/proof'], testPathIgnorePatterns: ['/node_modules/'] };

/** The longer races and histories: the same set-up, other files. Times are taken alone, after the others. */
const config = {
  projects: [
    {
      ...proof,
      displayName: 'proof',
      testPathIgnorePatterns: ['/node_modules/', '([tT]iming|flood)\\.test'],
    },
    {
      ...proof,
      displayName: 'alone',
      runner: '<rootDir>/test/support/aloneRunner.cjs',
      testRegex: '([tT]iming|flood)\\.test\\.ts$',
    },
  ],
  testSequencer,
  testTimeout: 240_000,
  maxWorkers,
};

export default config;
