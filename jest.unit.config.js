import test from './jest.config.js';

/** Tests of rules alone, in one process: no build, no database, no browser. */
const config = {
  testEnvironment: test.testEnvironment,
  extensionsToTreatAsEsm: test.extensionsToTreatAsEsm,
  transform: test.transform,
  setupFilesAfterEnv: test.setupFilesAfterEnv,
  roots: ['<rootDir>/src'],
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  maxWorkers: 1,
};

export default config;
