/** Lighthouse finds nothing to improve on the pages: accessibility and best practices 100. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser as Chromium } from 'playwright-core';
import type { PageName } from '../../src/ui/pageNames.ts';
import { launchChromium } from '../support/chromium.ts';
import { openGallerySite, type GallerySite } from '../support/gallerySite.ts';
import { freePort, IS_WHOLE_PROOF } from '../support/index.ts';

/** The entry pages of Nøgle, one of each kind of page; and long forms. */
const TWENTY: readonly PageName[] = [
  'start',
  'services',
  'help',
  'help-topic',
  'accessibility',
  'terms',
  'password',
  'key',
  'consent',
  'locked',
  'refused',
  'trouble',
  'block',
  'order',
  'activate-choose',
  'self-home',
  'self-card',
  'self-access',
  'desk-issue',
  'desk-person',
];

/** All take a minute beside others. */
const LOOKED_AT = TWENTY.filter((_, i) => IS_WHOLE_PROOF || i % 4 === 1);

let site: GallerySite;
let chromium: Chromium;
let port: number;
beforeAll(async () => {
  port = await freePort();
  [site, chromium] = await Promise.all([openGallerySite(), launchChromium({ debuggingPort: port })]);
}, 120_000);
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

interface Report {
  readonly url: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

test(`accessibility and best practices are 100 on ${LOOKED_AT.length} pages`, async () => {
  const urls = LOOKED_AT.map((name) => site.urlOf(site.samples.find((one) => one.name === name)!));
  const { stdout } = await promisify(execFile)(process.execPath, [
    'test/support/lighthouseRun.ts',
    String(port),
    ...urls,
  ]);
  const reports = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Report);
  expect(reports).toHaveLength(IS_WHOLE_PROOF ? 20 : 5);
  const full = { accessibility: 1, 'best-practices': 1 };
  expect(reports).toEqual(urls.map((url) => ({ url, scores: full, faults: [] })));
}, 240_000);
