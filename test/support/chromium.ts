/** A real Chromium from npm, with a folder of its own for what it unpacks. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser as Chromium } from 'playwright-core';

export async function launchChromium(): Promise<Chromium> {
  // It reuses what lies unpacked in the temporary folder, whatever its version and owner.
  const folder = path.resolve('.tmp/chromium');
  mkdirSync(folder, { recursive: true });
  process.env['TMPDIR'] = folder;
  // Makes it unpack the libraries that a bare machine lacks.
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs24.x';
  const { default: bundle } = await import('@sparticuz/chromium');
  const { chromium } = await import('playwright-core');
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  return await chromium.launch({
    executablePath: await bundle.executablePath(),
    args: [...bundle.args.filter((arg) => arg !== '--single-process'), ...quiet],
    headless: true,
    timeout: 60_000,
  });
}
