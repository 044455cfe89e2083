/** Staff: who may do what, and how a person is appointed and leaves; over two nodes. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { formatIdNumber } from '../src/domain/person/idNumber.ts';
import {
  STAFF_ACTIONS,
  rolePermits,
  STAFF_ROLES,
  staffOf,
  reasonNotAllowed,
  type StaffAction,
  type StaffRole,
} from '../src/domain/staff/staff.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { rulesSchema } from '../src/domain/rules.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  approveProposal,
  endRole,
  proposeEndOfRole,
  proposeStaff,
} from '../src/features/desk/staff/changeStaff.ts';
import { makeFirstOperators } from '../src/features/desk/staff/makeFirstOperators.ts';
import { findStaffOfIdentity } from '../src/features/desk/staff/readStaff.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  type TestBrowser,
  DeskBrowser,
  hiddenFields,
  type BrowserPage,
  signInAt,
  slowDown,
  takeOut,
  type TestPerson,
  useNodes,
  usePerson,
} from './support/index.ts';

// More in an hour than two operators do by hand.
const rules = rulesSchema.parse({ staff: { perHour: { staff: 1_000, staff_end: 100 } } });
const nodes = useNodes({ count: 2, rules });
const erik = usePerson(nodes, { givenName: 'Erik' });
let elna: TestPerson;
const dorte = usePerson(nodes, { givenName: 'Dorte' });
let bank: string;
beforeAll(async () => {
  elna = await aPerson(nodes, { givenName: 'Elna' });
  bank = (await aRelyingParty(nodes, { kind: 'bank', name_da: 'Prøvebanken' })).clientId;
});

const contextOf = (node = 0) => nodes.node(node).app.context;

async function rowOf(person: TestPerson): Promise<string> {
  const rows = await nodes.database.query<{ id: string }>(
    'SELECT id FROM staff WHERE identity_id = $1 AND ended_at IS NULL',
    [person.identityId],
  );
  return rows[0]?.id ?? '00000000-0000-0000-0000-000000000000';
}

async function eventsOf(person: TestPerson) {
  return await nodes.database.query<{ kind: string; details: Record<string, unknown> }>(
    `SELECT kind, details FROM audit_events WHERE identity_id = $1 AND kind LIKE 'staff%' ORDER BY id`,
    [person.identityId],
  );
}

/** Appointed by the two operators. */
async function aColleague(role: StaffRole, ofBank: string | null = null): Promise<TestPerson> {
  const person = await aPerson(nodes, { givenName: 'Kollega' });
  const proposal = { userId: person.userId, role, bank: ofBank };
  expect(await proposeStaff(contextOf(), erik.identityId, proposal)).toBe('done');
  expect(await approveProposal(contextOf(1), elna.identityId, await rowOf(person))).toBe('done');
  return person;
}

/** Ends a role by two operators. */
async function endedByTwo(by: readonly [TestPerson, TestPerson], person: TestPerson): Promise<string> {
  const id = await rowOf(person);
  expect(await proposeEndOfRole(contextOf(), by[0].identityId, id)).toBe('done');
  return await endRole(contextOf(1), by[1].identityId, id);
}

async function atDesk(
  person: TestPerson,
  path = '/desk/staff',
): Promise<{ browser: TestBrowser; page: BrowserPage }> {
  const browser = new DeskBrowser(nodes);
  return { browser, page: await signInAt(browser, person, path) };
}

/** Sends a click: the page's form with its CSRF token, and the values of the button. */
async function click(
  browser: TestBrowser,
  page: BrowserPage,
  fields: Record<string, string>,
): Promise<BrowserPage> {
  const form = { csrf: hiddenFields(page)['csrf'] ?? '', ...fields };
  // What ends access has a page of its own.
  const isEnding = fields['do'] === 'end' || fields['do'] === 'propose-end';
  const path = isEnding ? `/desk/staff/${fields['staff']}/end` : '/desk/staff';
  const answer = await browser.request(path, { form });
  return answer.headers.location ? await browser.follow(answer.headers.location) : answer;
}

const countOf = (results: readonly string[], word: string) => results.filter((one) => one === word).length;

describe('the first two operators', () => {
  test('two people, or nothing is done', async () => {
    const unknownId = '00000000-0000-0000-0000-000000000000';
    await expect(makeFirstOperators(contextOf(), [erik.identityId, erik.identityId])).rejects.toThrow(
      'two people',
    );
    await expect(makeFirstOperators(contextOf(), [erik.identityId, unknownId])).rejects.toThrow();
    expect(await findStaffOfIdentity(contextOf(), erik.identityId)).toBeNull();
  });

  test('before there are any, no one can propose or approve', async () => {
    const proposal = { userId: dorte.userId, role: 'officer', bank: null } as const;
    expect(await proposeStaff(contextOf(), erik.identityId, proposal)).toBe('not_your_role');
  });

  test('16 callers on two nodes: one makes them, once and for all', async () => {
    const pairs: [TestPerson, TestPerson][] = [
      [erik, elna],
      [elna, erik],
    ];
    const outcome = await Promise.all(
      Array.from({ length: 16 }, (_, i) => {
        const [one, two] = pairs[i % 2] ?? [erik, elna];
        return makeFirstOperators(contextOf(i), [one.identityId, two.identityId]);
      }),
    );
    expect([countOf(outcome, 'done'), countOf(outcome, 'already')]).toEqual([1, 15]);
    for (const { identityId } of [erik, elna]) {
      const staff = staffOf({ staffId: identityId, role: 'operator', bank: null });
      expect(await findStaffOfIdentity(contextOf(1), identityId)).toEqual(staff);
    }
    expect(await eventsOf(erik)).toEqual([
      { kind: 'staff_approved', details: { staffId: null, role: 'operator', bank: null } },
    ]);
    expect(await makeFirstOperators(contextOf(), [dorte.identityId, erik.identityId])).toBe('already');
    expect(await findStaffOfIdentity(contextOf(), dorte.identityId)).toBeNull();
  });
});

describe('the matrix', () => {
  const TABLE: Readonly<Record<StaffRole, readonly StaffAction[]>> = {
    officer: [
      'issue',
      'refuse',
      'approve_address',
      'judge_likeness',
      'propose_cpr',
      'approve_cpr',
      'confirm_colleague',
      'search',
      'block',
      'reopen',
      'proof',
      'temporary_password',
      'card',
      'skip_wait',
      'stop_wait',
      'call_off_email',
      'public_sites',
      'security_key',
    ],
    bank_clerk: [
      'issue',
      'refuse',
      'approve_address',
      'confirm_colleague',
      'search',
      'block',
      'proof',
      'proof_by_card',
      'temporary_password',
      'card',
      'call_off_email',
    ],
    hotline: ['confirm_colleague', 'search', 'block', 'stop_wait', 'call_off_email'],
    operator: [
      'staff_see',
      'staff_propose',
      'staff_approve',
      'staff_end',
      'refusals_see',
      'relying_parties',
      'keys',
      'jobs',
    ],
  };

  test.each(STAFF_ROLES)('%s may what the table says, and nothing else', (role) => {
    expect(STAFF_ACTIONS.filter((action) => rolePermits(role, action))).toEqual(TABLE[role]);
  });

  test('no one acts on their own ID, clerks on those of their own bank only', () => {
    const officer = staffOf({ staffId: 'a', role: 'officer', bank: null });
    const clerk = staffOf({ staffId: 'b', role: 'bank_clerk', bank: 'bank' });
    const own = { identityId: 'a', issuedBy: 'borgerservice' };
    expect(STAFF_ACTIONS.map((action) => reasonNotAllowed(officer, action, own)).includes(null)).toBe(false);
    expect(reasonNotAllowed(officer, 'block', own)).toBe('own_id');
    expect(reasonNotAllowed(officer, 'block', { identityId: 'x', issuedBy: 'bank' })).toBeNull();
    expect(reasonNotAllowed(clerk, 'block', { identityId: 'x', issuedBy: 'bank' })).toBeNull();
    expect(reasonNotAllowed(clerk, 'issue', { identityId: null, issuedBy: 'bank' })).toBeNull();
    expect(reasonNotAllowed(clerk, 'block', { identityId: 'x', issuedBy: 'other' })).toBe('other_bank');
    expect(reasonNotAllowed({ ...clerk, bank: null }, 'block', { identityId: 'x', issuedBy: null })).toBe(
      'other_bank',
    );
    // Ordered online: no bank's, but proofed by who found it by its card.
    const online = { identityId: 'x', issuedBy: 'online' };
    const byCard = { ...online, byCard: true };
    expect(STAFF_ACTIONS.filter((action) => reasonNotAllowed(clerk, action, byCard) === null)).toEqual([
      'proof',
    ]);
    expect(reasonNotAllowed(clerk, 'proof', online)).toBe('other_bank');
    for (const issuedBy of ['other', 'borgerservice', null])
      expect(reasonNotAllowed(clerk, 'proof', { ...byCard, issuedBy })).toBe('other_bank');
    expect(reasonNotAllowed({ ...clerk, bank: null }, 'proof', byCard)).toBe('other_bank');
    expect(reasonNotAllowed(clerk, 'reopen', { identityId: 'x', issuedBy: 'bank' })).toBe('not_your_role');
  });
});

describe('on the page', () => {
  test('one operator proposes, another approves, and ends; each is recorded', async () => {
    const here = await atDesk(erik);
    const typed = { userId: `  ${dorte.userId.toUpperCase()} `, staffRole: 'officer', bank: '' };
    const proposed = await click(here.browser, here.page, { ...typed, do: 'propose' });
    expect(proposed.url).toBe(`${nodes.issuer}/desk/staff?done=proposed`);
    expect(proposed.text).toContain(dorte.fullName);
    expect(proposed.text).toContain(dorte.userId);
    expect(proposed.text).not.toContain(`Godkend ${dorte.fullName}`);
    expect(await findStaffOfIdentity(contextOf(), dorte.identityId)).toBeNull();

    // The one who proposed sends the form that they were not shown.
    const own = await click(here.browser, here.page, { staff: await rowOf(dorte), do: 'approve' });
    expect(own.text).toContain('Det er dit eget ønske.');
    expect(own.text).toContain('<title>Fejl: Medarbejdere');

    const there = await atDesk(elna);
    expect(there.page.text).toContain(`Godkend ${dorte.fullName}`);
    const approved = await click(there.browser, there.page, { staff: await rowOf(dorte), do: 'approve' });
    expect(approved.url).toContain('done=approved');
    const staff = staffOf({ staffId: dorte.identityId, role: 'officer', bank: null });
    expect(await findStaffOfIdentity(contextOf(1), dorte.identityId)).toEqual(staff);
    const again = await click(there.browser, there.page, { staff: await rowOf(dorte), do: 'approve' });
    expect(again.text).toContain('Det er allerede afgjort.');

    // One operator cannot end a role, but a proposal suspends the access.
    const alone = await click(there.browser, there.page, { staff: await rowOf(dorte), do: 'end' });
    expect(alone.text).toContain('først slutte, når en anden driftsansvarlig har bedt om det');
    expect(await findStaffOfIdentity(contextOf(1), dorte.identityId)).toEqual(staff);
    // The page names the person and asks; a button of an earlier version leads to it and ends nothing.
    const askPath = `/desk/staff/${await rowOf(dorte)}/end`;
    const form = {
      csrf: hiddenFields(here.page)['csrf'] ?? '',
      staff: await rowOf(dorte),
      do: 'propose-end',
    };
    expect((await here.browser.request('/desk/staff', { form })).headers.location).toBe(askPath);
    const asked = await here.browser.follow(askPath);
    expect([asked.page, asked.text.includes(`Skal adgangen for ${dorte.fullName} slutte?`)]).toEqual([
      'desk-staff-end',
      true,
    ]);
    expect(await findStaffOfIdentity(contextOf(1), dorte.identityId)).toEqual(staff);
    const proposedEnd = await click(here.browser, here.page, {
      staff: await rowOf(dorte),
      do: 'propose-end',
    });
    expect(proposedEnd.url).toContain('done=endProposed');
    expect(await findStaffOfIdentity(contextOf(1), dorte.identityId)).toBeNull();
    expect((await atDesk(dorte, '/desk')).page.text).toContain('Din adgang til skranken er på pause');
    const ownEnd = await click(here.browser, here.page, { staff: await rowOf(dorte), do: 'end' });
    expect(ownEnd.text).toContain('Du har selv bedt om, at adgangen slutter.');
    const rejected = await click(there.browser, there.page, { staff: await rowOf(dorte), do: 'keep' });
    expect(rejected.url).toContain('done=kept');
    expect(await findStaffOfIdentity(contextOf(1), dorte.identityId)).toEqual(staff);
    await click(here.browser, here.page, { staff: await rowOf(dorte), do: 'propose-end' });
    const done = await click(there.browser, there.page, { staff: await rowOf(dorte), do: 'end' });
    expect(done.url).toContain('done=ended');
    expect(await findStaffOfIdentity(contextOf(1), dorte.identityId)).toBeNull();
    const by = (person: TestPerson) => ({ staffId: person.identityId, role: 'officer', bank: null });
    expect(await eventsOf(dorte)).toEqual([
      { kind: 'staff_proposed', details: by(erik) },
      { kind: 'staff_approved', details: by(elna) },
      { kind: 'staff_end_proposed', details: by(erik) },
      { kind: 'staff_kept', details: by(elna) },
      { kind: 'staff_end_proposed', details: by(erik) },
      { kind: 'staff_ended', details: by(elna) },
    ]);
  });

  test('what is wrong is shown, at its field, and what was typed stays', async () => {
    const { browser, page } = await atDesk(erik);
    const clerk = { userId: dorte.userId, staffRole: 'bank_clerk', do: 'propose' };
    const municipality = (await aRelyingParty(nodes, { kind: 'public' })).clientId;
    const wrong: [Record<string, string>, string, string][] = [
      [{ userId: ' ', staffRole: 'officer', bank: '' }, 'Skriv medarbejderens bruger-ID.', 'userId'],
      [{ userId: 'nobody', staffRole: 'officer', bank: '' }, 'Det bruger-ID kan ikke få adgang.', 'userId'],
      [
        { userId: dorte.idNumber, staffRole: 'officer', bank: '' },
        'Det bruger-ID kan ikke få adgang.',
        'userId',
      ],
      [{ userId: dorte.userId, bank: '' }, 'Vælg en rolle.', 'role-officer'],
      [{ userId: dorte.userId, staffRole: 'king', bank: '' }, 'Vælg en rolle.', 'role-officer'],
      [{ ...clerk, bank: '' }, 'Vælg en bank', 'bank'],
      [{ ...clerk, bank: municipality }, 'Den bank kender vi ikke.', 'bank'],
      [
        { userId: erik.userId, staffRole: 'officer', bank: '' },
        'Du kan ikke ændre din egen adgang.',
        'userId',
      ],
      [
        { userId: elna.userId, staffRole: 'officer', bank: '' },
        'Din kollega har allerede en rolle',
        'userId',
      ],
    ];
    for (const [fields, words, field] of wrong) {
      const seen = await click(browser, page, { do: 'propose', ...fields });
      expect([seen.status, seen.page]).toEqual([200, 'desk-staff']);
      expect(seen.text).toContain(`<a href="#${field}">${words}`);
      expect(seen.text).toContain(`value="${fields['userId']}"`);
      expect(seen.text).not.toContain(dorte.fullName);
    }
    for (const bad of [{ do: 'x' }, { do: 'approve' }, { do: 'end', staff: '1' }]) {
      expect((await click(browser, page, bad as unknown as Record<string, string>)).status).toBe(400);
    }
    expect((await click(browser, page, { csrf: 'x', do: 'propose' })).status).toBe(403);
  });

  test('a clerk works for one bank, which is next to the name', async () => {
    const clerk = await aColleague('bank_clerk', bank);
    expect(await findStaffOfIdentity(contextOf(), clerk.identityId)).toEqual(
      staffOf({ staffId: clerk.identityId, role: 'bank_clerk', bank }),
    );
    expect((await atDesk(erik)).page.text).toContain('Prøvebanken');
    const { page } = await atDesk(clerk, '/desk');
    expect([page.page, page.text.includes('Bankrådgiver'), page.text.includes('/desk/staff')]).toEqual([
      'desk-home',
      true,
      false,
    ]);
  });

  test('shows nothing of anyone but name, user ID and role', async () => {
    const { page } = await atDesk(erik);
    for (const { cpr, idNumber, cardNumber } of [erik, elna, dorte]) {
      for (const secret of [cpr, idNumber, formatIdNumber(idNumber), cardNumber])
        expect(page.text).not.toContain(secret);
    }
  });

  test('shows who has a security key that counts: not one that waits, nor one that ended', async () => {
    const rowsOf = async () => {
      const { page } = await atDesk(elna);
      const rows = page.text.split('<tr').filter((row) => row.includes('Siden'));
      return rows.map((row) => row.includes(da.deskStaff.hasSecurityKey) && /Erik|Elna/.exec(row)?.[0]);
    };
    expect(await rowsOf()).not.toContain('Erik');
    const later = { countsFrom: new Date(contextOf().clock.now().getTime() + 3_600_000) };
    const { id } = await aSecurityKey(nodes, erik, {}, later);
    expect(await rowsOf()).not.toContain('Erik');
    await nodes.database.query('UPDATE security_keys SET counts_from = added_at WHERE id = $1', [id]);
    expect(await rowsOf()).toContain('Erik');
    expect(await rowsOf()).not.toContain('Elna');
    await nodes.database.query(
      "UPDATE security_keys SET ended_at = now(), end_reason = 'removed' WHERE id = $1",
      [id],
    );
    expect(await rowsOf()).not.toContain('Erik');
  });

  test('every other role is refused calmly, a person without a role with a way out; in the middle of a session too', async () => {
    const colleague = await aColleague('hotline');
    const { browser, page } = await atDesk(colleague);
    expect([page.status, page.page]).toEqual([403, 'not-your-role']);
    expect(page.text).toContain('Hotline');
    const posted = await click(browser, page, {
      userId: dorte.userId,
      staffRole: 'officer',
      bank: '',
      do: 'propose',
    });
    expect([posted.status, posted.page]).toEqual([403, 'not-your-role']);
    expect((await browser.follow('/desk')).page).toBe('desk-home');

    // Ended in mid-session: takes effect at the next click, on both nodes.
    expect(await endedByTwo([erik, elna], colleague)).toBe('done');
    for (let i = 0; i < 2; i += 1) {
      const seen = await browser.request('/desk');
      expect([seen.status, seen.page]).toEqual([403, 'no-role']);
      expect(seen.text).toContain('action="/desk/sign-out"');
      expect(seen.text).toContain(colleague.fullName);
    }
    const proposal = { userId: colleague.userId, role: 'officer', bank: null } as const;
    expect(await proposeStaff(contextOf(), erik.identityId, proposal)).toBe('done');
    expect((await browser.request('/desk')).page).toBe('no-role');
    expect(await approveProposal(contextOf(), elna.identityId, await rowOf(colleague))).toBe('done');
    expect((await browser.request('/desk')).page).toBe('desk-home');
  });

  test('speaks English too', async () => {
    const { browser } = await atDesk(erik);
    const seen = await browser.follow('/desk/staff?language=en');
    expect(seen.text).toContain('Propose a member of staff');
    expect(seen.text).toContain('You are signed out when you have not used the page for 15 minutes.');
  });
});

describe('races, on two nodes', () => {
  test('8 proposals of one person: one row, one event', async () => {
    const person = await aPerson(nodes);
    const proposal = { userId: person.userId, role: 'officer', bank: null } as const;
    const outcome = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        proposeStaff(contextOf(i), (i % 2 ? erik : elna).identityId, proposal),
      ),
    );
    expect([countOf(outcome, 'done'), countOf(outcome, 'already_staff')]).toEqual([1, 7]);
    expect(await eventsOf(person)).toHaveLength(1);
  });

  test('8 approvals, and 8 ends: each is done once', async () => {
    const person = await aPerson(nodes);
    await proposeStaff(contextOf(), erik.identityId, { userId: person.userId, role: 'hotline', bank: null });
    const id = await rowOf(person);
    const eight = async (action: typeof approveProposal) =>
      await Promise.all(Array.from({ length: 8 }, (_, i) => action(contextOf(i), elna.identityId, id)));
    expect(countOf(await eight(approveProposal), 'done')).toBe(1);
    expect(countOf(await eight(endRole), 'not_proposed')).toBe(8);
    expect(countOf(await eight(proposeEndOfRole), 'done')).toBe(1);
    expect(countOf(await eight(endRole), 'own_end')).toBe(8);
    const byErik = Array.from({ length: 8 }, (_, i) => endRole(contextOf(i), erik.identityId, id));
    expect(countOf(await Promise.all(byErik), 'done')).toBe(1);
    expect((await eventsOf(person)).map(({ kind }) => kind)).toEqual([
      'staff_proposed',
      'staff_approved',
      'staff_end_proposed',
      'staff_ended',
    ]);
  });

  test('two operators are always left, also when they end each other concurrently; a proposal may go', async () => {
    expect(await proposeEndOfRole(contextOf(), erik.identityId, await rowOf(elna))).toBe('too_few_operators');
    expect(await proposeEndOfRole(contextOf(), erik.identityId, await rowOf(erik))).toBe('own_id');
    for (let round = 0; round < 4; round += 1) {
      const third = await aColleague('operator');
      const [one, two] = [await rowOf(third), await rowOf(elna)];
      for (const id of [one, two]) await proposeEndOfRole(contextOf(), erik.identityId, id);
      const outcome = await Promise.all([
        endRole(contextOf(0), elna.identityId, one),
        endRole(contextOf(1), third.identityId, two),
      ]);
      expect([...outcome].sort()).toEqual([
        'done',
        outcome.includes('not_your_role') ? 'not_your_role' : 'too_few_operators',
      ]);
      if (outcome[0] !== 'done') elna = third;
    }
    const operators = await nodes.database.query(
      `SELECT FROM staff WHERE role = 'operator' AND approved_at IS NOT NULL AND ended_at IS NULL`,
    );
    expect(operators).toHaveLength(2);
    const fourth = await aPerson(nodes);
    await proposeStaff(contextOf(), erik.identityId, { userId: fourth.userId, role: 'operator', bank: null });
    expect(await endRole(contextOf(), erik.identityId, await rowOf(fourth))).toBe('done');
  });

  test('control: without the lock two operators end each other, and none is left to make another', async () => {
    const third = await aColleague('operator');
    const [one, two] = [await rowOf(third), await rowOf(elna)];
    for (const id of [one, two]) await proposeEndOfRole(contextOf(), erik.identityId, id);
    const repair = takeOut(nodes, 'ORDER BY s.id FOR UPDATE OF s FOR SHARE OF i', 'ORDER BY s.id');
    const release = slowDown(nodes, 'UPDATE staff SET ended_by', 100);
    try {
      const outcome = await Promise.all([
        endRole(contextOf(0), elna.identityId, one),
        endRole(contextOf(1), third.identityId, two),
      ]);
      expect(outcome).toEqual(['done', 'done']);
    } finally {
      release();
      repair();
    }
    await nodes.database.query(
      `UPDATE staff SET ended_at = NULL, ended_by = NULL, end_proposed_by = NULL, end_proposed_at = NULL
       WHERE id = $1`,
      [two],
    );
  });

  test('what an operator proposed who was ended, or whose ID is blocked, no one approves', async () => {
    const third = await aColleague('operator');
    const [one, two] = [await aPerson(nodes), await aPerson(nodes)];
    const propose = (who: TestPerson) =>
      proposeStaff(contextOf(), third.identityId, { userId: who.userId, role: 'operator', bank: null });
    const approve = async (who: TestPerson) =>
      approveProposal(contextOf(1), erik.identityId, await rowOf(who));
    expect([await propose(one), await propose(two)]).toEqual(['done', 'done']);

    const blocked = (at: string) =>
      nodes.database.query(`UPDATE identities SET blocked_at = ${at} WHERE id = $1`, [third.identityId]);
    await blocked('now()');
    expect(await approve(one)).toBe('proposer_gone');
    const { browser, page } = await atDesk(erik);
    const answer = await click(browser, page, { staff: await rowOf(one), do: 'approve' });
    expect(answer.text).toContain('har et spærret ID. Sig nej til ønsket.');
    await blocked('NULL');
    expect(await approve(one)).toBe('done');
    expect(await endedByTwo([elna, erik], one)).toBe('done');

    expect(await endedByTwo([elna, erik], third)).toBe('done');
    expect(await approve(two)).toBe('proposer_gone');
    // Appointed operator again, they have not proposed it again.
    const again = { userId: third.userId, role: 'operator', bank: null } as const;
    nodes.clock.forward(1_000);
    expect(await proposeStaff(contextOf(), erik.identityId, again)).toBe('done');
    expect(await approveProposal(contextOf(), elna.identityId, await rowOf(third))).toBe('done');
    expect(await approve(two)).toBe('proposer_gone');
    expect(await endRole(contextOf(), erik.identityId, await rowOf(two))).toBe('done');
    expect(await endedByTwo([elna, erik], third)).toBe('done');
  });

  test('an operator whose ID is blocked is none: does nothing, keeps no one else from going, and may go', async () => {
    const [third, person] = [await aColleague('operator'), await aPerson(nodes)];
    const proposal = { userId: person.userId, role: 'officer', bank: null } as const;
    expect(await proposeStaff(contextOf(), erik.identityId, proposal)).toBe('done');
    await blockTarget(contextOf(), third.identityId, 'identity', { by: 'system' });
    expect(await approveProposal(contextOf(1), third.identityId, await rowOf(person))).toBe('not_your_role');
    expect(await endRole(contextOf(1), third.identityId, await rowOf(person))).toBe('not_your_role');
    // Of three, two are left.
    expect(await proposeEndOfRole(contextOf(), erik.identityId, await rowOf(elna))).toBe('too_few_operators');
    expect(await endedByTwo([elna, erik], third)).toBe('done');
    expect(await endRole(contextOf(), erik.identityId, await rowOf(person))).toBe('done');
  });

  test('an operator who is ended while they approve has either approved before, or does not any longer', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [third, person] = [await aColleague('operator'), await aPerson(nodes)];
      await proposeStaff(contextOf(), erik.identityId, {
        userId: person.userId,
        role: 'officer',
        bank: null,
      });
      const [row, their] = [await rowOf(person), await rowOf(third)];
      expect(await proposeEndOfRole(contextOf(), elna.identityId, their)).toBe('done');
      const [approved, ended] = await Promise.all([
        approveProposal(contextOf(0), third.identityId, row),
        endRole(contextOf(1), erik.identityId, their),
      ]);
      expect([ended, ['done', 'not_your_role'].includes(approved)]).toEqual(['done', true]);
      expect((await findStaffOfIdentity(contextOf(), person.identityId)) !== null).toBe(approved === 'done');
    }
  });
});
