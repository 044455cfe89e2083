/**
 * The steps that every party is taken through: each has a name, which is a row in docs/reference/interop.md,
 * and its assertions.
 */
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../../src/domain/signIn/levels.ts';
import { kidOf, type Nodes, rotateKeysByCommand, untilShown } from '../support/index.ts';
import type { InteropParty } from './party.ts';
import { makeSessionOlder } from './sessionAge.ts';
import type { InteropVisit } from './site.ts';

/** What a cell receives. */
export interface InteropDeps {
  readonly party: InteropParty;
  readonly nodes: Nodes;
  /** A new person with a separate browser. */
  readonly requestSource: () => Promise<InteropVisit>;
}

const SIGNED_OUT = { sub: null, name: null, acr: null, auth_time: null, error: null };
const ALL = ['password', 'key', 'consent'];

export const CELLS = {
  'sign-in with the card': async ({ requestSource }: InteropDeps) => {
    const visit = await requestSource();
    const { asked, shown } = await visit.signIn();
    expect(asked).toEqual(ALL);
    expect(shown).toMatchObject({ name: visit.person.fullName, acr: SUBSTANTIAL, error: null });
    expect(await visit.shows()).toEqual(shown);
    expect((await (await requestSource()).signIn()).shown.sub).not.toBe(shown.sub);
  },

  'sign-in without a new key': async ({ requestSource }: InteropDeps) => {
    const visit = await requestSource();
    const { shown } = await visit.signIn();
    await visit.forget();
    expect(await visit.shows()).toMatchObject(SIGNED_OUT);
    expect(await visit.signIn()).toEqual({ asked: [], shown });
  },

  '`prompt=login`': async ({ requestSource }: InteropDeps) => {
    const visit = await requestSource();
    const first = await visit.signIn();
    const second = await visit.signIn({ prompt: 'login' });
    expect(second.asked).toEqual(['password', 'key']);
    expect(second.shown.sub).toBe(first.shown.sub);
    expect(second.shown.auth_time).toBeGreaterThanOrEqual(Number(first.shown.auth_time));
  },

  '`max_age`': async ({ nodes, requestSource }: InteropDeps) => {
    const visit = await requestSource();
    const { shown } = await visit.signIn();
    const signedInAt = Number(shown.auth_time);
    await makeSessionOlder(nodes, visit.person, 300);
    const lately = await visit.signIn({ max_age: '3600' });
    expect(lately).toEqual({ asked: [], shown: { ...shown, auth_time: signedInAt - 300 } });
    const reauthenticate = await visit.signIn({ max_age: '120' });
    expect(reauthenticate.asked).toEqual(['password', 'key']);
    expect(reauthenticate.shown.auth_time).toBeGreaterThanOrEqual(signedInAt);
  },

  'step-up, Low to Substantial': async ({ requestSource }: InteropDeps) => {
    const visit = await requestSource();
    const low = await visit.signIn({ acr_values: LOW });
    expect([low.asked, low.shown.acr]).toEqual([['password', 'consent'], LOW]);
    const high = await visit.signIn({ acr_values: SUBSTANTIAL });
    expect([high.asked, high.shown.acr]).toEqual([['key'], SUBSTANTIAL]);
    expect(high.shown.sub).toBe(low.shown.sub);
  },

  'log-out begun at the site': async ({ requestSource }: InteropDeps) => {
    const visit = await requestSource();
    await visit.signIn();
    const { asked, shown } = await visit.logOut();
    expect(asked).toEqual([]);
    expect(shown).toMatchObject(SIGNED_OUT);
    expect((await visit.signIn()).asked).toEqual(['password', 'key']);
  },

  'back-channel log-out': async ({ requestSource }: InteropDeps) => {
    const [visit, other] = [await requestSource(), await requestSource()];
    await visit.signIn();
    const { shown } = await other.signIn();
    await visit.logOutAtNoegle();
    await untilSignedOut(visit);
    expect(await other.shows()).toEqual(shown);
  },

  'keys rotate in mid-session': async ({ party, nodes, requestSource }: InteropDeps) => {
    const [visit, leaver] = [await requestSource(), await requestSource()];
    const before = (await visit.signIn()).shown;
    await leaver.signIn();
    await rotateAsOperators(nodes);
    expect(await visit.shows()).toEqual(before);
    const after = await visit.signIn({ prompt: 'login' });
    expect(after.shown.kid).toBe(await kidOf(nodes, 'ES256', 'current'));
    expect(after.shown).toMatchObject({ sub: before.sub, acr: SUBSTANTIAL, error: null });
    expect(after.shown.kid).not.toBe(before.kid);
    // With an ID token that the former key signed; and notified with a token that the new key signed.
    if (offers(party, 'log-out begun at the site')) {
      expect((await leaver.logOut()).shown).toMatchObject(SIGNED_OUT);
    }
    if (offers(party, 'back-channel log-out')) {
      await visit.logOutAtNoegle();
      await untilSignedOut(visit);
    }
  },

  'refused consent': async ({ party, requestSource }: InteropDeps) => {
    const visit = await requestSource();
    const { asked, shown } = await visit.refuse();
    expect(asked).toEqual(ALL);
    expect(shown).toMatchObject({ ...SIGNED_OUT, error: party.showsError ? 'access_denied' : null });
    expect(shown.error_description).toMatch(/^consent_refused: /);
    expect(await visit.shows()).toMatchObject(SIGNED_OUT);
  },
};

export type Cell = keyof typeof CELLS;
export const CELL_NAMES = Object.keys(CELLS) as Cell[];

export function offers(party: InteropParty, cell: Cell): boolean {
  return party.notOffered[cell] === undefined;
}

/** It is notified directly, not over the person's browser. */
async function untilSignedOut(requestSource: InteropVisit): Promise<void> {
  const until = performance.now() + 10_000;
  while ((await requestSource.shows()).sub !== null) {
    if (performance.now() > until) throw new Error('still signed in at the site');
    await setTimeout(50);
  }
}

/** As soon as everyone may know the next key, and no sooner. */
async function rotateAsOperators(nodes: Nodes): Promise<void> {
  const until = performance.now() + 10_000;
  let rotation = await rotateKeysByCommand(nodes, { now: false });
  while (rotation.kind === 'too_early' && performance.now() < until) {
    await setTimeout(100);
    rotation = await rotateKeysByCommand(nodes, { now: false });
  }
  if (rotation.kind !== 'rotated') throw new Error(rotation.kind);
  const made = rotation.keys.map(({ next }) => next);
  await untilShown(nodes, 0, (kids) => made.every((kid) => kids.includes(kid)));
}
