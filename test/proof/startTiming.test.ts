/** How long the sandbox takes to be ready on an empty folder, with no other load. */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { freePorts, RunningNoegle } from '../support/index.ts';

test('the sandbox is ready in seconds', async () => {
  const dataDir = await mkdtemp(path.resolve('.tmp/data-'));
  const sandbox = new RunningNoegle({ PORT: String(await freePorts()), NOEGLE_DATA_DIR: dataDir });
  try {
    const ms = await sandbox.ready();
    console.info(`ready after ${Math.round(ms)} ms, with a new database`);
    expect(ms).toBeLessThan(10_000);
  } finally {
    await sandbox.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
