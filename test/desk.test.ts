/** The desk, as officers, clerks and the hotline use it; every action is in the person's own log. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { formatIdNumber } from '../src/domain/person/idNumber.ts';
import { deriveAttemptSubjects } from '../src/features/authentication/index.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { importRegister } from '../src/features/populationRegister/importRegister.ts';
import { writeDay, writeTime } from '../src/ui/language.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  aPerson,
  aRegistered,
  aRegisterFile,
  aRelyingParty,
  type CounterSession,
  openCounterSession,
  authRequest,
  createSiteClient,
  TestBrowser,
  hiddenFields,
  isActive,
  openDesk,
  type BrowserPage,
  postOrder,
  REASON,
  refreshTokens,
  SHOWN,
  signInAtNode,
  type TestPerson,
  tokensAt,
  useNodes,
  userinfo,
} from './support/index.ts';

let bank: string;
let officer: CounterSession;
let colleague: CounterSession;
let clerk: CounterSession;
let hotline: CounterSession;
const nodes = useNodes({ count: 2 });
beforeAll(async () => {
  const { operators, ...desk } = await openDesk(nodes);
  bank = desk.bank;
  officer = await openCounterSession(nodes, operators, 'officer');
  colleague = await openCounterSession(nodes, operators, 'officer');
  clerk = await openCounterSession(nodes, operators, 'bank_clerk', bank);
  hotline = await openCounterSession(nodes, operators, 'hotline');
});

async function logOf(
  identityId: string | null,
): Promise<{ kind: string; details: Record<string, unknown> }[]> {
  return await nodes.database.query(
    `SELECT kind, details FROM audit_events WHERE identity_id IS NOT DISTINCT FROM $1
      AND kind NOT IN ('identity_issued', 'card_issued', 'signed_in') ORDER BY id`,
    [identityId],
  );
}

const kindsOf = async (person: TestPerson) => (await logOf(person.identityId)).map(({ kind }) => kind);

async function noticesOf({ identityId }: Pick<TestPerson, 'identityId'>): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM notices WHERE identity_id = $1 ORDER BY at, kind',
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

async function lettersOf({ identityId }: Pick<TestPerson, 'identityId'>): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    `SELECT kind FROM letters WHERE identity_id = $1 AND state = 'waiting' ORDER BY kind`,
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

/** The page without the random values of each rendering. */
function masked(page: BrowserPage): string {
  return page.text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…').replaceAll(/value="[^"]{20,}"/g, '…');
}

const actionPath = (page: BrowserPage, name: string) => `${new URL(page.url).pathname}/${name}`;

/** Executes an action with all fields that it requires. */
async function execute(
  who: CounterSession,
  page: BrowserPage,
  name: string,
  form: string = crypto.randomUUID(),
) {
  const answer = await who.post(actionPath(page, name), { form, ...REASON, ...SHOWN });
  return await who.follow(answer);
}

describe('a caller who cannot sign in', () => {
  test('hears why, and when it opens: the hotline sees that, what was done, and no card', async () => {
    const anna = await aPerson(nodes);
    const before = await hotline.find(anna);
    expect(before.text).toContain('Vi kan ikke se noget, der hindrer dig i at logge på.');
    expect(before.text).toContain('Ikke endnu');
    const subjects = deriveAttemptSubjects(nodes.context, anna.identityId);
    const { rules, clock } = nodes.context;
    const opensAt = new Date(clock.now().getTime() + 3_600_000);
    for (const subject of Object.values(subjects)) {
      await nodes.database.query(
        `INSERT INTO attempts (subject, tries, wrong, in_a_row, counted_at, expires_at)
         VALUES ($1, $2::int, $2::int, $2::int, now(), $3)`,
        [subject, rules.key.tries, opensAt],
      );
    }
    await execute(officer, await officer.find(anna), 'block-card');
    const page = await hotline.find(anna);
    const at = `${writeDay(opensAt, 'da')} ${writeTime(opensAt, 'da')}`;
    for (const says of [
      `vi ikke kender. Det åbner af sig selv ${at}`,
      `nøgler lige nu. Det åbner af sig selv ${at}`,
      'Du har ikke et nøglekort, der virker.',
      'I brug. Lukket lige nu',
      'Nøglekortet blev spærret',
      'En medarbejder',
    ]) {
      expect(page.text).toContain(says);
    }
    expect(page.text).not.toContain(anna.cardNumber);
    expect(page.text).not.toMatch(/Har mistet sit kort|id="letters"/);
    const whole = await officer.find(anna);
    for (const says of ['Har mistet sit kort', 'id="letters"', 'Nøglekortet blev spærret'])
      expect(whole.text).toContain(says);
  });

  test('a blocked ID and one that is not activated are said first', async () => {
    const bent = await aPerson(nodes);
    await execute(officer, await officer.find(bent), 'block-id');
    expect((await hotline.find(bent)).text).toContain('Kun Borgerservice kan åbne det igen.');
  });

  test('where their letters are is for those who order them', async () => {
    const anna = await aPerson(nodes);
    await execute(officer, await officer.find(anna), 'temporary-password');
    const page = await officer.find(anna);
    expect(page.text).toMatch(/Midlertidig adgangskode<\/th>.*Ikke endnu/);
    await nodes.database.query(
      `UPDATE letters SET state = 'sent', post_on = '2026-11-24' WHERE identity_id = $1 AND kind = 'password'`,
      [anna.identityId],
    );
    expect((await officer.find(anna)).text).toContain('Mellem den 1. og den 8. december 2026');
  });
});

test('the history is the newest first, also where the numbers of its events get a digit more', async () => {
  const anna = await aPerson(nodes);
  // No event has had these numbers yet.
  await nodes.database.query(`SELECT setval(pg_get_serial_sequence('audit_events', 'id'), 99999996)`);
  await execute(officer, await officer.find(anna), 'block-card');
  await execute(officer, await officer.find(anna), 'block-id');
  const [, table = ''] = (await officer.find(anna)).text.split('id="history"');
  const { identity_blocked, card_block, identity_issued } = da.deskState.kinds;
  const newestFirst = [identity_blocked, card_block, identity_issued];
  const shown = newestFirst.map((line) => table.indexOf(line));
  expect(shown).not.toContain(-1);
  expect(shown).toEqual(shown.toSorted((a, b) => a - b));
});

describe('a reason', () => {
  test('is chosen, with or without words beside it; another one needs words', async () => {
    const anna = await aPerson(nodes);
    const page = await officer.find(anna);
    const path = actionPath(page, 'sign-out-everywhere');
    const send = async (fields: Record<string, string>) =>
      await officer.post(path, { form: crypto.randomUUID(), ...fields });
    for (const fields of [
      { why: 'other', reason: '' },
      { why: '', reason: '' },
      { why: 'king', reason: '' },
    ]) {
      const refused = await send(fields);
      expect([refused.page, refused.text.includes('<a href="#reason">')]).toEqual(['desk-deed', true]);
    }
    expect((await send({ why: 'seen', reason: `hans ${anna.cpr}` })).text).toContain(
      'Der må ikke stå et CPR',
    );
    await send({ why: 'asked', reason: '' });
    await send({ why: 'seen', reason: 'på et bibliotek' });
    const reasons = (await logOf(anna.identityId)).filter(({ kind }) => kind === 'signed_out_by_staff');
    expect(reasons.map(({ details }) => details['reason'])).toEqual([
      'Borgeren har bedt om det',
      'Andre har måske set nøgler eller adgangskode: på et bibliotek',
    ]);
  });
});

describe('a search', () => {
  test('by CPR number, ID number or name finds one, and each is in their log', async () => {
    const anna = await aPerson(nodes, { givenName: 'Anna Sofie', familyName: 'Østergård-Lund' });
    const asked = [
      { by: 'cpr', number: `${anna.cpr.slice(0, 6)}-${anna.cpr.slice(6)}` },
      { by: 'id_number', number: anna.idNumber },
      { by: 'name', givenName: 'anna sofie', familyName: 'ØSTERGÅRD LUND', birthdate: '1.7.1985' },
      { by: 'name', givenName: 'Anna', familyName: 'Oestergaard–Lund', birthdate: '1.7.1985' },
    ];
    for (const fields of asked) {
      const page = await officer.search(fields);
      expect([page.page, page.text.includes('Anna Sofie')]).toEqual(['desk-person', true]);
      expect(page.text).toContain('Prøvegade');
      // Four digits occur in tokens by chance; the whole number is looked for.
      expect(page.text.replaceAll('-', '')).not.toContain(anna.cpr);
      expect(page.text).not.toContain(`-${anna.cpr.slice(6)}<`);
      for (const one of [anna.idNumber, formatIdNumber(anna.idNumber)]) expect(page.text).not.toContain(one);
    }
    const { identityId: staffId } = officer.person;
    const details = { staffId, role: 'officer', reason: 'Henvendelse ved skranken', shown: true };
    expect(await logOf(anna.identityId)).toEqual(asked.map(() => ({ kind: 'searched_by_staff', details })));
  });

  test('sent twice is one; another question from the same page is another', async () => {
    const anna = await aPerson(nodes);
    const bent = await aPerson(nodes);
    const form = { form: 'the same', ...REASON, by: 'cpr' };
    const [one, two] = await Promise.all(
      [0, 1].map(() => officer.post('/desk/search', { ...form, number: anna.cpr })),
    );
    expect(one?.headers.location).toBe(two?.headers.location);
    expect(await kindsOf(anna)).toEqual(['searched_by_staff']);
    const other = await officer.follow(await officer.post('/desk/search', { ...form, number: bent.cpr }));
    expect(other.text).toContain(bent.fullName);
  });

  test('by the number on the page after an order finds the case, and nothing of a person who had an ID', async () => {
    const orderAndSearch = async (entry: Parameters<typeof postOrder>[1]) => {
      const browser = createSiteClient(nodes);
      await postOrder(browser, entry);
      const received = await browser.follow('/order/received');
      const [, number = ''] = /data-reference="([^"]+)"/.exec(received.text) ?? [];
      return { number, page: await hotline.search({ by: 'case', number: number.toLowerCase() }) };
    };
    const entry = await aRegistered(nodes);
    const first = await orderAndSearch(entry);
    expect(first.page.page).toBe('desk-case');
    for (const says of [`Sag ${first.number}`, entry.familyName]) expect(first.page.text).toContain(says);
    // Now they have an ID: another order in their name finds no case.
    const second = await orderAndSearch(entry);
    expect([second.page.page, second.page.text.includes(entry.familyName)]).toEqual(['desk-nobody', false]);
    expect(masked(second.page)).toBe(masked(await hotline.search({ by: 'case', number: 'CCCC-DDDD' })));
    // On the telephone both hear the same.
    for (const { page } of [first, second])
      expect(page.text).toContain('Der kommer et brev om bestillingen til adressen i CPR-registret.');
  });

  test('is only for the one who made it, and for a quarter of an hour', async () => {
    const anna = await aPerson(nodes);
    const page = await officer.find(anna);
    const others = await colleague.browser.follow(page.url);
    expect([others.status, others.page, others.text.includes(anna.fullName)]).toEqual([
      404,
      'desk-nobody',
      false,
    ]);
    const [, id = ''] = /search\/(.+)$/.exec(page.url) ?? [];
    await nodes.database.query(`UPDATE desk_searches SET at = at - interval '16 minutes' WHERE id = $1`, [
      id,
    ]);
    expect((await officer.browser.follow(page.url)).page).toBe('desk-nobody');
    const late = await officer.post(actionPath(page, 'block-id'), { form: 'x', ...REASON });
    expect([late.status, late.page]).toEqual([404, 'desk-nobody']);
    expect(await kindsOf(anna)).toEqual(['searched_by_staff', 'refused_at_desk']);
  });

  test('of a clerk never finds the customer of another bank: the same bytes as for no one, and it is in their log', async () => {
    const own = await aPerson(nodes, { issuedBy: bank });
    const others = await aPerson(nodes, { issuedBy: 'borgerservice' });
    expect((await clerk.find(own)).page).toBe('desk-person');
    const notFound = await clerk.search({ by: 'cpr', number: '0101701234' });
    const hidden = await clerk.find(others);
    expect(notFound.page).toBe('desk-nobody');
    expect([hidden.status, masked(hidden)]).toEqual([notFound.status, masked(notFound)]);
    expect(Object.keys(hidden.headers)).toEqual(Object.keys(notFound.headers));
    for (const page of [hidden, notFound]) {
      const answer = await clerk.post(actionPath(page, 'block-id'), { form: 'x', ...REASON });
      expect([answer.status, answer.page]).toEqual([404, 'desk-nobody']);
    }
    expect(await logOf(others.identityId)).toMatchObject([
      { kind: 'searched_by_staff', details: { role: 'bank_clerk', shown: false } },
    ]);
    expect(await logOf(null)).toContainEqual(
      expect.objectContaining({
        kind: 'searched_by_staff',
        details: expect.objectContaining({ shown: false }),
      }),
    );
  });

  test('of the hotline shows name and state, and nothing else', async () => {
    const anna = await aPerson(nodes);
    const page = await hotline.find(anna);
    expect(page.text).toContain(anna.fullName);
    expect(page.text).toContain('I brug');
    for (const hidden of ['Prøvegade', '1985', 'nøgler', anna.cardNumber, 'Offentlige']) {
      expect(page.text.split('noegle-foot')[0]).not.toContain(hidden);
    }
  });

  test('a protected address is shown to no one', async () => {
    const anna = await aPerson(nodes);
    await nodes.database.query(
      'UPDATE people SET address_protected = true WHERE id = (SELECT person_id FROM identities WHERE id = $1)',
      [anna.identityId],
    );
    const page = await officer.find(anna);
    expect([page.text.includes('Prøvegade'), page.text.includes('Adressen i CPR')]).toEqual([false, true]);
  });

  test.each([
    ['no kind', { by: '' }, 'Vælg, hvad du søger efter'],
    ['a short CPR number', { by: 'cpr', number: '12' }, 'ti cifre'],
    ['a CPR number of no day', { by: 'cpr', number: '320185-1234' }, 'dato, der findes'],
    ['a short ID number', { by: 'id_number', number: '1234' }, 'ni cifre'],
    ['no name', { by: 'name', givenName: ' ', birthdate: '01-07-1985' }, 'eller det ene navn'],
    [
      'no such day',
      { by: 'name', givenName: 'A', familyName: 'B', birthdate: '31-02-1985' },
      'Datoen skal findes',
    ],
    [
      'born tomorrow',
      { by: 'name', givenName: 'A', familyName: 'B', birthdate: '01-01-2999' },
      'Datoen skal findes',
    ],
    ['no reason', { by: 'id_number', number: '123456789', reason: ' x  ' }, 'mindst fem tegn'],
    ['a long reason', { by: 'id_number', number: '123456789', reason: 'x'.repeat(201) }, 'højst 200 tegn'],
    [
      'a CPR number as reason',
      { by: 'id_number', number: '123456789', reason: 'ringer om 010785-1234' },
      'CPR-nummer i begrundelsen',
    ],
  ])('with %s is told what is wrong, keeps what was typed, and is no search', async (_what, fields, says) => {
    const [before] = await nodes.database.query<{ many: number }>(
      'SELECT count(*)::int AS many FROM desk_searches',
    );
    const page = await officer.search(fields);
    expect([page.status, page.page, page.text.includes(says)]).toEqual([200, 'desk-search', true]);
    expect(page.text).toContain('<title>Fejl: ');
    for (const value of Object.values(fields)) if (value) expect(page.text).toContain(`value="${value}"`);
    const [after] = await nodes.database.query<{ many: number }>(
      'SELECT count(*)::int AS many FROM desk_searches',
    );
    expect(after).toEqual(before);
  });
});

describe('actions', () => {
  test.each([
    ['sign-out-everywhere', ['signed_out_by_staff'], []],
    ['block-card', ['card_block'], ['card_blocked']],
    ['block-id', ['card_block', 'identity_blocked'], ['card_blocked', 'id_blocked']],
    ['new-card', ['card_ordered'], ['card_ordered']],
    ['temporary-password', ['password_letter_ordered'], ['password_ordered']],
    ['public-sites-off', ['public_sites_changed'], ['public_sites_off']],
  ] as const)(
    '%s: done once however often it is clicked, written down and told',
    async (name, events, notices) => {
      const anna = await aPerson(nodes);
      const page = await officer.find(anna);
      const form = crypto.randomUUID();
      const outcome = await Promise.all([0, 1, 2].map(() => execute(officer, page, name, form)));
      for (const after of outcome) {
        expect(after.url).toContain('came=done');
        expect(after.text).toContain('alert-success');
      }
      const log = (await logOf(anna.identityId)).slice(1);
      expect(log.map(({ kind }) => kind).sort()).toEqual([...events].sort());
      for (const { details } of log) {
        expect(details).toMatchObject({ by: 'staff', staffId: officer.person.identityId, ...REASON });
        if (!name.startsWith('block') && name !== 'sign-out-everywhere')
          expect(details).toMatchObject({ identification: { kind: 'passport' } });
        expect(JSON.stringify(details)).not.toContain(SHOWN.idNumber);
      }
      expect(await noticesOf(anna)).toEqual([...notices]);
    },
  );

  test('sign-out ends all that is signed in on every node, tells who is to be told, and the ID works on', async () => {
    const anna = await aPerson(nodes);
    const rp = await aRelyingParty(nodes, { backchannel_logout_uri: 'https://rp.example/logged-out' });
    const [browser, other] = [new TestBrowser(nodes), new TestBrowser(nodes)];
    const offline = { scope: 'openid profile offline_access', prompt: 'consent' };
    const tokens = await tokensAt(nodes, browser, anna, rp, offline);
    await tokensAt(nodes, other, anna, rp);
    const page = await hotline.find(anna);
    const form = { form: crypto.randomUUID(), ...REASON };
    const after = await hotline.follow(await hotline.post(actionPath(page, 'sign-out-everywhere'), form));
    expect(after.url).toContain('came=done');
    for (const node of [0, 1]) {
      expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
      expect(await isActive(nodes, rp, tokens.access_token, node)).toBe(false);
      expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '', node)).status).toBe(400);
    }
    for (const one of [browser, other])
      expect((await one.follow(authRequest(rp).path)).page).toBe('password');
    const notifications = await nodes.database.query('SELECT FROM logouts WHERE identity_id = $1', [
      anna.identityId,
    ]);
    expect(notifications).toHaveLength(2);
    expect((await signInAtNode(browser, anna, authRequest(rp))).get('code')).toBeTruthy();
    // The same form again does not end sessions that began since.
    await hotline.post(actionPath(page, 'sign-out-everywhere'), form);
    expect((await browser.follow('/session')).page).toBe('session');
    expect((await kindsOf(anna)).filter((kind) => kind === 'signed_out_by_staff')).toHaveLength(1);
  });

  test('want the identification that they say, and nothing happens without', async () => {
    const anna = await aPerson(nodes);
    const page = await officer.find(anna);
    const wrong: [Record<string, string>, string][] = [
      [{ idKind: '' }, 'Vælg, hvad borgeren viser'],
      [{ idKind: 'library_card' }, 'Vælg, hvad borgeren viser'],
      [{ idNumber: '1' }, '4 til 20 bogstaver og cifre'],
      [{ idExpires: '' }, 'hvor længe legitimationen gælder'],
      [{ idExpires: '31-02-2030' }, 'Den dato findes ikke'],
      [{ idExpires: 'snart' }, 'Den dato findes ikke'],
      [{ idExpires: '01-01-2020' }, 'er udløbet'],
      [{ idExpires: '01-01-2150' }, 'Så længe gælder ingen'],
      [{ idMatches: '' }, 'Bekræft, at legitimationen er gyldig'],
      [{ reason: '' }, 'mindst fem tegn'],
    ];
    for (const [fields, says] of wrong) {
      const sent = { form: 'f', ...REASON, ...SHOWN, ...fields };
      const answer = await officer.post(actionPath(page, 'new-card'), sent);
      expect([answer.status, answer.page, says, answer.text.includes(says)]).toEqual([
        200,
        'desk-deed',
        says,
        true,
      ]);
    }
    expect(await kindsOf(anna)).toEqual(['searched_by_staff']);
  });

  test('a blocked ID is opened again: nothing earlier works, a card and a password come, of two officers one wins', async () => {
    const anna = await aPerson(nodes);
    expect((await execute(officer, await officer.find(anna), 'temporary-password')).url).toContain(
      'came=done',
    );
    await blockTarget(nodes.context, anna.identityId, 'identity', { by: 'person' });
    const mine = await officer.find(anna);
    const theirs = await colleague.find(anna);
    for (const page of [mine, theirs]) expect(page.text).toContain('Åbn ID’et igen');
    const outcome = await Promise.all([
      execute(officer, mine, 'reopen'),
      execute(colleague, theirs, 'reopen'),
    ]);
    const outcomes = outcome.map(({ url }) => new URL(url).searchParams.get('came'));
    expect(new Set(outcomes)).toEqual(new Set(['done', 'not_blocked']));
    expect(outcome.some(({ text }) => text.includes('En anden har åbnet det'))).toBe(true);
    for (const page of outcome)
      expect(page.text).toContain('Venter på, at borgeren bruger den midlertidige adgangskode');
    // The earlier letter is no longer sent.
    expect(await lettersOf(anna)).toEqual(['card', 'password']);
    expect((await kindsOf(anna)).filter((kind) => kind === 'identity_reopened')).toHaveLength(1);
    expect(await noticesOf(anna)).toContain('id_reopened');
    await expect(
      signInAtNode(new TestBrowser(nodes), anna, authRequest(await aRelyingParty(nodes))),
    ).rejects.toThrow();
  });

  test('a blocked ID is not opened against the register; concurrently with an import that says so, on two nodes, it ends blocked', async () => {
    const anna = await aPerson(nodes);
    const stands = async (status: string) => {
      const row = { cpr: anna.cpr, name: anna.fullName, status };
      await importRegister(nodes.node(1).app.context, aRegisterFile([row]));
    };
    const reopen = async () => (await execute(officer, await officer.find(anna), 'reopen')).url;
    for (const [status, says] of [
      ['emigrated', 'udrejst'],
      ['dead', 'er død'],
    ] as const) {
      await stands(status);
      const refused = await execute(officer, await officer.find(anna), 'reopen');
      expect(refused.url).toContain(`came=${status}`);
      expect(refused.text).toContain(says);
      expect(refused.text).toContain('Åbn ID’et igen');
    }
    expect(await kindsOf(anna)).not.toContain('identity_reopened');
    await stands('active');
    expect(await reopen()).toContain('came=done');

    for (let round = 0; round < 3; round += 1) {
      await blockTarget(nodes.context, anna.identityId, 'identity', { by: 'system' });
      const page = await officer.find(anna);
      await Promise.all([execute(officer, page, 'reopen'), stands('emigrated')]);
      const blocked = await nodes.database.query(
        'SELECT FROM identities WHERE id = $1 AND blocked_at IS NOT NULL',
        [anna.identityId],
      );
      expect(blocked).toHaveLength(1);
      await stands('active');
    }
  });

  test('a new card is ordered in another format, instead of the one on its way that cannot be read', async () => {
    const person = await aPerson(nodes);
    const order = async (cardFormat: string) => {
      const path = actionPath(await officer.find(person), 'new-card');
      const shown = await officer.browser.follow(path);
      const sent = { form: crypto.randomUUID(), ...REASON, ...SHOWN, cardFormat };
      return { shown, after: await officer.follow(await officer.post(path, sent)) };
    };
    const cards = async () =>
      (
        await nodes.database.query<{ card: string }>(
          `SELECT c.state || ' ' || coalesce(c.format, i.card_format) AS card FROM key_cards c
            JOIN identities i ON i.id = c.identity_id WHERE i.id = $1 ORDER BY c.ordered_at`,
          [person.identityId],
        )
      ).map(({ card }) => card);
    const first = await order('large_print');
    expect(first.shown.text).not.toContain('stor skrift på vej');
    expect(first.after.url).toContain('came=done');
    await nodes.node(0).app.tasks['sendLetters']?.({});
    expect(await cards()).toEqual(['active standard', 'sent large_print']);
    const same = await order('large_print');
    expect(same.shown.text).toContain('Der er et kort med stor skrift på vej.');
    expect(same.after.url).toContain('came=on_the_way');
    const other = await order('braille');
    expect(other.after.url).toContain('came=done');
    expect(await cards()).toEqual(['active standard', 'void large_print', 'ordered braille']);
    expect((await noticesOf(person)).sort()).toEqual([
      'card_format_changed',
      'card_format_changed',
      'card_given_up',
      'card_ordered',
      'card_ordered',
      'card_sent',
    ]);
    for (const { kind, details } of await logOf(person.identityId)) {
      if (kind === 'card_format_changed') expect(details).toMatchObject({ by: 'staff', ...REASON });
    }
  });

  test('a new card that waits is stopped by the hotline, or let through by an officer who saw the person', async () => {
    const waiting = async () => {
      const person = await aPerson(nodes);
      await execute(officer, await officer.find(person), 'new-card');
      await execute(officer, await officer.find(person), 'block-card');
      await nodes.database.query(
        `UPDATE key_cards SET state = 'sent', expected_from = '2026-12-01', expected_to = '2026-12-08', activates_at = now() + interval '1 day'
          WHERE identity_id = $1 AND state = 'ordered'`,
        [person.identityId],
      );
      return person;
    };
    const states = async ({ identityId }: TestPerson) =>
      (
        await nodes.database.query<{ state: string }>(
          'SELECT state FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at',
          [identityId],
        )
      ).map(({ state }) => state);
    const anna = await waiting();
    const page = await hotline.find(anna);
    expect(page.text).toContain('Kan først bruges fra');
    expect((await execute(hotline, page, 'stop-activation')).url).toContain('came=done');
    expect(await states(anna)).toEqual(['blocked', 'blocked']);
    expect((await noticesOf(anna)).filter((kind) => kind === 'card_blocked')).toHaveLength(2);
    const bent = await waiting();
    expect((await execute(officer, await officer.find(bent), 'skip-wait')).url).toContain('came=done');
    expect(await states(bent)).toEqual(['blocked', 'active']);
    expect((await execute(officer, await officer.find(anna), 'skip-wait')).url).toContain('came=not_waiting');
  });

  test('public sites are no choice for children and for people without a CPR number', async () => {
    const freja = await aPerson(nodes, { publicSites: false, birthdate: '2015-01-01' });
    const page = await officer.find(freja);
    expect(page.text).toContain('under 15 år');
    expect((await execute(officer, page, 'public-sites-on')).url).toContain('came=under_15');
    const bent = await aPerson(nodes, { publicSites: false });
    expect((await execute(officer, await officer.find(bent), 'public-sites-on')).url).toContain('came=done');
  });

  test('a form without its proof, or of another session, does nothing', async () => {
    const anna = await aPerson(nodes);
    const page = await officer.find(anna);
    for (const csrf of ['', 'x', hiddenFields(await colleague.browser.follow('/desk'))['csrf'] ?? '']) {
      const answer = await officer.post(actionPath(page, 'block-id'), { form: 'f', ...REASON, csrf });
      expect(answer.status).toBe(403);
    }
    expect(await kindsOf(anna)).toEqual(['searched_by_staff', 'refused_at_desk']);
  });
});
