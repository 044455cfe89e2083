import test from './jest.config.js';

const { testTimeout: _, testMatch: __, maxWorkers: ___, testSequencer, ...shared } = test;
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
  // The longest have to end within their time: with four beside each other they hardly do.
  maxWorkers: 3,
};

export default config;
