/**
 * Compares the client's record with the database, and tries what may not work: keys that were spent, codes
 * that were redeemed, tokens of sessions that were ended. Each fault is a sentence.
 */
import { setTimeout } from 'node:timers/promises';
import type { AskedServer } from '../failover/verify.ts';
import { DATABASE, verifyKeys } from '../failover/verify.ts';
import { challengeOf, hiddenFields } from '../test/support/browser.ts';
import { readSegment, readSinkState } from '../src/features/auditLog/readSink.ts';
import type { Fleet } from './install.ts';
import type { FleetPeople } from './people.ts';
import type { SeededRandom } from './random.ts';
import type { AcknowledgedSignIn } from './record.ts';

/** Spent before the run: the cards of people whose next sign-in orders one. */
const SPENT_BEFORE = 127;
/** A code lives for a minute: a later repetition would prove nothing. */
const CODE_MS = 50_000;
const SAMPLE = { codes: 8, keys: 3, tokens: 8 };

export interface Replays {
  keys: number;
  codes: number;
  endedTokens: number;
  liveTokens: number;
}

/** Every key that was accepted is spent, once; spent keys and audit events are as many on each card. */
export async function verifyDatabase(
  fleet: Fleet,
  people: FleetPeople,
  primary: AskedServer,
): Promise<string[]> {
  const renewing = new Set(fleet.renewing);
  // Before the question, so that what is finished in the meantime is not missed.
  const spends = [...people.record.spends.values()];
  const everyone = [...fleet.people, ...fleet.renewing];
  const faults = await verifyKeys(primary, everyone, spends, (person) =>
    renewing.has(person) ? SPENT_BEFORE : 0,
  );
  const rows = await primary.ask<{ identity_id: string; many: number }>(
    `SELECT identity_id, count(*)::int AS many FROM audit_events WHERE kind = 'signed_in' GROUP BY identity_id`,
    DATABASE,
  );
  const recorded = new Map(rows.map(({ identity_id: id, many }) => [id, many]));
  for (const [identityId, own] of Map.groupBy(spends, ({ person }) => person.identityId)) {
    const many = recorded.get(identityId) ?? 0;
    if (many < own.length)
      faults.push(`${own[0]?.person.userId}: ${own.length} keys accepted, ${many} in the audit log`);
  }
  return faults;
}

/** Every event of the database is in the sink, in one tree, after all fail-overs. */
export async function verifyAuditLog(
  { auditSink, auditSigner }: Fleet,
  primary: AskedServer,
  withinMs: number,
): Promise<string[]> {
  const end = performance.now() + withinMs;
  for (;;) {
    const [tree] = await primary.ask<{ events: number; size: number; segments: number; root: string | null }>(
      `SELECT (SELECT count(*)::int FROM audit_events) AS events, size::int AS size, segments::int AS segments,
         (SELECT encode(s.root, 'base64') FROM audit_segments s WHERE s.number = t.segments - 1) AS root
       FROM audit_tree t`,
      DATABASE,
    );
    const state = await readSinkState(auditSink, auditSigner);
    const { events = 0, size = 0, segments = 0, root = null } = tree ?? {};
    if (state && events === size && state.lastSegment === segments - 1) {
      let leaves = 0;
      for (let number = 0; number < segments; number += 1)
        leaves += (await readSegment(auditSink, auditSigner, number)).leaves.length;
      const last = await readSegment(auditSink, auditSigner, state.lastSegment);
      return [
        ...(leaves === events ? [] : [`the sink has ${leaves} of ${events} audit events`]),
        ...(last.root.toString('base64') === root ? [] : ['the sink and the database have different trees']),
        ...(state.epochs.length === 1 ? [] : [`the sink has ${state.epochs.length} epochs`]),
      ];
    }
    if (performance.now() > end)
      return [
        `${events} audit events, ${size} in the tree, and the sink ends at ${state?.lastSegment} of ${segments}`,
      ];
    await setTimeout(500);
  }
}

/** Letters at the print house and in the database are the same ones. Those that wait are not there yet. */
export async function verifyLetters(fleet: Fleet, primary: AskedServer): Promise<string[]> {
  const rows = await primary.ask<{ id: string; kind: string; identity_id: string }>(
    'SELECT id, kind, identity_id FROM letters',
    DATABASE,
  );
  const ids = new Set(rows.map(({ id }) => id));
  const unknown = [...fleet.printHouse.letters.keys()].filter((id) => !ids.has(id));
  const cards = rows.filter(({ kind }) => kind === 'card');
  const twice = [...Map.groupBy(cards, ({ identity_id: owner }) => owner)].filter(
    ([, all]) => all.length > 1,
  );
  return [
    ...unknown.map((id) => `letter ${id} is at the print house, and the database does not know it`),
    ...twice.map(([owner, all]) => `identity ${owner} has ${all.length} letters with a card`),
  ];
}

/**
 * What was redeemed, spent or ended around a fault is tried once more. Runs while people go on.
 * @param since by `performance.now()`
 */
export async function tryAgain(
  people: FleetPeople,
  random: SeededRandom,
  since: number,
  replays: Replays,
): Promise<string[]> {
  const { record } = people;
  const now = performance.now();
  const ended = new Set(record.logouts);
  const recent = record.signIns.filter(({ doneAt }) => doneAt > Math.max(since, now - CODE_MS));
  // A code that was tried twice has ended the tokens that it gave.
  const chosen = random.shuffle(recent.filter((one) => !record.triedAgain.has(one)));
  const codes = chosen.splice(0, SAMPLE.codes);
  const live = chosen.filter((one) => !ended.has(one)).slice(0, SAMPLE.tokens);
  const over = random.shuffle(record.logouts.filter(({ doneAt }) => doneAt > since)).slice(0, SAMPLE.tokens);
  const keys = random.shuffle(record.signIns.filter(({ doneAt }) => doneAt > since)).slice(0, SAMPLE.keys);
  const faults: string[] = [];
  for (const one of live) {
    const { status } = await people.ask(() => people.userinfo(one.accessToken));
    // Its person may have signed out in the meantime.
    if (status !== 200 && !record.logouts.includes(one))
      faults.push(`${one.person.userId}: signed in, and userinfo answers ${status}`);
    replays.liveTokens += 1;
  }
  for (const one of over) {
    const { status } = await people.ask(() => people.userinfo(one.accessToken));
    if (status !== 401) faults.push(`${one.person.userId}: signed out, and userinfo answers ${status}`);
    replays.endedTokens += 1;
  }
  for (const one of codes) {
    const { person, code, verifier } = one;
    record.triedAgain.add(one);
    const { status } = await people.ask(() => people.redeem(code, verifier));
    if (status !== 400) faults.push(`${person.userId}: a code that was redeemed answers ${status}`);
    replays.codes += 1;
  }
  for (const one of keys) faults.push(...(await tryKeyAgain(people, one, replays)));
  return faults;
}

/** In a new browser of the same person: the key that was accepted, at the page that asks for another one. */
async function tryKeyAgain(
  people: FleetPeople,
  { person, keyNumber }: AcknowledgedSignIn,
  replays: Replays,
): Promise<string[]> {
  const browser = people.openBrowser(person);
  const reached = await people.toKeyPage(browser, person).catch(() => null);
  if (!reached) return [];
  const { page } = reached;
  if (challengeOf(page).keyNumber === keyNumber)
    return [`${person.userId}: key ${keyNumber} was accepted, and is asked for again`];
  const key = person.keys.get(keyNumber) ?? '';
  const form = { ...hiddenFields(page), keyNumber, key };
  const first = await people.ask(() => browser.request(page.formUrl, { form }));
  const last = await people.follow(browser, first);
  replays.keys += 1;
  const isAccepted = last.headers.location?.includes('code=') === true;
  return isAccepted ? [`${person.userId}: key ${keyNumber} was accepted twice`] : [];
}
