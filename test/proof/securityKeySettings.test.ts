/** Settings about security keys: models that their makers vouch for, and staff who have to use one. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.ts';
import { readSecurityKeyModels } from '../../src/config/securityKeys.ts';
import {
  DESK_CLIENT,
  isStrongEnough,
  SELF_SERVICE_CLIENT,
} from '../../src/domain/relyingParty/firstPartyClient.ts';
import { rulesSchema } from '../../src/domain/rules.ts';
import { LOW, SUBSTANTIAL } from '../../src/domain/signIn/levels.ts';
import { da } from '../../src/ui/words/words.da.ts';
import { checkStaffSecurityKeys } from '../../src/cli/doctor/staffChecks.ts';
import { inspectDatabase } from '../../src/db/operations/inspection.ts';
import {
  aPerson,
  aSecurityKey,
  keyFor,
  PATIENT,
  sendAssertion,
  signInAt,
  TestBrowser,
  twoOperators,
  useNodes,
  type Operators,
  type TestPerson,
} from '../support/index.ts';
import { aMaker } from '../support/makerCertificates.ts';
import { addSecurityKey, anAuthenticator, creationOptionsOf } from '../support/securityKeyCreation.ts';

const MODEL = 'ee882879-721c-4913-9775-3dfcce97072a';
const OTHER_MODEL = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const maker = aMaker(MODEL);
const impostor = aMaker(MODEL);

const attestedOf = async (database: { query: typeof nodes.database.query }, { identityId }: TestPerson) =>
  (
    await database.query<{ is_attested: boolean }>(
      'SELECT is_attested FROM security_keys WHERE identity_id = $1 ORDER BY name',
      [identityId],
    )
  ).map((row) => row.is_attested);

const SETTINGS = { models: [MODEL], roots: [maker.root], refusesOthers: false };
const nodes = useNodes({ securityKeyModels: SETTINGS, withoutErrors: true });
const strict = useNodes({ securityKeyModels: { ...SETTINGS, refusesOthers: true }, withoutErrors: true });

/** Whose word it is for a model, and what is made of it. */
const ANSWERS = [
  ['the maker, for a listed model', { aaguid: MODEL, attest: maker.attest }, true],
  ['someone else, for a listed model', { aaguid: MODEL, attest: impostor.attest }, false],
  ['the key itself', { aaguid: MODEL }, false],
  ['the maker, for another model', { aaguid: OTHER_MODEL, attest: aMaker(OTHER_MODEL).attest }, false],
] as const;

describe('models that are listed', () => {
  test('count as attested only by the word of their maker; others are taken, and are not', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    const page = await browser.follow('/self-service/security-keys/add');
    expect(creationOptionsOf(page).attestation).toBe('direct');
    for (const [i, [, options]] of ANSWERS.entries()) {
      const authenticator = anAuthenticator(nodes, options);
      const added = await addSecurityKey(browser, person, authenticator, { name: `${i}` });
      expect(added.page).toBe('self-told');
    }
    expect(await attestedOf(nodes.database, person)).toEqual(ANSWERS.map(([, , isAttested]) => isAttested));
  });

  test('are the only ones, where the setting says so', async () => {
    const person = await aPerson(strict);
    const browser = new TestBrowser(strict);
    await signInAt(browser, person, '/self-service');
    for (const [whose, options, isAttested] of ANSWERS) {
      const added = await addSecurityKey(browser, person, anAuthenticator(strict, options));
      const isRefused = added.text.includes(da.securityKeys.faults.not_listed);
      expect([whose, added.page, isRefused]).toEqual([
        whose,
        isAttested ? 'self-told' : 'self-security-key-add',
        !isAttested,
      ]);
    }
    expect(await attestedOf(strict.database, person)).toEqual([true]);
  });

  test('and what is missing of the settings is told', () => {
    const faultsOf = (securityKeys: object, file?: string) => {
      const faults: string[] = [];
      const env = file === undefined ? {} : { NOEGLE_SECURITY_KEY_ROOTS_FILE: file };
      readSecurityKeyModels(env, rulesSchema.parse({ securityKeys }), faults);
      return faults.map((one) => one.split(':')[0]);
    };
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ models: [MODEL] })).toEqual([
      'securityKeys.models in the rules needs NOEGLE_SECURITY_KEY_ROOTS_FILE',
    ]);
    expect(faultsOf({ refusesOthers: true })).toHaveLength(1);
    expect(faultsOf({ models: [MODEL] }, '/nowhere.pem')).toEqual(['NOEGLE_SECURITY_KEY_ROOTS_FILE']);
    expect(faultsOf({ models: [MODEL] }, import.meta.filename)).toEqual(['NOEGLE_SECURITY_KEY_ROOTS_FILE']);
    expect(() => rulesSchema.parse({ staff: { requires: 'nothing' } })).toThrow('requires');
    expect(() => readConfig({ NOEGLE_SECURITY_KEY_ROOTS_FILE: '/x' })).toThrow('is for a server');
  });
});

describe('staff.requires', () => {
  const rules = { ...PATIENT, staff: { ...PATIENT.staff, requires: 'security_key' as const } };
  const required = useNodes({ count: 2, rules, withoutErrors: true });
  let operators: Operators;
  beforeAll(async () => {
    operators = await twoOperators(required);
  });

  test('a member of staff without a security key is told so, whatever the card says', async () => {
    const browser = new TestBrowser(required);
    const page = await browser.follow('/desk');
    const { userId, password } = operators.first;
    const after = await browser.send(page, { userId, password });
    expect(after.text).toContain(da.refused.no_security_key.title);
    // A browser that drops the parameter, and signs in with the card, gets no session at the desk.
    const begun = await new TestBrowser(required).request('/desk');
    const other = new TestBrowser(required);
    await begun.headers['set-cookie']?.reduce(
      async (done, line) => (await done, await other.setCookie(line)),
      Promise.resolve(),
    );
    const without = (begun.headers.location ?? '').replace(/&acr_values=[^&]*/, '');
    expect(without).not.toBe(begun.headers.location);
    const keyPage = await other.send(await other.follow(without), { userId, password });
    const end = await other.send(keyPage, { key: keyFor(operators.first, keyPage) });
    expect(end.page).toBe('site-not-signed-in');
    expect((await other.follow('/desk')).page).not.toBe('desk');
    // Self-service takes the card: that is where one is added.
    const home = await signInAt(new TestBrowser(required), operators.first, '/self-service');
    expect(home.page).toBe('self-home');
  });

  test('one with a security key comes in, and doctor counts who could, by role', async () => {
    await required.database.query(
      `INSERT INTO staff (id, identity_id, role, proposed_at, approved_at)
       VALUES (gen_random_uuid(), $1, 'officer', now(), now())`,
      [(await aPerson(required)).identityId],
    );
    const find = async (requires: 'card' | 'security_key') => {
      const [found] = await inspectDatabase(required.database.appUrl, (inspector) =>
        checkStaffSecurityKeys(inspector, { ...rules, staff: { ...rules.staff, requires } }),
      );
      return found;
    };
    const check = async (requires: 'card' | 'security_key') => (await find(requires))?.severity;
    expect((await find('card'))?.message).toContain('0 of 2 operators have a security key');
    expect((await find('card'))?.message).toContain('; officer 0 of 1');
    expect([await check('card'), await check('security_key')]).toEqual(['ok', 'fault']);
    const held = await aSecurityKey(required, operators.first);
    expect([await check('card'), await check('security_key')]).toEqual(['ok', 'fault']);
    await aSecurityKey(required, operators.second, { synced: true });
    expect([await check('card'), await check('security_key')]).toEqual(['warning', 'ok']);
    const browser = new TestBrowser(required);
    const inside = await sendAssertion(browser, await browser.follow('/desk'), held);
    expect(inside.page).toMatch(/^desk/);
    expect((await browser.follow('/desk/staff')).page).toBe('desk-staff');
  });

  test.each([
    [{ acr: SUBSTANTIAL, amr: ['pwd', 'otp', 'mfa'], proofing: SUBSTANTIAL }, false],
    [{ acr: SUBSTANTIAL, amr: ['hwk', 'user', 'mfa'], proofing: SUBSTANTIAL }, false],
    [{ acr: 'phr', amr: ['pwd', 'otp', 'mfa'], proofing: SUBSTANTIAL }, false],
    [{ acr: 'phr', amr: ['hwk', 'user', 'mfa'], proofing: LOW }, false],
    [{ acr: 'phr', amr: ['hwk', 'user', 'mfa'] }, false],
    [{ acr: 'phr', amr: ['hwk', 'user', 'mfa'], proofing: SUBSTANTIAL }, true],
    [{ acr: 'phr', amr: ['swk', 'user', 'mfa'], proofing: SUBSTANTIAL }, true],
  ])('what an ID token lacks was not shown: %j', (claims, isEnough) => {
    expect(isStrongEnough(DESK_CLIENT, 'security_key', claims)).toBe(isEnough);
    expect(isStrongEnough(SELF_SERVICE_CLIENT, 'security_key', { ...claims, acr: SUBSTANTIAL })).toBe(true);
  });
});
