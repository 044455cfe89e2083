/** Each party through every cell, with its own Nøgle and site. */
import { afterAll, afterEach, beforeAll, describe, test } from '@jest/globals';
import type { Browser as Chromium } from 'playwright-core';
import { startJobs } from '../../src/app.ts';
import type { JobWorker } from '../../src/jobs/worker.ts';
import { launchChromium } from '../support/chromium.ts';
import { aPerson, closeConnections, Nodes, PATIENT } from '../support/index.ts';
import { CELL_NAMES, CELLS } from './cells.ts';
import type { InteropParty } from './party.ts';
import { InteropSite, InteropVisit } from './site.ts';

const RULES = { ...PATIENT, signingKeys: { cachedSeconds: 1 } };

/** Row -> party -> outcome. */
export type Ran = Record<string, Record<string, string>>;

/** Defines the tests. @returns the outcomes, filled while they run */
export function walkParties(parties: readonly InteropParty[]): Ran {
  const ran: Ran = {};
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await launchChromium({ oneProcess: true });
  }, 60_000);
  afterAll(() => chromium.close());

  describe.each(parties)('$name', (party) => {
    let nodes: Nodes;
    let site: InteropSite;
    let jobs: JobWorker;
    const visits: InteropVisit[] = [];

    const requestSource = async () => {
      const made = await InteropVisit.of(chromium, nodes, site, await aPerson(nodes));
      visits.push(made);
      return made;
    };

    beforeAll(async () => {
      site = await InteropSite.planned();
      nodes = await Nodes.start({ privateOrigins: [site.url], follow: true, rules: RULES });
      await site.open(nodes, party);
      jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
    });
    afterEach(async () => {
      await Promise.all(visits.splice(0).map((one) => one.close()));
    });
    afterAll(async () => {
      closeConnections();
      await jobs.stop();
      site.close();
      await nodes.close();
    });

    test.each(CELL_NAMES)('%s', async (cell) => {
      const row = (ran[cell] ??= {});
      const line = party.notOffered[cell];
      if (line === undefined) await CELLS[cell]({ party, nodes, requestSource });
      row[party.name] = line === undefined ? 'yes' : `not offered: \`${line}\``;
    });
  });
  return ran;
}
