/** The four ways out of Nøgle that follow a form, each to where a relying party redirects further. */
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { authRequest } from './flow.ts';
import type { Nodes } from './nodes.ts';
import { arriveBy, type Destination, type OnwardSite } from './onwardSite.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';

export interface OnwardWalkContext {
  readonly nodes: Nodes;
  readonly site: OnwardSite;
  readonly page: Page;
  readonly person: TestPerson;
  /** Has the site's addresses; asks for consent only by `prompt`. */
  readonly rp: TestRelyingParty;
}

type OnwardWay = (walk: OnwardWalkContext, destination: Destination) => Promise<void>;

async function beginOnwardWalk(
  { nodes, site, page, rp }: OnwardWalkContext,
  destination: Destination,
  params: Record<string, string>,
): Promise<void> {
  const request = { redirect_uri: site.callback(destination), prompt: 'login', ...params };
  await page.goto(nodes.issuer + authRequest(rp, request).path);
  await page.waitForSelector('main[data-page=password]');
}

async function submitPassword({ page, person }: OnwardWalkContext): Promise<void> {
  await page.fill('[name=userId]', person.userId);
  await page.fill('[name=password]', person.password);
  await page.click('button.button-primary');
  await page.waitForSelector('main[data-page=key]');
}

/**
 * Does not wait for another page: the browser may stay on the page whose form was sent, where an application
 * takes over.
 */
async function submitKey({ page, person }: OnwardWalkContext): Promise<void> {
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', person.keys.get(number ?? '') ?? '');
  await page.click('button.button-primary', { noWaitAfter: true });
}

export const WAYS_OUT = {
  'sign-in': async (walk, destination) => {
    await beginOnwardWalk(walk, destination, {});
    await submitPassword(walk);
    const outcome = await arriveBy(walk.page, () => submitKey(walk));
    expect(outcome.get('code')).toMatch(/^.{20,}$/);
  },

  'sign-in by form_post': async (walk, destination) => {
    await beginOnwardWalk(walk, destination, { response_mode: 'form_post' });
    await submitPassword(walk);
    await arriveBy(walk.page, async () => {
      await submitKey(walk);
      // With script the page submits itself, and may be gone before anyone can click.
      const button = walk.page.locator('noscript button');
      await button.click({ noWaitAfter: true, timeout: 1_000 }).catch(() => undefined);
    });
  },

  cancel: async (walk, destination) => {
    await beginOnwardWalk(walk, destination, {});
    const outcome = await arriveBy(walk.page, () => walk.page.click('[name=cancel]', { noWaitAfter: true }));
    expect(outcome.get('error_description')).toMatch(/^user_cancelled: /);
  },

  refusal: async (walk, destination) => {
    await beginOnwardWalk(walk, destination, { prompt: 'login consent' });
    await submitPassword(walk);
    await submitKey(walk);
    await walk.page.waitForSelector('main[data-page=consent]');
    const outcome = await arriveBy(walk.page, () => walk.page.click('[name=cancel]', { noWaitAfter: true }));
    expect(outcome.get('error_description')).toMatch(/^consent_refused: /);
  },

  'log-out': async (walk, destination) => {
    const { nodes, site, page, rp } = walk;
    await beginOnwardWalk(walk, 'origin', {});
    await submitPassword(walk);
    await arriveBy(page, () => submitKey(walk));
    const back = { client_id: rp.clientId, post_logout_redirect_uri: site.goodbye(destination), state: 's' };
    await page.goto(`${nodes.issuer}/session/end?${new URLSearchParams(back)}`);
    const outcome = await arriveBy(page, () => page.click('[name=logout]', { noWaitAfter: true }));
    expect(outcome.get('state')).toBe('s');
  },
} satisfies Record<string, OnwardWay>;

export type WayOut = keyof typeof WAYS_OUT;
