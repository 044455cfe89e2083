import test from './jest.config.js';

const { testTimeout: _, ...shared } = test;

/** Relying parties that come with Debian: the same set-up, other files. */
const config = {
  ...shared,
  roots: ['<rootDir>/interop'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
};

export default config;
