import test from './jest.config.js';

/** The longer races and histories: the same set-up, other files; eight minutes at most. */
const config = {
  ...test,
  roots: ['<rootDir>/test/proof'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 240_000,
  // One at a time: timings are taken here.
  maxWorkers: 1,
};

export default config;
