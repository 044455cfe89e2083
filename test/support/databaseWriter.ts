/**
 * An attacker who can write to the database and has no key ring, and what each attack achieves. They have an
 * ID, and per attack what it says: a copied cookie or token, a password that they know.
 */
import { randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { LOW } from '../../src/domain/signIn/levels.ts';
import { endIdentity } from '../../src/db/cards/cardSets.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { setPublicSitesInTransaction } from '../../src/features/identity/choosePublicSites.ts';
import {
  composeApplication,
  readDeliveredLetters,
  issueApplication,
  waitForLetters,
  printedLetters,
  sendAllLetters,
} from './applications.ts';
import { startActivation, toChoosePage } from './activation.ts';
import { TestBrowser, type BrowserPage } from './browser.ts';
import { signInAt } from './desk.ts';
import { mailTo, sendMail } from './emails.ts';
import {
  authRequest,
  keyFor,
  redeemCode,
  signInAtNode,
  toKeyPage,
  userinfo,
  type TestAuthRequest,
} from './flow.ts';
import { CHEAP, type Nodes } from './nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './people.ts';
import { aKnownBrowser, anAddress } from './stranger.ts';

export interface WriterAttack {
  readonly name: string;
  /** It fails without row MACs, too. */
  readonly heldBefore?: boolean;
  /** @returns whether the attack succeeded */
  readonly walk: (nodes: Nodes) => Promise<boolean>;
}

const WITH_CPR = { scope: 'openid profile ssn' };

async function runAsWriter(nodes: Nodes, text: string, values: unknown[] = []): Promise<void> {
  await nodes.database.query(text, values);
}

/** The code of a successful sign-in. */
function codeOf(page: BrowserPage): string | null {
  const { location } = page.headers;
  return location ? new URL(location, page.url).searchParams.get('code') : null;
}

/** Consents where the consent page is shown; null where the sign-in fails. */
async function tryToSignIn(
  nodes: Nodes,
  person: TestPerson,
  request: TestAuthRequest,
  browser = new TestBrowser(nodes),
): Promise<string | null> {
  try {
    return (await signInAtNode(browser, person, request)).get('code');
  } catch {
    return null;
  }
}

/** The claims that the relying party gets for a code; empty where none. */
async function claimsFor(
  nodes: Nodes,
  rp: TestRelyingParty,
  code: string | null,
  { verifier }: TestAuthRequest,
): Promise<Record<string, unknown>> {
  if (code === null) return {};
  const tokens = await redeemCode(nodes, rp, code, verifier);
  if (tokens.status !== 200) return {};
  const answer = await userinfo(nodes, tokens.access_token);
  return answer.status === 200 ? (JSON.parse(answer.text) as Record<string, unknown>) : {};
}

async function personIdOf(nodes: Nodes, { identityId }: Pick<TestPerson, 'identityId'>): Promise<string> {
  const [row] = await nodes.database.query<{ person_id: string }>(
    'SELECT person_id FROM identities WHERE id = $1',
    [identityId],
  );
  return row?.person_id ?? '';
}

const WORDS = 'Banken. Ring straks til 70 10 20 30';

/** Whether the victim of a notice with these details receives the words. */
async function isMailed(nodes: Nodes, details: object): Promise<boolean> {
  const email = `victim-${randomBytes(4).toString('hex')}@mail.example`;
  const { victim } = await createTwoPeople(nodes, { email });
  await runAsWriter(
    nodes,
    `INSERT INTO notices (id, identity_id, kind, details, at)
     VALUES (gen_random_uuid(), $1, 'new_browser', $2::jsonb, now())`,
    [victim.identityId, JSON.stringify(details)],
  );
  await sendMail(nodes);
  return mailTo(nodes, email).some(({ text }) => text.includes(WORDS));
}

/** The attacker and the victim. */
async function createTwoPeople(nodes: Nodes, victim: Parameters<typeof aPerson>[1] = {}) {
  return { own: await aPerson(nodes), victim: await aPerson(nodes, victim) };
}

export const WAYS: readonly WriterAttack[] = [
  {
    name: 'the facts of their own sign-in name another person',
    heldBefore: true,
    walk: async (nodes) => {
      const { own, victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      const browser = new TestBrowser(nodes);
      const keyPage = await toKeyPage(browser, own, authRequest(rp));
      await runAsWriter(
        nodes,
        `UPDATE sign_ins SET identity_id = $2, password_at = now(), signed_in_at = now(), with_key = true
         WHERE identity_id = $1`,
        [own.identityId, victim.identityId],
      );
      return codeOf(await browser.follow(keyPage.formUrl)) !== null;
    },
  },
  {
    name: 'their identity gets the person of another: name and CPR number',
    walk: async (nodes) => {
      const { own, victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      const [mine, theirs] = [await personIdOf(nodes, own), await personIdOf(nodes, victim)];
      await runAsWriter(
        nodes,
        `WITH other AS (
           INSERT INTO people (id, given_name, family_name, birthdate, language, pid)
           SELECT gen_random_uuid(), given_name, family_name, birthdate, language, $2 FROM people WHERE id = $1
           RETURNING id)
         UPDATE identities SET person_id = other.id FROM other WHERE identities.id = $3`,
        [theirs, randomBytes(6).toString('hex'), victim.identityId],
      );
      await runAsWriter(nodes, 'UPDATE identities SET person_id = $1 WHERE person_id = $2', [theirs, mine]);
      const request = authRequest(rp, WITH_CPR);
      const claims = await claimsFor(nodes, rp, await tryToSignIn(nodes, own, request), request);
      return claims['dk.cpr'] === victim.cpr || claims['name'] === victim.fullName;
    },
  },
  {
    name: 'a hash that they made becomes the password of another',
    walk: async (nodes) => {
      const { victim } = await createTwoPeople(nodes);
      const low = await aRelyingParty(nodes, { min_acr: LOW });
      const password = 'et kodeord som de kender';
      const made = await hash(password, CHEAP);
      await runAsWriter(nodes, 'UPDATE identities SET password_hash = $2 WHERE id = $1', [
        victim.identityId,
        made,
      ]);
      const browser = new TestBrowser(nodes);
      const page = await toKeyPage(
        browser,
        { userId: victim.userId, password },
        authRequest(low, { acr_values: LOW }),
      ).catch(() => null);
      return page !== null && (codeOf(page) !== null || page.page === 'key' || page.page === 'consent');
    },
  },
  {
    name: 'their own hash is copied to another',
    walk: async (nodes) => {
      const { own, victim } = await createTwoPeople(nodes);
      const low = await aRelyingParty(nodes, { min_acr: LOW });
      await runAsWriter(
        nodes,
        `UPDATE identities SET password_hash = (SELECT password_hash FROM identities WHERE id = $2) WHERE id = $1`,
        [victim.identityId, own.identityId],
      );
      const typed = { userId: victim.userId, password: own.password };
      const browser = new TestBrowser(nodes);
      const page = await toKeyPage(browser, typed, authRequest(low, { acr_values: LOW }));
      return codeOf(page) !== null || page.page === 'key' || page.page === 'consent';
    },
  },
  {
    name: 'the session of a copied cookie outlives its end',
    walk: async (nodes) => {
      const { victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      const browser = new TestBrowser(nodes);
      await signInAtNode(browser, victim, authRequest(rp));
      await endAll(nodes, victim);
      const values = [victim.identityId];
      const later = `UPDATE oidc_records SET login_at = now() + interval '1 day' WHERE account_id = $1`;
      await runAsWriter(nodes, later, values);
      return codeOf(await browser.follow(authRequest(rp, { prompt: 'none' }).path)) !== null;
    },
  },
  {
    name: 'a copied access token outlives its end',
    walk: async (nodes) => {
      const { victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      const request = authRequest(rp, WITH_CPR);
      const code = (await signInAtNode(new TestBrowser(nodes), victim, request)).get('code') ?? '';
      const { access_token: token } = await redeemCode(nodes, rp, code, request.verifier);
      await endAll(nodes, victim);
      const values = [victim.identityId];
      const later = `UPDATE oidc_records SET login_at = now() + interval '1 day' WHERE account_id = $1`;
      await runAsWriter(nodes, later, values);
      return (await userinfo(nodes, token)).status === 200;
    },
  },
  {
    name: 'they raise their own proofing',
    walk: async (nodes) => {
      const own = await aPerson(nodes, { proofing: 'Low' });
      const rp = await aRelyingParty(nodes);
      await runAsWriter(nodes, `UPDATE identities SET proofing = 'Substantial' WHERE id = $1`, [
        own.identityId,
      ]);
      return (await tryToSignIn(nodes, own, authRequest(rp))) !== null;
    },
  },
  {
    name: 'public sites are switched on for a person who switched them off',
    walk: async (nodes) => {
      const { victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      const off = { on: false, by: { by: 'person' } } as const;
      await nodes.context.database.transaction((db) =>
        setPublicSitesInTransaction(nodes.context, db, victim.identityId, off),
      );
      await runAsWriter(nodes, 'UPDATE identities SET public_sites = true WHERE id = $1', [
        victim.identityId,
      ]);
      return (await tryToSignIn(nodes, victim, authRequest(rp))) !== null;
    },
  },
  {
    name: 'the sealed CPR number of another is moved to their own person',
    heldBefore: true,
    walk: async (nodes) => {
      const { own, victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      const values = [await personIdOf(nodes, own), await personIdOf(nodes, victim)];
      const copy = `UPDATE people SET cpr_sealed = (SELECT cpr_sealed FROM people WHERE id = $2) WHERE id = $1`;
      await runAsWriter(nodes, copy, values);
      const request = authRequest(rp, WITH_CPR);
      const claims = await claimsFor(nodes, rp, await tryToSignIn(nodes, own, request), request);
      return claims['dk.cpr'] === victim.cpr;
    },
  },
  {
    name: 'their session at self-service becomes that of another',
    walk: async (nodes) => {
      const { own, victim } = await createTwoPeople(nodes);
      const browser = new TestBrowser(nodes);
      await signInAt(browser, own, '/self-service');
      const values = [own.identityId, victim.identityId];
      await runAsWriter(nodes, 'UPDATE own_sessions SET identity_id = $2 WHERE identity_id = $1', values);
      const home = await browser.follow('/self-service');
      return home.text.includes(victim.fullName);
    },
  },
  {
    name: 'their known browser becomes one of another, with separate attempts',
    walk: async (nodes) => {
      const { own, victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      const browser = await aKnownBrowser(nodes, own, rp);
      await runAsWriter(nodes, 'UPDATE known_browsers SET identity_id = $2 WHERE identity_id = $1', [
        own.identityId,
        victim.identityId,
      ]);
      const guess = async (from: TestBrowser) =>
        await toKeyPage(
          from,
          { userId: victim.userId, password: 'et forkert kodeord' },
          authRequest(rp, { prompt: 'login' }),
        );
      for (let tries = 0; tries < 5; tries += 1) await guess(new TestBrowser(nodes, 0, anAddress()));
      return (await guess(browser)).page === 'password';
    },
  },
  {
    name: 'their relying party makes itself trusted with CPR numbers',
    walk: async (nodes) => {
      const { victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes, { scope: 'openid profile', trusted: false });
      await runAsWriter(
        nodes,
        `UPDATE relying_parties SET metadata = metadata || '{"scope": "openid profile ssn", "trusted": true}'
         WHERE client_id = $1`,
        [rp.clientId],
      );
      const request = authRequest(rp, WITH_CPR);
      const claims = await claimsFor(nodes, rp, await tryToSignIn(nodes, victim, request), request);
      return claims['dk.cpr'] === victim.cpr;
    },
  },
  {
    name: 'their relying party has its codes sent elsewhere',
    walk: async (nodes) => {
      const { victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      const redirectUri = 'https://elsewhere.example/cb';
      await runAsWriter(
        nodes,
        `UPDATE relying_parties SET metadata = metadata || jsonb_build_object('redirect_uris', jsonb_build_array($2::text))
         WHERE client_id = $1`,
        [rp.clientId, redirectUri],
      );
      return (await tryToSignIn(nodes, victim, authRequest({ ...rp, redirectUri }))) !== null;
    },
  },
  {
    name: 'words of theirs come in a mail, as the name of a relying party',
    walk: async (nodes) => {
      const { clientId } = await aRelyingParty(nodes);
      await runAsWriter(
        nodes,
        `UPDATE relying_parties SET metadata = metadata || jsonb_build_object('name_da', $2::text) WHERE client_id = $1`,
        [clientId, WORDS],
      );
      return await isMailed(nodes, { relyingParty: clientId, at: '2026-07-01T07:59:59.999Z' });
    },
  },
  {
    name: 'words of theirs come in a mail, as a detail of it',
    heldBefore: true,
    walk: async (nodes) =>
      await isMailed(nodes, { relyingParty: 'demo-netbank', at: `2026-07-01T07:59:59.999Z ${WORDS}` }),
  },
  {
    name: 'the consent of another is written for them',
    walk: async (nodes) => {
      const { victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes, { trusted: false });
      await runAsWriter(
        nodes,
        `INSERT INTO consents (identity_id, client_id, scopes, given_at)
         VALUES ($1, $2, '{openid,profile,ssn}', now())`,
        [victim.identityId, rp.clientId],
      );
      const browser = new TestBrowser(nodes);
      const keyPage = await toKeyPage(browser, victim, authRequest(rp, WITH_CPR));
      return codeOf(await browser.send(keyPage, { key: keyFor(victim, keyPage) })) !== null;
    },
  },
  {
    name: 'the card letter of another is sent to their address',
    heldBefore: true,
    walk: async (nodes) => {
      const own = await aPerson(nodes);
      const identityId = await issueApplication(nodes);
      const { keys } = await readDeliveredLetters(nodes, identityId);
      await runAsWriter(
        nodes,
        `UPDATE letters SET identity_id = $2 WHERE identity_id = $1 AND kind = 'welcome'`,
        [identityId, own.identityId],
      );
      await sendAllLetters(nodes);
      const [label = '', key = ''] = [...keys][0] ?? [];
      const sent = await printedLetters(nodes, own.fullName);
      return sent.some((letter) => (letter['keys'] as Record<string, string> | undefined)?.[label] === key);
    },
  },
  {
    name: 'a temporary password that they made is in the letter of another',
    walk: async (nodes) => {
      const identityId = await issueApplication(nodes);
      await sendAllLetters(nodes);
      const { idNumber } = await readDeliveredLetters(nodes, identityId);
      const temporaryPassword = 'abcdefghjkmn';
      const made = await hash(temporaryPassword, CHEAP);
      const values = [identityId, made];
      await runAsWriter(
        nodes,
        `UPDATE letters SET password_hash = $2 WHERE identity_id = $1 AND kind = 'password'`,
        values,
      );
      const page = await startActivation(new TestBrowser(nodes), { idNumber, temporaryPassword });
      return page.page === 'activate-key';
    },
  },
  {
    name: 'their own activation becomes that of another: user ID and password are chosen for them',
    walk: async (nodes) => {
      const identityId = await issueApplication(nodes);
      const own = await waitForLetters(nodes, identityId);
      const victim = await aPerson(nodes);
      const low = await aRelyingParty(nodes, { min_acr: LOW });
      const browser = new TestBrowser(nodes);
      const choose = await toChoosePage(browser, own);
      await runAsWriter(nodes, 'UPDATE activations SET identity_id = $2 WHERE identity_id = $1', [
        identityId,
        victim.identityId,
      ]);
      const chosen = {
        userId: `valgt-${randomBytes(4).toString('hex')}`,
        password: 'et kodeord som de kender',
      };
      await browser.send(choose, { ...chosen, terms: '1', understood: '1' });
      const page = await toKeyPage(new TestBrowser(nodes), chosen, authRequest(low, { acr_values: LOW }));
      return codeOf(page) !== null || page.page === 'key' || page.page === 'consent';
    },
  },
  {
    name: 'the application of another becomes theirs, and is in the file of their own data',
    walk: async (nodes) => {
      const own = await aPerson(nodes);
      const submission = composeApplication();
      const identityId = await issueApplication(nodes, submission);
      await runAsWriter(nodes, 'UPDATE applications SET identity_id = $2 WHERE identity_id = $1', [
        identityId,
        own.identityId,
      ]);
      const browser = new TestBrowser(nodes);
      await signInAt(browser, own, '/self-service');
      const file = await browser.send(await browser.follow('/self-service/data'), {});
      return file.text.includes(submission.application.identification?.number ?? 'none');
    },
  },
  {
    name: 'a blocked ID is opened again',
    walk: async (nodes) => {
      const { victim } = await createTwoPeople(nodes);
      const rp = await aRelyingParty(nodes);
      await blockTarget(nodes.context, victim.identityId, 'identity', { by: 'person' });
      await runAsWriter(nodes, `UPDATE identities SET blocked_at = NULL, ended_at = NULL WHERE id = $1`, [
        victim.identityId,
      ]);
      await runAsWriter(nodes, `UPDATE key_cards SET state = 'active' WHERE id = $1`, [victim.cardId]);
      return (await tryToSignIn(nodes, victim, authRequest(rp))) !== null;
    },
  },
];

async function endAll(nodes: Nodes, { identityId }: TestPerson): Promise<void> {
  await nodes.context.database.transaction((db) =>
    endIdentity(db, identityId, { block: false, now: nodes.clock.now() }),
  );
}
