/**
 * The identity comes only from the session: every route of self-service, with every known value of another
 * person in its address, query and form, shows and changes nothing of theirs.
 */
import { SECURITY_KEYS_PATH } from '../../src/features/selfService/securityKeys/securityKeys.page.tsx';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  TestBrowser,
  encodeForm,
  hiddenFields,
  keyFor,
  signInAt,
  type TestPerson,
  tokensAt,
  useNodes,
} from '../support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });

interface Route {
  readonly method: string;
  readonly path: string;
}

function routeFiles(): string[] {
  return readdirSync('src/features/selfService', { recursive: true, encoding: 'utf8' })
    .filter((file) => /(routes|guard)\.ts$/.test(file))
    .map((file) => `src/features/selfService/${file}`);
}

/** The routes as the code declares them, with the constants of each file substituted. */
function routesOfSelfService(): Route[] {
  return routeFiles().flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const own = /^const PATH = '([^']+)'/m.exec(text)?.[1] ?? '';
    const path = text.includes('SECURITY_KEYS_PATH as PATH') ? SECURITY_KEYS_PATH : own;
    return [...text.matchAll(/router\.(get|post)\(\s*(PATH|'[^']+'|`[^`]+`)/g)].flatMap(
      ([, method = '', where = '']) => {
        const address = where === 'PATH' ? path : where.slice(1, -1).replace('${PATH}', path);
        const all = address.includes('${what}') ? ['card', 'identity'] : [''];
        return all.map((what) => ({ method: method.toUpperCase(), path: address.replace('${what}', what) }));
      },
    );
  });
}

/** The actions that a form of self-service may name. */
function actionsInCode(): string[] {
  const text = routeFiles()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  return [...text.matchAll(/case '([a-z-]+)'/g)].map(([, action = '']) => action);
}

async function signedIn(person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  return browser;
}

/** All that is stored of a person. */
async function storedOf({ identityId }: TestPerson): Promise<Record<string, unknown>> {
  const tables = {
    identities: 'id = $1',
    people: 'id = (SELECT person_id FROM identities WHERE id = $1)',
    key_cards: 'identity_id = $1',
    confirmations: 'identity_id = $1',
    consents: 'identity_id = $1',
    letters: 'identity_id = $1',
    notices: 'identity_id = $1',
    oidc_records: 'account_id = $1',
    logouts: 'identity_id = $1',
    audit_events: 'identity_id = $1',
    own_sessions: 'identity_id = $1',
    known_browsers: 'identity_id = $1',
  };
  const found: Record<string, unknown> = {};
  for (const [table, whose] of Object.entries(tables)) {
    const rows = await nodes.database.query<{ row: string }>(
      `SELECT t::text AS row FROM ${table} t WHERE ${whose} ORDER BY 1`,
      [identityId],
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

test('no route of self-service shows or changes anything of another person', async () => {
  const bo = await aPerson(nodes, { email: 'bo@mail.example', givenName: 'Bodil', familyName: 'Fremmed' });
  const anna = await aPerson(nodes);
  // A bank: all public sites are named to everyone.
  const bank = { kind: 'bank', name_da: 'Stedet for Bo', require_fresh_key: false } as const;
  const rp = await aRelyingParty(nodes, { ...bank, scope: 'openid profile offline_access' });
  const theirs = await signedIn(bo);
  await tokensAt(nodes, theirs, bo, rp, { scope: 'openid profile offline_access', prompt: 'consent' });
  const asked = await theirs.send(await theirs.follow('/self-service/card'), { do: 'order' });
  const confirmation = asked.url.split('/').at(-1) ?? '';
  await nodes.database.query(
    `INSERT INTO known_browsers (browser, identity_id, since) VALUES (decode(repeat('ab', 32), 'hex'), $1, now())`,
    [bo.identityId],
  );
  const known = /name="browser" value="([0-9a-f]{32})"/.exec(
    (await theirs.follow('/self-service/browsers')).text,
  );
  const [event, session, own] = await Promise.all(
    [
      'SELECT max(id)::text AS id FROM audit_events WHERE identity_id = $1',
      `SELECT uid AS id FROM oidc_records WHERE account_id = $1 AND model = 'Session' AND ended_at IS NULL`,
      `SELECT encode(id, 'base64') AS id FROM own_sessions WHERE identity_id = $1`,
    ].map(async (text) => (await nodes.database.query<{ id: string }>(text, [bo.identityId]))[0]?.id ?? ''),
  );
  const ids = {
    identity: bo.identityId,
    identityId: bo.identityId,
    id: confirmation,
    idNumber: bo.idNumber,
    cardId: bo.cardId,
    before: String(Number(event) + 1),
    session: session ?? '',
    own: own ?? '',
    service: rp.clientId,
    browser: known?.[1] ?? '',
    cardNumber: bo.cardNumber.replaceAll('-', ''),
    keyNumber: hiddenFields(asked)['keyNumber'] ?? '',
    key: keyFor(bo, asked),
  };
  expect(Object.values(ids).filter((id) => id === '')).toEqual([]);
  const secrets = [
    bo.userId,
    bo.idNumber,
    bo.cardNumber,
    'Bodil',
    'Fremmed',
    'bo@mail.example',
    'Stedet for Bo',
  ];
  const seesNothing = (text: string) => secrets.filter((secret) => text.includes(secret));

  const routes = routesOfSelfService();
  const actions = actionsInCode();
  expect(routes.length).toBeGreaterThan(20);
  expect(actions).toEqual(
    expect.arrayContaining(['session', 'access', 'order', 'threshold', 'email', 'password']),
  );
  // Control: the value is found where it is shown.
  expect(seesNothing((await theirs.follow('/self-service')).text)).toEqual(
    expect.arrayContaining(['Bodil', bo.userId]),
  );

  const before = await storedOf(bo);
  let browser = await signedIn(anna);
  const found: string[] = [];
  let tried = 0;
  const query = new URLSearchParams(ids);
  for (const { method, path } of routes) {
    const address = `${path.replace(':id', confirmation)}?${query}`;
    // What a form here may request, and its typed fields; `everywhere` and the like end Anna's own session.
    const forms = method === 'GET' ? [null] : ['', ...actions];
    for (const action of forms) {
      const home = await browser.follow('/self-service');
      if (home.page !== 'self-home') browser = await signedIn(anna);
      const { csrf = '' } = hiddenFields(await browser.follow('/self-service/card'));
      const typed = {
        do: action ?? '',
        what: 'nothing',
        email: 'x',
        userId: 'x',
        password: 'x',
        threshold: 'x',
      };
      const body = encodeForm({ ...ids, ...typed, csrf });
      const answer = await browser.request(address, method === 'GET' ? {} : { method, body });
      const next = answer.headers.location ? await browser.follow(answer.headers.location) : answer;
      tried += 1;
      found.push(
        ...[answer, next].flatMap(({ text, status }) =>
          [...seesNothing(text), ...(status >= 500 ? [String(status)] : [])].map(
            (what) => `${method} ${path} ${action}: ${what}`,
          ),
        ),
      );
    }
  }
  console.info(`${routes.length} routes, ${tried} tries`);
  expect(found).toEqual([]);
  expect(await storedOf(bo)).toEqual(before);
  expect((await theirs.follow(asked.url)).page).toBe('self-confirm');
});
