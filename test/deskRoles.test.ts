/**
 * Who may do what at the desk: every route, every role, and no role. A route that is not named here fails.
 */
import Router from '@koa/router';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DESK_ACTIONS, type DeskAction } from '../src/domain/staff/desk.ts';
import { STAFF_ROLES, staffOf, type StaffRole } from '../src/domain/staff/staff.ts';
import { requestDeskAction } from '../src/features/desk/requestDeskAction.ts';
import { searchKnownPerson } from '../src/features/desk/search/searchPeople.ts';
import { approveProposal, proposeStaff } from '../src/features/desk/staff/changeStaff.ts';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { changeRelyingParty, findClientRegistration } from '../src/db/oidc/clientRegistrations.ts';
import { saveRelyingParty } from '../src/db/oidc/relyingParties.ts';
import { removeClient } from '../src/features/relyingParties/registrations.ts';
import { addDeskRoutes } from '../src/features/desk/routes.ts';
import {
  aPerson,
  aRelyingParty,
  openCounterSession,
  type CounterSession,
  TestBrowser,
  type Operators,
  type BrowserPage,
  REASON,
  registerClient,
  SHOWN,
  signInStaff,
  signInAt,
  type TestPerson,
  twoOperators,
  useNodes,
} from './support/index.ts';

let bank: string;
let customer: TestPerson;
let operators: Operators;
let staff: Record<StaffRole, CounterSession>;
let citizen: CounterSession;
const nodes = useNodes({ count: 2 });
beforeAll(async () => {
  bank = (await aRelyingParty(nodes, { kind: 'bank', name_da: 'Prøvebanken' })).clientId;
  customer = await aPerson(nodes, { issuedBy: bank });
  operators = await twoOperators(nodes);
  staff = {
    officer: await openCounterSession(nodes, operators, 'officer'),
    bank_clerk: await openCounterSession(nodes, operators, 'bank_clerk', bank),
    hotline: await openCounterSession(nodes, operators, 'hotline'),
    operator: await signInStaff(nodes, operators.first),
  };
  citizen = await signInStaff(nodes, await aPerson(nodes));
});

const ALL = STAFF_ROLES;
const COUNTER = ['officer', 'bank_clerk', 'hotline'] as const;
const ISSUERS = ['officer', 'bank_clerk'] as const;
const OFFICER = ['officer'] as const;

interface Rule {
  readonly roles: readonly StaffRole[];
  /** The status that allowed roles get; the others get 403. */
  readonly status: number;
  /** The fields that they send, with the CSRF token. */
  readonly fields?: Record<string, string>;
}

const WHO: Record<DeskAction, readonly StaffRole[]> = {
  'sign-out-everywhere': COUNTER,
  'block-card': COUNTER,
  'block-security-keys': COUNTER,
  'block-code-token': COUNTER,
  'block-id': COUNTER,
  'stop-activation': ['officer', 'hotline'],
  'call-off-email': COUNTER,
  'skip-wait': OFFICER,
  'new-card': ISSUERS,
  'add-security-key': OFFICER,
  'give-code-token': ISSUERS,
  'adjust-code-token': ISSUERS,
  'temporary-password': ISSUERS,
  reopen: OFFICER,
  'proof-identity': ISSUERS,
  'public-sites-on': OFFICER,
  'public-sites-off': OFFICER,
};
/** Actions for an ID in use with public sites on: the others redirect to the person's page. */
const FITS: readonly DeskAction[] = [
  'sign-out-everywhere',
  'block-card',
  'block-id',
  'new-card',
  'add-security-key',
  'give-code-token',
  'temporary-password',
  'public-sites-off',
];

const RULES: Record<string, Rule> = {
  'GET /desk': { roles: ALL, status: 200 },
  'GET /desk/staff': { roles: ['operator'], status: 200 },
  'POST /desk/staff': { roles: ['operator'], status: 400, fields: { do: 'nothing' } },
  'GET /desk/staff/:id/end': { roles: ['operator'], status: 303 },
  'POST /desk/staff/:id/end': { roles: ['operator'], status: 400, fields: { do: 'nothing' } },
  'GET /desk/staff/refusals': { roles: ['operator'], status: 200 },
  'GET /desk/colleagues': { roles: COUNTER, status: 200 },
  'GET /desk/colleagues/:id': { roles: COUNTER, status: 303 },
  'POST /desk/colleagues/:id': { roles: COUNTER, status: 303, fields: { decision: 'confirm' } },
  'GET /desk/search': { roles: COUNTER, status: 200 },
  'POST /desk/search': { roles: COUNTER, status: 200, fields: { by: 'cpr', number: '12' } },
  'GET /desk/search/:id': { roles: COUNTER, status: 200 },
  ...Object.fromEntries(
    DESK_ACTIONS.flatMap((action) => [
      [`GET /desk/search/:id/${action}`, { roles: WHO[action], status: FITS.includes(action) ? 200 : 303 }],
      [`POST /desk/search/:id/${action}`, { roles: WHO[action], status: 200, fields: { reason: '' } }],
    ]),
  ),
  'GET /desk/search/:id/new-cpr': { roles: OFFICER, status: 200 },
  'POST /desk/search/:id/new-cpr': { roles: OFFICER, status: 200, fields: { cpr: '' } },
  'GET /desk/new-cpr/:id': { roles: OFFICER, status: 303 },
  'POST /desk/new-cpr/:id': { roles: OFFICER, status: 303, fields: { number: 'right' } },
  'POST /desk/duplicates': { roles: OFFICER, status: 303, fields: { identity: 'x', form: 'x' } },
  'GET /desk/issue': { roles: ISSUERS, status: 200 },
  'POST /desk/issue': { roles: ISSUERS, status: 400 },
  'GET /desk/applications/:id': { roles: ISSUERS, status: 404 },
  'GET /desk/applications/:id/decision': { roles: ISSUERS, status: 404 },
  'GET /desk/waiting': { roles: ISSUERS, status: 200 },
  'GET /desk/waiting/:id': { roles: ISSUERS, status: 303 },
  'POST /desk/waiting/:id': { roles: ISSUERS, status: 303, fields: { address: 'right' } },
};

function routes(): string[] {
  const router = new Router();
  addDeskRoutes(router, { context: {}, site: {} } as never);
  return router.stack.flatMap(({ methods, path }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`),
  );
}

test('every route of the desk has a rule', () => {
  expect(routes().length).toBeGreaterThan(25);
  expect(routes().sort()).toEqual(Object.keys(RULES).sort());
});

/** For each role that may search, a search that found the customer; for the others, another member's. */
async function searchIds(): Promise<Record<StaffRole, string>> {
  const ids: Partial<Record<StaffRole, string>> = {};
  for (const role of COUNTER) {
    const page = await staff[role].find(customer);
    expect([role, page.page]).toEqual([role, 'desk-person']);
    ids[role] = page.url.split('/').at(-1) ?? '';
  }
  return { ...(ids as Record<StaffRole, string>), operator: ids.officer ?? '' };
}

async function ask(
  who: CounterSession | TestBrowser,
  route: string,
  id: string,
  rule: Rule,
): Promise<BrowserPage> {
  const [method = '', path = ''] = route.replace(':id', id).split(' ');
  const browser = who instanceof TestBrowser ? who : who.browser;
  if (method === 'GET') return await browser.request(path);
  const fields = { form: 'form', ...rule.fields };
  if (who instanceof TestBrowser) return await browser.request(path, { method, body: 'csrf=none' });
  return await who.post(path, fields);
}

describe('every route for every role, and for none', () => {
  test('is answered as the table says', async () => {
    const ids = await searchIds();
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const [route, rule] of Object.entries(RULES)) {
      const statuses: Record<string, number> = {};
      for (const role of STAFF_ROLES)
        statuses[role] = (await ask(staff[role], route, ids[role], rule)).status;
      statuses['citizen'] = (await ask(citizen, route, ids.officer, rule)).status;
      const anonymous = await ask(new TestBrowser(nodes), route, ids.officer, rule);
      statuses['nobody'] = anonymous.status;
      if (anonymous.status === 303) expect(anonymous.headers.location).toContain('/auth?');
      found[route] = statuses;
      expected[route] = {
        ...Object.fromEntries(
          STAFF_ROLES.map((role) => [role, rule.roles.includes(role) ? rule.status : 403]),
        ),
        citizen: 403,
        nobody: route === 'POST /desk/issue' ? 401 : 303,
      };
    }
    expect(found).toEqual(expected);
  });

  test('nothing of that has changed anything', async () => {
    const changed = await nodes.database.query<{ kind: string }>(
      `SELECT kind FROM audit_events WHERE identity_id = $1 AND kind NOT IN
         ('searched_by_staff', 'refused_at_desk', 'identity_issued', 'card_issued')`,
      [customer.identityId],
    );
    expect(changed).toEqual([]);
  });

  test('a role that has ended does nothing from the next click on', async () => {
    const page = await staff.hotline.find(customer);
    await nodes.database.query('UPDATE staff SET ended_at = now(), ended_by = $2 WHERE identity_id = $1', [
      staff.hotline.person.identityId,
      staff.operator.person.identityId,
    ]);
    const path = `${new URL(page.url).pathname}/block-id`;
    expect((await staff.hotline.post(path, { form: 'x', ...REASON })).status).toBe(403);
  });
});

describe('no one acts on their own ID', () => {
  test.each(DESK_ACTIONS)('%s', async (action) => {
    for (const role of WHO[action].filter((one) => one !== 'hotline')) {
      const self = staff[role];
      if (role === 'bank_clerk') {
        await nodes.database.query('UPDATE identities SET issued_by = $2 WHERE id = $1', [
          self.person.identityId,
          bank,
        ]);
      }
      const page = await self.find(self.person);
      expect(page.page).toBe('desk-person');
      expect(page.text).not.toContain(`/${action}"`);
      const path = `${new URL(page.url).pathname}/${action}`;
      const answers = [
        await self.browser.request(path),
        await self.post(path, { form: crypto.randomUUID(), ...REASON, ...SHOWN }),
      ];
      expect(answers.map(({ status, page: name }) => [status, name])).toEqual([
        [403, 'desk-own-id'],
        [403, 'desk-own-id'],
      ]);
    }
  });

  test('and the action itself refuses it, whatever the page does', async () => {
    const officer = staffOf({ staffId: staff.officer.person.identityId, role: 'officer', bank: null });
    const asked = { identityId: officer.staffId, why: { reason: 'selv' }, form: 'form' };
    const search = await searchKnownPerson(nodes.context, officer, asked);
    for (const action of DESK_ACTIONS) {
      const sent = { action, reason: 'fordi jeg kan', identification: null, form: 'form' };
      expect(await requestDeskAction(nodes.context, officer, search, sent)).toBe('own_id');
    }
  });
});

describe('a clerk whose bank is a bank no more', () => {
  const NAME = 'Banken der gik';
  let own: string;
  let clerk: CounterSession;
  let theirs: TestPerson;
  beforeAll(async () => {
    own = (await aRelyingParty(nodes, { kind: 'bank', name_da: NAME })).clientId;
    theirs = await aPerson(nodes, { issuedBy: own });
    clerk = await openCounterSession(nodes, operators, 'bank_clerk', own);
  });

  const nothingWorks = async () => {
    const answers: BrowserPage[] = [];
    // Two of each: the browser goes to the nodes in rotation.
    for (const node of [0, 1]) {
      answers.push(
        await clerk.browser.request('/desk'),
        await clerk.post('/desk/search', { by: 'cpr', number: theirs.cpr, form: 'x', ...REASON }),
        await clerk.post(path, { form: crypto.randomUUID(), ...REASON, ...SHOWN }),
        await clerk.post('/desk/issue', { application: crypto.randomUUID() }),
      );
      answers.push(await signInAt(new TestBrowser(nodes, node), clerk.person));
    }
    expect(answers.map(({ status, page }) => [status, page])).toEqual(answers.map(() => [403, 'no-role']));
    for (const { text } of answers) expect(text).not.toContain('på pause');
  };
  let path = '';
  const listed = async () => (await staff.operator.browser.request('/desk/staff')).text;
  const isOffered = async () => (await listed()).includes(`<option value="${own}"`);

  test('continues while a change of its registration waits, and not while it is of another kind', async () => {
    path = `${new URL((await clerk.find(theirs)).url).pathname}/block-id`;
    const found = await findClientRegistration(nodes.context.database, own);
    if (!found) throw new Error('no bank');
    const { rp, version } = found;
    const proposed = { ...rp, name_da: 'Et andet navn' };
    await changeRelyingParty(nodes.context.database, { rp, version, proposed, policy: null });
    for (let i = 0; i < 2; i += 1) expect((await clerk.browser.request('/desk')).page).toBe('desk-home');
    expect(await isOffered()).toBe(true);

    await saveRelyingParty(nodes.context.database, relyingPartySchema.parse({ ...rp, kind: 'public' }));
    await nothingWorks();
    expect(await isOffered()).toBe(false);
    await saveRelyingParty(nodes.context.database, rp);
    expect((await clerk.browser.request('/desk')).page).toBe('desk-home');
  });

  test('is refused from the next click on when it is removed; no one is proposed or approved for it', async () => {
    const waiting = await aPerson(nodes, { givenName: 'Ventende' });
    const proposal = { userId: waiting.userId, role: 'bank_clerk', bank: own } as const;
    expect(await proposeStaff(nodes.context, operators.second.identityId, proposal)).toBe('done');
    const colleague = await aPerson(nodes, { issuedBy: own });
    await proposeStaff(nodes.context, operators.first.identityId, {
      userId: colleague.userId,
      role: 'hotline',
      bank: null,
    });
    const [hotline] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM staff WHERE identity_id = $1',
      [colleague.identityId],
    );
    expect(await approveProposal(nodes.context, operators.second.identityId, hotline?.id ?? '')).toBe('done');
    const at = new URL((await clerk.find(colleague)).url).pathname;
    await clerk.post(`${at}/block-id`, { form: crypto.randomUUID(), ...REASON, ...SHOWN });
    const actions = async () =>
      await nodes.database.query<{ id: string; state: string }>(
        'SELECT id, state FROM colleague_actions WHERE identity_id = $1',
        [colleague.identityId],
      );
    const [proposed] = await actions();
    expect(proposed?.state).toBe('waiting');

    await removeClient(nodes.context, own);
    await nothingWorks();
    await staff.officer.post(`/desk/colleagues/${proposed?.id}`, { decision: 'confirm' });
    expect(await actions()).toEqual([{ id: proposed?.id, state: 'waiting' }]);
    expect(await isOffered()).toBe(false);
    expect(await listed()).toContain('Ingen kan logge på hos den bank mere');
    const [row] = await nodes.database.query<{ id: string }>('SELECT id FROM staff WHERE identity_id = $1', [
      waiting.identityId,
    ]);
    const approved = await staff.operator.post('/desk/staff', { do: 'approve', staff: row?.id ?? '' });
    expect(approved.text).toContain('Ingen kan logge på hos den bank mere');
    const other = await aPerson(nodes);
    const typed = { do: 'propose', userId: other.userId, staffRole: 'bank_clerk', bank: own };
    expect((await staff.operator.post('/desk/staff', typed)).text).toContain('Den bank kender vi ikke.');
    const state = await nodes.database.query('SELECT blocked_at FROM identities WHERE id = $1', [
      theirs.identityId,
    ]);
    expect(state).toEqual([{ blocked_at: null }]);
  });

  test('one that no operator has approved has no clerks', async () => {
    const { json } = await registerClient(nodes, { policy: { kind: 'bank' } });
    expect(json['state']).toBe('pending');
    expect(await listed()).not.toContain(String(json['client_id']));
    const { userId } = await aPerson(nodes);
    const proposal = { userId, role: 'bank_clerk', bank: String(json['client_id']) } as const;
    expect(await proposeStaff(nodes.context, operators.first.identityId, proposal)).toBe('unknown_bank');
  });
});
