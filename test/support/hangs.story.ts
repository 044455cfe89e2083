/**
 * Not a test of the project: test/proof/leftovers.test.ts starts it, and ends the run while all of this is
 * running.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from '@jest/globals';
import { launchChromium } from './chromium.ts';
import { freePort } from './ports.ts';
import { RunningNoegle } from './process.ts';

test('a browser and a sandbox are open when the run ends', async () => {
  const folder = mkdtempSync(path.resolve('.tmp/hangs-'));
  await launchChromium();
  const sandbox = new RunningNoegle({ PORT: String(await freePort()), NOEGLE_DATA_DIR: folder });
  await sandbox.ready();
  writeFileSync(process.env['TEST_HANGS_FILE'] ?? '', folder);
  await new Promise(() => undefined);
});
