/** What people do while versions are replaced. Each throws when an answer is not the expected one. */
import { TestBrowser, type BrowserPage } from './browser.ts';
import { signInAt } from './desk.ts';
import {
  authRequest,
  keyFor,
  readReturnedCode,
  redeemCode,
  refreshTokens,
  signInAtNode,
  toKeyPage,
} from './flow.ts';
import { logOut, tokensAt } from './logout.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';
import type { UpgradeInstallation } from './upgradeInstallation.ts';

/** A person who stays: at a relying party, at self-service, and with a refresh token. */
export interface UpgradeGuest {
  readonly since: string;
  readonly browser: TestBrowser;
  readonly selfService: TestBrowser;
  refreshToken: string;
}

const SILENT = { scope: 'openid', prompt: 'none' };

function registered(rp: TestRelyingParty | null): TestRelyingParty {
  if (!rp) throw new Error('the relying party is not registered yet');
  return rp;
}

/** The whole sign-in with its tokens, through the proxy. */
export async function signInOnce(on: UpgradeInstallation, person: TestPerson): Promise<void> {
  const [bank, site] = [registered(on.bank), on.site()];
  const login = authRequest(bank);
  const code = (await signInAtNode(new TestBrowser(site), person, login)).get('code') ?? '';
  const tokens = await redeemCode(site, bank, code, login.verifier);
  if (tokens.status !== 200) throw new Error(`token endpoint: ${tokens.status} ${tokens.error}`);
}

export async function arriveAsGuest(
  on: UpgradeInstallation,
  person: TestPerson,
  since: string,
): Promise<UpgradeGuest> {
  const site = on.site();
  const [browser, selfService] = [new TestBrowser(site), new TestBrowser(site)];
  const scope = { scope: 'openid offline_access', prompt: 'consent' };
  const { refresh_token = '' } = await tokensAt(site, browser, person, registered(on.town), scope);
  const home = await signInAt(selfService, person, '/self-service');
  if (home.page !== 'self-home') throw new Error(`self-service is ${home.page} (${home.status})`);
  return { since, browser, selfService, refreshToken: refresh_token };
}

/** No session and no refresh token ends because a version is replaced. */
export async function stayAsGuest(on: UpgradeInstallation, guest: UpgradeGuest): Promise<void> {
  const town = registered(on.town);
  const answer = readReturnedCode(await guest.browser.follow(authRequest(town, SILENT).path));
  if (!answer.get('code')) throw new Error(`no code, but ${answer.get('error')}`);
  const home = await guest.selfService.follow('/self-service');
  if (home.page !== 'self-home') throw new Error(`self-service is ${home.page} (${home.status})`);
  const next = await refreshTokens(on.site(), town, guest.refreshToken);
  if (next.status !== 200) throw new Error(`refresh: ${next.status} ${next.error}`);
  guest.refreshToken = next.refresh_token ?? guest.refreshToken;
}

/** @returns the session that the relying party has to be notified of, by the worker of either version */
export async function signInAndOut(on: UpgradeInstallation, person: TestPerson): Promise<unknown> {
  const [town, site] = [registered(on.town), on.site()];
  const browser = new TestBrowser(site);
  const { sid, id_token } = await tokensAt(site, browser, person, town, { scope: 'openid' });
  await logOut(browser, { id_token_hint: id_token });
  const answer = readReturnedCode(await browser.follow(authRequest(town, SILENT).path));
  if (answer.get('error') !== 'login_required') throw new Error('the session did not end');
  return sid;
}

/** One key in two browsers, then one code, sent to both nodes at the same time: each is accepted once. */
export async function useAtBothNodes(on: UpgradeInstallation, person: TestPerson): Promise<void> {
  const bank = registered(on.bank);
  const attempts: { browser: TestBrowser; page: BrowserPage; verifier: string }[] = [];
  for (const node of [0, 1]) {
    const [browser, login] = [new TestBrowser(on.site(node)), authRequest(bank)];
    const page = await toKeyPage(browser, person, login);
    attempts.push({ browser, page, verifier: login.verifier });
  }
  const keys = attempts.map(({ page }) => keyFor(person, page));
  if (keys[0] !== keys[1]) throw new Error('the nodes ask for different keys');
  const answers = await Promise.all(
    attempts.map(async ({ browser, page, verifier }) => {
      const answer = await browser.send(page, { key: keys[0] ?? '' });
      const isAccepted = answer.headers.location?.includes('code=') ?? false;
      return isAccepted ? [{ code: readReturnedCode(answer).get('code') ?? '', verifier }] : [];
    }),
  );
  const [accepted, ...more] = answers.flat();
  if (!accepted || more.length > 0) throw new Error(`a key was accepted ${answers.flat().length} times`);
  const redeemed = await Promise.all(
    [0, 1].map((node) => redeemCode(on.site(node), bank, accepted.code, accepted.verifier)),
  );
  const statuses = redeemed.map(({ status }) => String(status)).sort();
  if (statuses.join() !== '200,400') throw new Error(`a code at both nodes: ${statuses.join()}`);
}
