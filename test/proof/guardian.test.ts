/** Under 15 a second way to sign in comes only with the guardian of the record, over two nodes. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { toDanishDay } from '../../src/domain/calendar.ts';
import { assignCodeToken, findInStock, moveCodeToken } from '../../src/db/factors/codeTokenLife.ts';
import { findCodeTokens } from '../../src/db/factors/codeTokens.ts';
import { da } from '../../src/ui/words/words.da.ts';
import { intoStock, SoftToken } from '../support/codeTokens.ts';
import {
  aChoice,
  aPerson,
  composeApplication,
  hiddenFields,
  issueApplication,
  keyFor,
  openCounterSession,
  openDesk,
  REASON,
  SHOWN,
  signInAt,
  signInStaff,
  TestBrowser,
  toDonePage,
  useNodes,
  waitForLetters,
  type BrowserPage,
  type CounterSession,
  type IssuedTestIdentity,
} from '../support/index.ts';
import {
  addSecurityKey,
  anAuthenticator,
  creationOptionsOf,
  SECURITY_KEYS,
  sendCreation,
} from '../support/securityKeyCreation.ts';

const nodes = useNodes({ count: 2, withoutErrors: true, binding: () => 'require' });
const DAY_MS = 24 * 3_600_000;
const CODE_TOKEN = '/self-service/code-token';
const KAREN = 'Karen Vestergaard';
const BO = 'Bo Prøve-Nielsen';
const BY_BO = {
  guardian: 'other',
  guardianName: BO,
  guardianProof: 'Forældremyndigheden slået op i CPR',
  guardianIdKind: 'driving_licence',
  guardianIdNumber: '98765432',
  guardianIdExpires: '24-11-2033',
  guardianMatches: 'yes',
};

let officer: CounterSession;
let clerk: CounterSession;
let bank: string;
beforeAll(async () => {
  const desk = await openDesk(nodes);
  bank = desk.bank;
  officer = await openCounterSession(nodes, desk.operators, 'officer');
  clerk = await openCounterSession(nodes, desk.operators, 'bank_clerk', bank);
});

/** The birth date of a person who turns 15 in so many days, by the calendar of Denmark. */
function birthdateOf(daysTo15: number): string {
  const day = toDanishDay(new Date(nodes.clock.now().getTime() + daysTo15 * DAY_MS));
  return `${Number(day.slice(0, 4)) - 15}${day.slice(4)}`;
}

const aChild = async (daysTo15 = 400) =>
  await aPerson(nodes, { givenName: 'Freja', birthdate: birthdateOf(daysTo15), publicSites: false });

/** One with an application that names a guardian. */
async function anIssuedChild(issuedBy = 'borgerservice') {
  const submission = composeApplication({
    issuedBy,
    application: { guardian: KAREN },
    applicant: { givenName: 'Freja', birthdate: birthdateOf(400) },
  });
  const identityId = await issueApplication(nodes, submission);
  return { identityId, cpr: submission.application.applicant.cpr ?? '' };
}

type Child = Pick<Awaited<ReturnType<typeof aChild>>, 'identityId'>;
const spentOf = async ({ identityId }: Child) =>
  await nodes.database.query<{ spent: number }>(
    'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE identity_id = $1 ORDER BY id',
    [identityId],
  );
async function secondWaysOf({ identityId }: Child) {
  const keys = await nodes.database.query<{ added_by: string }>(
    'SELECT added_by FROM security_keys WHERE identity_id = $1 AND ended_at IS NULL',
    [identityId],
  );
  const tokens = await nodes.database.query<{ state: string }>(
    'SELECT state FROM code_tokens WHERE identity_id = $1',
    [identityId],
  );
  return [...keys.map(({ added_by: by }) => by), ...tokens.map(({ state }) => state)];
}
const guardiansOf = async ({ identityId }: Child) =>
  await nodes.database.query<{ kind: string; guardian: Record<string, unknown>; details: string }>(
    `SELECT kind, details->'guardian' AS guardian, details::text FROM audit_events
     WHERE identity_id = $1 AND details ? 'guardian' ORDER BY id`,
    [identityId],
  );
const noticesOf = async ({ identityId }: Child) =>
  await nodes.database.query<{ kind: string; details: object }>(
    `SELECT kind, details FROM notices WHERE identity_id = $1 AND kind IN ('security_key_added', 'code_token_active')`,
    [identityId],
  );

async function aToken(): Promise<SoftToken> {
  const token = new SoftToken(nodes);
  await intoStock(nodes, token);
  return token;
}

type SecondWay = 'add-security-key' | 'give-code-token';

/** The form of the desk for one of the two, filled in but for the guardian. */
async function openForm(who: CounterSession, child: { readonly cpr: string }, action: SecondWay) {
  const path = `${new URL((await who.find(child)).url).pathname}/${action}`;
  const page = await who.browser.follow(path);
  const token = action === 'give-code-token' ? await aToken() : null;
  const way = token
    ? { serialNumber: token.serialNumber, code: token.show() }
    : {
        name: 'Den blå',
        credential: JSON.stringify(anAuthenticator(nodes).create(creationOptionsOf(page))),
      };
  const send = async (fields: Record<string, string>) =>
    await who.follow(await who.post(path, { ...REASON, ...SHOWN, ...way, ...fields }, page));
  return { page, send };
}

const recordedChoice = ({ text }: BrowserPage) =>
  /name="guardian" value="((?:application|event)-[^"]+)"/.exec(text)?.[1] ?? '';

describe.each<SecondWay>(['add-security-key', 'give-code-token'])('%s at the desk', (action) => {
  const added = action === 'add-security-key' ? 'desk' : 'active';
  const kind = action === 'add-security-key' ? 'security_key_added' : 'code_token_activated';

  test('comes with the guardian who was there when the ID was issued', async () => {
    const child = await anIssuedChild();
    const { page, send } = await openForm(officer, child, action);
    expect(page.text).toContain(KAREN);
    expect(page.text).toContain(da.deskGuardian.why('Freja').slice('Freja'.length));
    const alone = await send({});
    expect([alone.page, alone.text.includes(da.deskGuardian.faults.guardian_choice)]).toEqual([
      'desk-deed',
      true,
    ]);
    const { guardian: _choice, guardianName: _name, guardianProof: _proof, ...shown } = BY_BO;
    const recorded = { ...shown, guardian: recordedChoice(page) };
    for (const [field, fault] of [
      ['guardianMatches', da.deskGuardian.faults.guardian_matches],
      ['guardianIdNumber', da.deskGuardian.faults.number_missing],
      ['guardianIdKind', da.deskGuardian.faults.kind_unknown],
    ] as const)
      expect((await send({ ...recorded, [field]: '' })).text).toContain(fault);
    const own = { guardianIdKind: SHOWN.idKind, guardianIdNumber: SHOWN.idNumber };
    const same = await send({ ...recorded, ...own });
    expect(same.text).toContain(da.deskGuardian.faults.guardian_same_document);
    expect([await secondWaysOf(child), await guardiansOf(child)]).toEqual([[], []]);

    const done = await send(recorded);
    expect(done.text).toContain(da.deskSearch.action.names[action].done);
    expect(await secondWaysOf(child)).toEqual([added]);
    const [event, ...more] = await guardiansOf(child);
    expect(more).toEqual([]);
    expect([event?.kind, event?.guardian]).toEqual([
      kind,
      {
        sealed: expect.any(String),
        isNew: false,
        identification: { kind: 'driving_licence', document: expect.any(String) },
      },
    ]);
    for (const name of [KAREN, '98765432']) expect(event?.details).not.toContain(name);
    expect(await noticesOf(child)).toMatchObject([{ details: { withGuardian: true } }]);
  });

  test('or with another one, whom the record names from then on', async () => {
    const child = await anIssuedChild();
    const first = await openForm(officer, child, action);
    for (const [field, fault] of [
      ['guardianName', da.deskGuardian.faults.guardian_name],
      ['guardianProof', da.deskGuardian.faults.guardian_proof],
    ] as const)
      expect((await first.send({ ...BY_BO, [field]: '' })).text).toContain(fault);
    expect(await secondWaysOf(child)).toEqual([]);
    const before = recordedChoice(first.page);
    await first.send(BY_BO);
    expect(await guardiansOf(child)).toMatchObject([{ guardian: { isNew: true } }]);

    const other: SecondWay = action === 'add-security-key' ? 'give-code-token' : 'add-security-key';
    const second = await openForm(officer, child, other);
    expect([second.page.text.includes(BO), second.page.text.includes(KAREN)]).toEqual([true, false]);
    // A page from before named someone who may not be the guardian any more.
    const stale = await second.send({ ...BY_BO, guardian: before });
    expect(stale.text).toContain(da.deskGuardian.faults.guardian_changed);
    expect((await secondWaysOf(child)).length).toBe(1);
    await second.send({ ...BY_BO, guardian: recordedChoice(second.page) });
    expect((await secondWaysOf(child)).length).toBe(2);
    // Who was there is not another record.
    const third = await openForm(officer, child, other);
    expect(recordedChoice(third.page)).toBe(recordedChoice(second.page));
  });

  test('where the record names none, the officer says who it is and what shows it', async () => {
    const child = await aChild();
    const { page, send } = await openForm(officer, child, action);
    expect([page.text.includes(da.deskGuardian.none), recordedChoice(page)]).toEqual([true, '']);
    const { guardianName: _name, guardianProof: _proof, ...nameless } = BY_BO;
    expect((await send(nameless)).text).toContain(da.deskGuardian.faults.guardian_name);
    expect(await secondWaysOf(child)).toEqual([]);
    expect((await send(BY_BO)).text).toContain(da.deskSearch.action.names[action].done);
    expect(await secondWaysOf(child)).toEqual([added]);
  });
});

test('a clerk of the bank that issued the ID checks the guardian too', async () => {
  const child = await anIssuedChild(bank);
  const { page, send } = await openForm(clerk, child, 'give-code-token');
  expect(page.text).toContain(KAREN);
  await send({});
  expect(await secondWaysOf(child)).toEqual([]);
  await send({ ...BY_BO, guardian: recordedChoice(page) });
  expect(await secondWaysOf(child)).toEqual(['active']);
});

test('a record that does not open any more names no one: not who was there before, either', async () => {
  const child = await anIssuedChild();
  await (await openForm(officer, child, 'give-code-token')).send(BY_BO);
  const other = await anIssuedChild();
  await (await openForm(officer, other, 'give-code-token')).send({ ...BY_BO, guardianName: 'En fremmed' });
  // The event of another person, written into this one's log: it is sealed for the other.
  await nodes.database.query(
    `INSERT INTO audit_events (kind, identity_id, details)
     SELECT kind, $1, details FROM audit_events WHERE identity_id = $2 AND details ? 'guardian'`,
    [child.identityId, other.identityId],
  );
  const { page } = await openForm(officer, child, 'add-security-key');
  expect(page.text).toContain(da.deskGuardian.none);
  for (const name of ['En fremmed', BO, KAREN]) expect(page.text).not.toContain(name);
});

describe('in self-service', () => {
  test('neither is offered; a form sent all the same is refused in words, and no key is spent', async () => {
    const child = await aChild();
    await aToken();
    const browser = new TestBrowser(nodes);
    await signInAt(browser, child, '/self-service');
    const before = await spentOf(child);
    const list = await browser.follow(SECURITY_KEYS);
    expect(list.text).toContain(da.guardian.securityKey);
    expect(list.text).not.toContain(`href="${SECURITY_KEYS}/add"`);
    const skipped = await browser.follow(`${SECURITY_KEYS}/add`);
    expect([skipped.page, skipped.text.includes(da.guardian.securityKey)]).toEqual([
      'self-security-keys',
      true,
    ]);
    const tokens = await browser.follow(CODE_TOKEN);
    expect(tokens.text).toContain(da.guardian.codeToken);
    expect(tokens.text).not.toContain('value="order"');
    const { csrf = '' } = hiddenFields(tokens);
    const posts = [
      [`${SECURITY_KEYS}/add`, { name: 'x', issued: 'x', credential: '{}' }, da.guardian.securityKey],
      [CODE_TOKEN, { do: 'order' }, da.guardian.codeToken],
    ] as const;
    for (const [path, fields, words] of posts) {
      const sent = await browser.request(path, { form: { csrf, ...fields } });
      expect(sent.status).toBe(303);
      expect((await browser.follow(sent.headers.location ?? '')).text).toContain(words);
    }
    expect([await secondWaysOf(child), await spentOf(child)]).toEqual([[], before]);
    const asked = await nodes.database.query('SELECT FROM confirmations WHERE identity_id = $1', [
      child.identityId,
    ]);
    expect(asked).toEqual([]);
  });

  test.each<SecondWay>(['add-security-key', 'give-code-token'])(
    'nor is %s by a confirmation that was asked for before a birth date was put right',
    async (action) => {
      const child = await aChild(0);
      await aToken();
      const browser = new TestBrowser(nodes);
      await signInAt(browser, child, '/self-service');
      const asked =
        action === 'give-code-token'
          ? await browser.send(await browser.follow(CODE_TOKEN), { do: 'order' })
          : await sendCreation(browser, await browser.follow(`${SECURITY_KEYS}/add`), anAuthenticator(nodes));
      expect(asked.page).toBe('self-confirm');
      const before = await spentOf(child);
      // As if they were a day younger.
      nodes.clock.forward(-DAY_MS);
      try {
        const refused = await browser.send(asked, { key: keyFor(child, asked) });
        expect(refused.text).toContain(da.selfService.message.why.needs_guardian);
        expect(refused.text).toContain(da.selfService.message.notSpent);
        expect([await secondWaysOf(child), await spentOf(child)]).toEqual([[], before]);
      } finally {
        nodes.clock.forward(DAY_MS);
      }
    },
  );

  test.each(['desk', 'self_service'] as const)(
    'a code token in the post, given by %s, is put into use only where a desk gave it',
    async (by) => {
      const child = await aChild();
      const token = await aToken();
      const { context, database } = nodes;
      await context.database.transaction(async (db) => {
        const stock = await findInStock(db, token.serialNumber);
        if (!stock) throw new Error('the code token is not in stock');
        const { identityId } = child;
        const now = nodes.clock.now();
        await assignCodeToken(db, stock, { state: 'ordered', identityId, by, now, code: null });
        const { coming } = await findCodeTokens(db, identityId);
        if (!coming || !(await moveCodeToken(db, coming, { state: 'sent', now })))
          throw new Error('not sent');
      });
      const browser = new TestBrowser(nodes);
      await signInAt(browser, child, '/self-service');
      const page = await browser.follow(CODE_TOKEN);
      const asked = await browser.send(page, { do: 'activate', code: token.show() });
      const spent = await spentOf(child);
      const after = await browser.send(asked, { key: keyFor(child, asked) });
      const isRefused = by === 'self_service';
      expect(after.text.includes(da.selfService.message.why.needs_guardian)).toBe(isRefused);
      expect(JSON.stringify(await spentOf(child)) === JSON.stringify(spent)).toBe(isRefused);
      const rows = await database.query<{ waits: boolean }>(
        'SELECT activates_at IS NOT NULL AS waits FROM code_tokens WHERE identity_id = $1',
        [child.identityId],
      );
      expect(rows).toEqual([{ waits: !isRefused }]);
    },
  );

  test('from the day they turn 15 they add their own, and what they had before stays', async () => {
    const child = await aChild(1);
    await (await openForm(officer, child, 'give-code-token')).send(BY_BO);
    const words = [da.guardian.securityKey, da.guardian.codeToken];
    const openBoth = async () => {
      const browser = new TestBrowser(nodes);
      await signInAt(browser, child, '/self-service');
      const pages = [await browser.follow(SECURITY_KEYS), await browser.follow(CODE_TOKEN)];
      return { browser, isRefused: pages.map(({ text }, i) => text.includes(words[i] ?? '')) };
    };
    // To a minute before midnight in Denmark, and over it.
    const today = toDanishDay(nodes.clock.now());
    while (toDanishDay(new Date(nodes.clock.now().getTime() + 3_600_000)) === today)
      nodes.clock.forward(3_600_000);
    expect((await openBoth()).isRefused).toEqual([true, true]);
    while (toDanishDay(nodes.clock.now()) === today) nodes.clock.forward(60_000);
    const { browser, isRefused } = await openBoth();
    expect(isRefused).toEqual([false, false]);
    const done = await addSecurityKey(browser, child, anAuthenticator(nodes));
    expect(done.text).toContain(da.selfService.done.add_security_key.slice(0, 40));
    expect((await secondWaysOf(child)).toSorted()).toEqual(['active', 'self_service']);
    const log = (await browser.follow('/self-service/activity')).text;
    expect(log).toContain(da.activity.guardian(BO));
    const file = await browser.post(await browser.follow('/self-service/data'), {});
    const { activity } = JSON.parse(file.text) as { activity: { details: { guardian?: object } }[] };
    expect(activity.flatMap(({ details }) => details.guardian ?? [])).toEqual([
      { name: BO, proof: BY_BO.guardianProof },
    ]);
    // The officer asks for no guardian any more.
    const tomorrow = await signInStaff(nodes, officer.person);
    const { page, send } = await openForm(tomorrow, child, 'give-code-token');
    expect(page.text).not.toContain(da.deskGuardian.title);
    expect((await send({})).text).toContain(da.deskSearch.action.names['give-code-token'].done);
    expect((await guardiansOf(child)).length).toBe(1);
  });
});

describe('at activation', () => {
  const PATH = '/activate/security-key';

  async function activated(daysTo15: number) {
    const submission = composeApplication({
      application: { guardian: KAREN },
      applicant: { givenName: 'Freja', birthdate: birthdateOf(daysTo15) },
    });
    const identityId = await issueApplication(nodes, submission);
    const person: IssuedTestIdentity = await waitForLetters(nodes, identityId);
    const browser = new TestBrowser(nodes);
    return { person, browser, done: await toDonePage(browser, person, aChoice(nodes)) };
  }

  test('it is not offered, and a form sent all the same is refused in the same words', async () => {
    const { person, browser, done } = await activated(400);
    expect(done.text).toContain(da.guardian.securityKey);
    for (const offer of ['data-webauthn', PATH]) expect(done.text).not.toContain(offer);
    const page = await browser.follow(PATH);
    expect([page.page, page.text.includes(da.guardian.securityKey)]).toEqual(['activate-security-key', true]);
    expect(page.text).not.toContain('data-webauthn');
    const { csrf = '' } = hiddenFields(await browser.follow('/activate'));
    for (const form of [{ csrf, name: 'x', issued: 'x', credential: '{}' }, { csrf }]) {
      const sent = await browser.request(PATH, { form });
      expect([sent.status, sent.text.includes(da.guardian.securityKey)]).toEqual([200, true]);
    }
    expect(await secondWaysOf(person)).toEqual([]);
  });

  test('at 15 it is offered', async () => {
    // The letters take some days.
    const { browser, done } = await activated(0);
    expect(done.text).toContain('data-webauthn-offer');
    expect((await browser.follow(PATH)).text).not.toContain(da.guardian.securityKey);
  });
});
