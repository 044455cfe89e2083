/** How much one member of staff may do in an hour, what takes two, and what is recorded about refusals. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { STAFF_COUNT_OF } from '../../src/features/desk/limits.rules.ts';
import { rulesSchema } from '../../src/domain/rules.ts';
import { staffOf } from '../../src/domain/staff/staff.ts';
import { requestDeskAction } from '../../src/features/desk/requestDeskAction.ts';
import { searchKnownPerson } from '../../src/features/desk/search/searchPeople.ts';
import { decideColleagueAction } from '../../src/features/desk/staff/settleColleagueAction.ts';
import {
  approveProposal,
  endRole,
  proposeEndOfRole,
  proposeStaff,
} from '../../src/features/desk/staff/changeStaff.ts';
import {
  aPerson,
  type CounterSession,
  openCounterSession,
  TestBrowser,
  hiddenFields,
  holdUp,
  openDesk,
  type Operators,
  type BrowserPage,
  REASON,
  SHOWN,
  signInStaff,
  signInAt,
  takeOut,
  type TestPerson,
  useNodes,
} from '../support/index.ts';

const MOST = 3;
const rules = rulesSchema.parse({
  staff: {
    perHour: {
      block: MOST,
      card: MOST,
      temporary_password: MOST,
      colleague: 4,
      public_sites: MOST,
      staff: 1_000,
      staff_end: 4,
    },
  },
});
const nodes = useNodes({ count: 2, rules });
let bank: string;
let operators: Operators;
beforeAll(async () => {
  ({ bank, operators } = await openDesk(nodes));
});

const counter = (role: 'officer' | 'hotline' | 'operator') => openCounterSession(nodes, operators, role);
const pathOf = (page: BrowserPage, name: string) => `${new URL(page.url).pathname}/${name}`;

async function statusOf({ identityId }: TestPerson) {
  const [row] = await nodes.database.query<{ blocked: boolean; cards: number }>(
    `SELECT blocked_at IS NOT NULL AS blocked,
       (SELECT count(*)::int FROM key_cards WHERE identity_id = i.id AND state = 'active') AS cards
     FROM identities i WHERE id = $1`,
    [identityId],
  );
  return row;
}

async function doDeed(
  who: CounterSession,
  person: TestPerson,
  action: string,
  form: string = crypto.randomUUID(),
) {
  const page = await who.find(person);
  expect(page.page).toBe('desk-person');
  return await who.post(pathOf(page, action), { form, ...REASON, ...SHOWN });
}

async function refusalsOf({ person }: { person: TestPerson }) {
  return await nodes.database.query<{ what: string; why: string; count: number; subject: string }>(
    'SELECT what, why, count, subject FROM desk_refusals WHERE identity_id = $1 ORDER BY what, why',
    [person.identityId],
  );
}

async function refusedEventsOf(staffId: string) {
  return await nodes.database.query<{ identity_id: string | null; details: Record<string, unknown> }>(
    `SELECT identity_id, details FROM audit_events
     WHERE kind = 'refused_at_desk' AND details->>'staffId' = $1 ORDER BY id`,
    [staffId],
  );
}

describe('a limit an hour for each kind of action', () => {
  test.each(['block-id', 'new-card', 'temporary-password'] as const)(
    '%s: over it nothing is done and nothing typed is lost; a colleague does it, and an hour later they may again',
    async (action) => {
      const [who, colleague] = [await counter('officer'), await counter('officer')];
      for (let i = 0; i < MOST; i += 1) {
        const done = await doDeed(who, await aPerson(nodes), action);
        expect(done.headers.location).toContain('came=done');
      }
      const anna = await aPerson(nodes);
      for (let i = 0; i < 3; i += 1) {
        const over = await doDeed(who, anna, action);
        expect([over.status, over.page]).toEqual([429, 'desk-deed']);
        expect(Number(over.headers['retry-after'])).toBeGreaterThan(3_000);
        for (const says of [`${MOST} gange på en time`, 'bed en kollega', 'hæve grænsen']) {
          expect(over.text).toContain(says);
        }
        expect(over.text.includes('siden »Spær dit nøglekort')).toBe(action === 'block-id');
        expect(over.text).toContain(`value="${REASON.reason}"`);
      }
      expect(await statusOf(anna)).toEqual({ blocked: false, cards: 1 });
      expect(await refusalsOf(who)).toMatchObject([
        { why: 'over_limit', count: 3, subject: anna.identityId },
      ]);
      expect(await refusedEventsOf(who.person.identityId)).toMatchObject([
        { identity_id: anna.identityId, details: { role: 'officer', why: 'over_limit' } },
      ]);
      // Another kind is counted separately.
      const other = action === 'block-id' ? 'public-sites-off' : 'block-card';
      expect((await doDeed(who, await aPerson(nodes), other)).headers.location).toContain('came=done');
      expect((await doDeed(colleague, anna, action)).headers.location).toContain('came=done');
      await nodes.database.query(
        `UPDATE staff_counts SET times = ARRAY(SELECT t - interval '61 minutes' FROM unnest(times) t)
         WHERE staff_id = $1`,
        [who.person.identityId],
      );
      expect((await doDeed(who, await aPerson(nodes), action)).headers.location).toContain('came=done');
    },
  );

  test('what was refused by the ID itself, and a form sent twice, is not counted', async () => {
    const who = await counter('hotline');
    const anna = await aPerson(nodes);
    const page = await who.find(anna);
    const sent = { form: 'one', ...REASON };
    await Promise.all([0, 1, 2, 3].map(() => who.post(pathOf(page, 'block-card'), sent)));
    for (let i = 0; i < 5; i += 1) {
      const again = await who.post(pathOf(page, 'block-card'), { form: String(i), ...REASON });
      expect(again.headers.location).toMatch(/came=(no_card|already_blocked)/);
    }
    for (let i = 1; i < MOST; i += 1) {
      expect((await doDeed(who, await aPerson(nodes), 'block-id')).headers.location).toContain('came=done');
    }
    expect((await doDeed(who, await aPerson(nodes), 'block-id')).status).toBe(429);
  });

  test('two forms in turn: each is done once, and whatever comes again changes nothing', async () => {
    const who = await counter('officer');
    const anna = await aPerson(nodes, { publicSites: true });
    const page = await who.find(anna);
    const [off, on] = [crypto.randomUUID(), crypto.randomUUID()];
    const send = async (name: string, form: string) => {
      const answer = await who.post(pathOf(page, name), { form, ...REASON, ...SHOWN });
      return answer.headers.location?.split('came=')[1] ?? answer.status;
    };
    const outcome = [];
    for (let i = 0; i < 4; i += 1) {
      outcome.push(await send('public-sites-off', off), await send('public-sites-on', on));
    }
    expect(outcome).toEqual(Array.from({ length: 8 }, () => 'done'));
    const [done] = await nodes.database.query(
      `SELECT i.public_sites AS "isOn",
         (SELECT count(*)::int FROM audit_events e WHERE e.identity_id = i.id AND kind = 'public_sites_changed')
           AS events,
         (SELECT count(*)::int FROM notices n WHERE n.identity_id = i.id AND kind LIKE 'public_sites_%') AS notices
       FROM identities i WHERE id = $1`,
      [anna.identityId],
    );
    expect(done).toEqual({ isOn: true, events: 2, notices: 2 });
    expect(await send('public-sites-off', crypto.randomUUID())).toBe('done');
    expect(await send('public-sites-on', crypto.randomUUID())).toBe(429);
    expect(await send('public-sites-on', on)).toBe('done');
  });

  test('a block that comes again after the ID was opened again blocks nothing', async () => {
    const [who, colleague] = [await counter('officer'), await counter('officer')];
    const anna = await aPerson(nodes);
    const page = await who.find(anna);
    const block = { form: crypto.randomUUID(), ...REASON };
    expect((await who.post(pathOf(page, 'block-id'), block)).headers.location).toContain('came=done');
    expect((await doDeed(colleague, anna, 'reopen')).headers.location).toContain('came=done');
    expect((await who.post(pathOf(page, 'block-id'), block)).headers.location).toContain('came=done');
    expect(await statusOf(anna)).toMatchObject({ blocked: false });
  });

  const race = async () => {
    const staff = staffOf({ staffId: (await aPerson(nodes)).identityId, role: 'officer', bank: null });
    const people = await Promise.all(Array.from({ length: 4 * MOST }, () => aPerson(nodes)));
    const searches = await Promise.all(
      people.map(({ identityId }) =>
        searchKnownPerson(nodes.context, staff, { identityId, why: { reason: 'x' }, form: 'x' }),
      ),
    );
    const held = holdUp(nodes, 'INSERT INTO staff_counts AS c', searches.length);
    const outcome = searches.map((search, i) => {
      const { context } = nodes.node(i % 2).app;
      const asked = { action: 'block-id', reason: 'Mistet kort', identification: null, form: 'x' } as const;
      return requestDeskAction(context, staff, search, asked);
    });
    await held.reached;
    held.release();
    return (await Promise.all(outcome)).filter((one) => one === 'done').length;
  };

  test('12 blocks concurrently over two nodes: as many as the limit says', async () => {
    expect(await race()).toBe(MOST);
  });

  test('control: with a limit that does not decide on the row, all are done', async () => {
    const repair = takeOut(nodes, 'WHERE u.at > $5) < $6::int', 'WHERE u.at > $5) < $6::int + 1000');
    try {
      expect(await race()).toBe(4 * MOST);
    } finally {
      repair();
    }
  });

  test('operators: ends that one of them proposes', async () => {
    const operator = await signInStaff(nodes, (await counter('operator')).person);
    const by = operator.person.identityId;
    const colleagues: string[] = [];
    for (let i = 0; i < 5; i += 1) colleagues.push((await counter('hotline')).person.identityId);
    const rows = await nodes.database.query<{ id: string }>(
      'SELECT id FROM staff WHERE identity_id = ANY($1) AND ended_at IS NULL',
      [colleagues],
    );
    const outcome = await Promise.all(
      rows.map(({ id }, i) => proposeEndOfRole(nodes.node(i % 2).app.context, by, id)),
    );
    expect([...outcome].sort()).toEqual(['done', 'done', 'done', 'done', 'over_limit']);
    const left = rows[outcome.indexOf('over_limit')]?.id ?? '';
    const page = await operator.post(`/desk/staff/${left}/end`, { do: 'propose-end' });
    expect([page.status, page.page, page.text.includes('bed en anden driftsansvarlig')]).toEqual([
      429,
      'desk-staff',
      true,
    ]);
  });

  test('an operator does not learn which user IDs exist by proposing them one after the other', async () => {
    const { identityId } = (await counter('operator')).person;
    const perHour = { ...nodes.context.rules.staff.perHour, staff: MOST };
    const context = {
      ...nodes.context,
      rules: { ...nodes.context.rules, staff: { ...nodes.context.rules.staff, perHour } },
    };
    const outcome: string[] = [];
    for (let i = 0; i <= MOST; i += 1) {
      outcome.push(
        await proposeStaff(context, identityId, { userId: `gaet-${i}`, role: 'officer', bank: null }),
      );
    }
    expect(outcome).toEqual([...Array.from({ length: MOST }, () => 'unknown_user'), 'over_limit']);
  });

  test('every action has a separate count, but for blocks, what signs in, and public sites on and off', () => {
    const {
      'public-sites-off': off,
      'block-card': card,
      'block-security-keys': keys,
      'block-code-token': token,
      'give-code-token': given,
      'adjust-code-token': adjusted,
      ...others
    } = STAFF_COUNT_OF;
    const block = others['block-id'];
    expect([off, card, keys, token]).toEqual([others['public-sites-on'], block, block, block]);
    expect([given, adjusted]).toEqual([others['new-card'], others['new-card']]);
    const counts = Object.values(others);
    expect(new Set(counts).size).toBe(counts.length);
  });
});

describe('the ID of a member of staff', () => {
  test('is blocked by two: one proposes, which pauses only the desk, and another confirms', async () => {
    const [hans, olga] = [await counter('hotline'), await counter('officer')];
    const dorte = await counter('officer');
    const result = await hans.follow(await doDeed(hans, dorte.person, 'block-id'));
    expect([result.page, result.text.includes('skal en kollega bekræfte')]).toEqual(['desk-person', true]);
    expect(await statusOf(dorte.person)).toEqual({ blocked: false, cards: 1 });
    const paused = await dorte.browser.follow('/desk/search');
    expect([paused.status, paused.page, paused.text.includes('på pause')]).toEqual([403, 'no-role', true]);

    const list = await olga.browser.follow('/desk/colleagues');
    const path = /href="(\/desk\/colleagues\/[^"]+)"/.exec(list.text)?.[1] ?? '';
    expect(list.text).toContain(dorte.person.fullName);
    const own = await hans.post(path, { decision: 'confirm' });
    expect(own.headers.location).toContain('came=own');
    expect(await statusOf(dorte.person)).toMatchObject({ blocked: false });
    const one = await olga.browser.follow(path);
    expect([one.page, one.text.includes(REASON.reason), one.text.includes(hans.person.fullName)]).toEqual([
      'desk-colleague',
      true,
      true,
    ]);
    const answers = await Promise.all([0, 1].map(() => olga.post(path, { decision: 'confirm' })));
    for (const { headers } of answers) expect(headers.location).toContain('came=done');
    expect(await statusOf(dorte.person)).toEqual({ blocked: true, cards: 0 });
    const events = await nodes.database.query<{ kind: string; details: Record<string, unknown> }>(
      `SELECT kind, details FROM audit_events WHERE identity_id = $1
         AND kind IN ('colleague_action_proposed', 'identity_blocked') ORDER BY id`,
      [dorte.person.identityId],
    );
    expect(events).toMatchObject([
      { kind: 'colleague_action_proposed', details: { staffId: hans.person.identityId, ...REASON } },
      {
        kind: 'identity_blocked',
        details: { staffId: hans.person.identityId, confirmedBy: olga.person.identityId, ...REASON },
      },
    ]);
  });

  test('an operator’s too, and they are not paused by one; rejected, nothing was done', async () => {
    const [hans, olga] = [await counter('hotline'), await counter('hotline')];
    const operator = await counter('operator');
    for (const action of ['block-id', 'block-card']) {
      expect((await doDeed(hans, operator.person, action)).headers.location).toContain('came=proposed');
    }
    expect((await doDeed(hans, operator.person, 'block-id')).headers.location).toContain('already_proposed');
    expect((await operator.browser.follow('/desk/staff')).page).toBe('desk-staff');
    const list = await olga.browser.follow('/desk/colleagues');
    for (const [, path = ''] of list.text.matchAll(/href="(\/desk\/colleagues\/[^"]+)"/g)) {
      const refused = await olga.follow(await olga.post(path, { decision: 'refuse' }));
      expect(refused.text).toContain('Forslaget er afvist');
    }
    expect(await statusOf(operator.person)).toEqual({ blocked: false, cards: 1 });
  });

  test('everything else at the desk takes two as well, and what the subject sees is not for them to decide', async () => {
    const [officer, colleague, subject] = [
      await counter('officer'),
      await counter('officer'),
      await counter('hotline'),
    ];
    const sent = await doDeed(officer, subject.person, 'temporary-password');
    expect(sent.headers.location).toContain('came=proposed');
    expect((await subject.browser.follow('/desk/colleagues')).page).toBe('desk-colleagues');
    const [row] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM colleague_actions WHERE identity_id = $1',
      [subject.person.identityId],
    );
    const path = `/desk/colleagues/${row?.id}`;
    expect((await subject.post(path, { decision: 'confirm' })).headers.location).toContain('came=settled');
    expect(await refusalsOf(subject)).toMatchObject([
      { what: 'confirm_colleague', why: 'not_your_role', subject: subject.person.identityId },
    ]);
    expect((await colleague.post(path, { decision: 'confirm' })).headers.location).toContain('came=done');
    const letters = await nodes.database.query(
      `SELECT FROM letters WHERE identity_id = $1 AND kind = 'password'`,
      [subject.person.identityId],
    );
    expect(letters).toHaveLength(1);
  });

  test('in an emergency only its owner blocks it, immediately', async () => {
    const stolen = await counter('officer');
    const browser = new TestBrowser(nodes);
    const page = await browser.follow('/block/card');
    const { userId, password } = stolen.person;
    await browser.send(page, { userId, password, what: 'identity' });
    expect(await statusOf(stolen.person)).toMatchObject({ blocked: true });
    expect((await stolen.browser.follow('/desk')).page).toBe('password');
  });

  test('what was proposed ends after a day, and when who proposed it works here no more', async () => {
    const [hans, olga, subject] = [
      await counter('hotline'),
      await counter('hotline'),
      await counter('officer'),
    ];
    await doDeed(hans, subject.person, 'block-card');
    const [row] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM colleague_actions WHERE identity_id = $1',
      [subject.person.identityId],
    );
    const staff = staffOf({ staffId: olga.person.identityId, role: 'hotline', bank: null });
    const confirm = () => decideColleagueAction(nodes.context, staff, { id: row?.id ?? '', isRight: true });
    const older = (hours: number) =>
      nodes.database.query(
        `UPDATE colleague_actions SET proposed_at = proposed_at - $2 * interval '1 hour' WHERE id = $1`,
        [row?.id, hours],
      );
    await older(25);
    expect(await confirm()).toBe('settled');
    expect((await subject.browser.follow('/desk')).page).toBe('desk-home');
    await older(-25);
    await nodes.database.query('UPDATE staff SET ended_at = now() WHERE identity_id = $1', [
      hans.person.identityId,
    ]);
    expect(await confirm()).toBe('settled');
    expect(await statusOf(subject.person)).toMatchObject({ cards: 1 });
  });

  test('what was confirmed and could not be is not executed later, when it could', async () => {
    const [proposer, colleague, subject] = [
      await counter('officer'),
      await counter('officer'),
      await counter('hotline'),
    ];
    const { identityId } = subject.person;
    const set = (columns: string) =>
      nodes.database.query(`UPDATE identities SET ${columns} WHERE id = $1`, [identityId]);
    await set('public_sites = false');
    const sent = await doDeed(proposer, subject.person, 'public-sites-on');
    expect(sent.headers.location).toContain('came=proposed');
    const [row] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM colleague_actions WHERE identity_id = $1',
      [identityId],
    );
    const staff = staffOf({ staffId: colleague.person.identityId, role: 'officer', bank: null });
    const confirm = () => decideColleagueAction(nodes.context, staff, { id: row?.id ?? '', isRight: true });
    await set('blocked_at = now()');
    const blocked = await confirm();
    await set('blocked_at = NULL');
    expect([blocked, await confirm()]).toEqual(['id_blocked', 'settled']);
    const [{ isOn } = {}] = await nodes.database.query<{ isOn: boolean }>(
      'SELECT public_sites AS "isOn" FROM identities WHERE id = $1',
      [identityId],
    );
    expect(isOn).toBe(false);
  });

  test('8 colleagues confirm concurrently over two nodes: it is done once', async () => {
    const [hans, subject] = [await counter('hotline'), await counter('officer')];
    await doDeed(hans, subject.person, 'block-id');
    const [row] = await nodes.database.query<{ id: string }>(
      `SELECT id FROM colleague_actions WHERE identity_id = $1 AND action = 'block-id'`,
      [subject.person.identityId],
    );
    const confirmers: string[] = [];
    for (let i = 0; i < 4; i += 1) confirmers.push((await counter('hotline')).person.identityId);
    const outcome = await Promise.all(
      Array.from({ length: 8 }, (_, i) => {
        const staff = staffOf({ staffId: confirmers[i % 4] ?? '', role: 'hotline', bank: null });
        const asked = { id: row?.id ?? '', isRight: true };
        return decideColleagueAction(nodes.node(i % 2).app.context, staff, asked);
      }),
    );
    expect(outcome.every((one) => one === 'done' || one === 'settled')).toBe(true);
    expect(outcome).toContain('done');
    const events = await nodes.database.query(
      `SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'identity_blocked'`,
      [subject.person.identityId],
    );
    expect(events).toHaveLength(1);
  });
});

describe('what is refused at the desk', () => {
  test('is recorded with actor, action and subject: once a day, and counted', async () => {
    const [officer, hotline] = [await counter('officer'), await counter('hotline')];
    const anna = await aPerson(nodes);
    const page = await officer.find(anna);
    const { identityId: staffId } = hotline.person;
    // A page of another role, about the person of a search; another member's search; their own ID.
    for (let i = 0; i < 5; i += 1) {
      expect((await hotline.browser.request(pathOf(page, 'reopen'))).status).toBe(403);
      expect((await hotline.browser.request(new URL(page.url).pathname)).status).toBe(404);
    }
    const self = await hotline.find(hotline.person);
    expect((await hotline.browser.request(pathOf(self, 'block-id'))).status).toBe(403);
    const body = new URLSearchParams({ csrf: 'x', ...REASON }).toString();
    const forged = await hotline.browser.request(pathOf(self, 'block-id'), { method: 'POST', body });
    expect(forged.status).toBe(403);
    expect(await refusalsOf(hotline)).toEqual([
      { what: 'block', why: 'bad_form', count: 1, subject: staffId },
      { what: 'block', why: 'own_id', count: 1, subject: staffId },
      { what: 'reopen', why: 'not_your_role', count: 5, subject: anna.identityId },
      { what: 'search', why: 'others_search', count: 5, subject: anna.identityId },
    ]);
    const events = await refusedEventsOf(staffId);
    expect(events.map(({ identity_id, details: { what, why } }) => [identity_id, what, why])).toEqual([
      [anna.identityId, 'reopen', 'not_your_role'],
      [anna.identityId, 'search', 'others_search'],
      [staffId, 'block', 'own_id'],
      [staffId, 'block', 'bad_form'],
    ]);
    const log = await signInAt(new TestBrowser(nodes), anna, '/self-service/activity');
    expect(log.text).toContain(
      'En medarbejder på hotlinen ville se eller ændre noget om dig, men fik ikke lov.',
    );
  });

  test('a role that ended, and none at all', async () => {
    const fired = await counter('officer');
    const page = await fired.find(await aPerson(nodes));
    await nodes.database.query('UPDATE staff SET ended_at = now() WHERE identity_id = $1', [
      fired.person.identityId,
    ]);
    expect((await fired.post(pathOf(page, 'block-id'), { form: 'x', ...REASON })).status).toBe(403);
    expect(await refusalsOf(fired)).toMatchObject([{ what: 'block', why: 'role_ended', count: 1 }]);
    const citizen = await signInStaff(nodes, await aPerson(nodes));
    await citizen.browser.request('/desk');
    expect(await refusalsOf(citizen)).toMatchObject([{ what: 'desk', why: 'no_role' }]);
  });

  test('another bank’s customer, and an application of others', async () => {
    const clerk = await openCounterSession(nodes, operators, 'bank_clerk', bank);
    const anna = await aPerson(nodes, { issuedBy: bank });
    const page = await clerk.find(anna);
    await nodes.database.query(`UPDATE identities SET issued_by = 'borgerservice' WHERE id = $1`, [
      anna.identityId,
    ]);
    const search = new URL(page.url).pathname.split('/').at(-1) ?? '';
    const staff = staffOf({ staffId: clerk.person.identityId, role: 'bank_clerk', bank });
    const asked = { action: 'block-id', reason: 'Mistet kort', identification: null, form: 'x' } as const;
    expect(await requestDeskAction(nodes.context, staff, search, asked)).toBe('other_bank');
    const [application] = await nodes.database.query<{ id: string }>(
      `INSERT INTO applications (id, path, state, subject, identity_id, issued_by, form_sealed, at)
       VALUES (gen_random_uuid(), 'desk', 'issued', '\\x00', $1, 'borgerservice', '\\x00', now()) RETURNING id`,
      [anna.identityId],
    );
    const others = await clerk.browser.request(`/desk/applications/${application?.id}`);
    expect(others.status).toBe(404);
    expect(await refusalsOf(clerk)).toMatchObject([
      { what: 'block', why: 'other_bank', subject: anna.identityId },
      { what: 'issue', why: 'others_application', subject: anna.identityId },
    ]);
  });

  test('operators see it, by name of staff and by a mark for citizens; no one else does', async () => {
    const [officer, hotline] = [await counter('officer'), await counter('hotline')];
    const anna = await aPerson(nodes);
    await hotline.browser.request(pathOf(await officer.find(anna), 'reopen'));
    const operator = await signInStaff(nodes, operators.first);
    const page = await operator.browser.follow('/desk/staff/refusals');
    expect([page.status, page.page]).toEqual([200, 'desk-refusals']);
    expect(page.text).toContain(hotline.person.fullName);
    expect(page.text).toContain('åbne et ID igen');
    expect(page.text).toMatch(/En borger, mærke [0-9A-F]{6}/);
    for (const secret of [anna.fullName, anna.cpr, anna.idNumber, anna.identityId]) {
      expect(page.text).not.toContain(secret);
    }
    const english = await operator.browser.follow('/desk/staff/refusals?language=en');
    expect(english.text).toContain('it does not belong to the role');
  });

  test('of operators among themselves: own access and own proposals', async () => {
    const { first, second } = operators;
    const person = await aPerson(nodes);
    await proposeStaff(nodes.context, first.identityId, {
      userId: person.userId,
      role: 'hotline',
      bank: null,
    });
    const [row] = await nodes.database.query<{ id: string }>('SELECT id FROM staff WHERE identity_id = $1', [
      person.identityId,
    ]);
    expect(await approveProposal(nodes.context, first.identityId, row?.id ?? '')).toBe('own_proposal');
    const [own] = await nodes.database.query<{ id: string }>('SELECT id FROM staff WHERE identity_id = $1', [
      second.identityId,
    ]);
    expect(await endRole(nodes.context, second.identityId, own?.id ?? '')).toBe('own_id');
    const ofFirst = await refusalsOf({ person: first });
    expect(ofFirst).toContainEqual(
      expect.objectContaining({ what: 'staff_approve', why: 'own_proposal', subject: person.identityId }),
    );
    const ofSecond = await refusalsOf({ person: second });
    expect(ofSecond).toContainEqual(expect.objectContaining({ what: 'staff_end', why: 'own_id' }));
  });

  test('a thousand different ids of nothing fill no table', async () => {
    const hotline = await counter('hotline');
    for (let i = 0; i < 30; i += 1) {
      await hotline.browser.request(`/desk/search/${crypto.randomUUID()}/reopen`);
    }
    expect(await refusalsOf(hotline)).toMatchObject([{ what: 'reopen', count: 30, subject: '' }]);
    expect(hiddenFields(await hotline.browser.follow('/desk'))['csrf']).toBeDefined();
  });
});
