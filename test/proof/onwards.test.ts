/**
 * Every way out of Nøgle that follows a form, to every place to which a relying party redirects further, in
 * Chromium.
 */
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Browser as Chromium } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { aPerson, aRelyingParty, Nodes } from '../support/index.ts';
import { DESTINATIONS, OnwardSite } from '../support/onwardSite.ts';
import { WAYS_OUT, type WayOut } from '../support/onwardWalk.ts';

let nodes: Nodes;
let chromium: Chromium;
let site: OnwardSite;
beforeAll(async () => {
  [nodes, site, chromium] = await Promise.all([Nodes.start(), OnwardSite.listen(), launchChromium()]);
}, 120_000);
afterAll(async () => {
  await chromium?.close();
  await site?.close();
  await nodes.close();
});

const NAMES = Object.keys(WAYS_OUT) as WayOut[];

describe.each([true, false])('script %s', (javaScriptEnabled) => {
  describe.each(NAMES)('%s', (way) => {
    test.each(DESTINATIONS)('leads to %s', async (destination) => {
      const context = await chromium.newContext({ javaScriptEnabled });
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      const [person, rp] = [await aPerson(nodes), await aRelyingParty(nodes, site.registration)];
      await WAYS_OUT[way]({ nodes, site, page, person, rp }, destination);
      await context.close();
    });
  });
});
