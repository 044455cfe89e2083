/** Walks combinations of docs/reference/levels.md about factors: from the request to the ID token. */
import { endSecurityKeys } from '../../src/db/factors/securityKeyLife.ts';
import { LOW } from '../../src/domain/signIn/levels.ts';
import { TestBrowser, type BrowserPage } from './browser.ts';
import { aCodeToken, type SoftToken } from './codeTokens.ts';
import {
  factorsGiven,
  type FactorCase,
  type FactorCombination,
  type FactorOutcome,
  type Given,
  type GivenBefore,
} from './factorTable.ts';
import { authRequest, keyFor, payloadOf, redeemCode, type TestAuthRequest } from './flow.ts';
import { readSession, restoreSession, type LevelSession } from './levelSession.ts';
import { LEVELS } from './levelTable.ts';
import { KEYS_TO_USE, NAMES, STEPS_AT_MOST, URIS } from './levelWalk.ts';
import type { Nodes } from './nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './people.ts';
import { aSecurityKey, sendAssertion, type HeldSecurityKey } from './securityKeys.ts';

/** A person with a session, which can be restored after every walk; what else they have changes with it. */
interface Sitter {
  readonly person: TestPerson;
  readonly browser: TestBrowser;
  readonly row: LevelSession | null;
  /** Once it has been walked with. It stays: no walk with another factor asks for it alone. */
  token: SoftToken | null;
  keysUsed: number;
}

/** How old the session is. */
const AGE_SECONDS = 20;

/** The errors of the codes, in which a walk ends. */
const ERRORS: Readonly<Record<string, string>> = {
  acr_unattainable: 'unmet_authentication_requirements',
  no_security_key: 'unmet_authentication_requirements',
  proofing_too_low: 'access_denied',
};

export class FactorWalk {
  readonly #nodes: Nodes;
  readonly #rps: ReadonlyMap<string, TestRelyingParty>;
  readonly #sitters = new Map<string, Sitter>();

  private constructor(nodes: Nodes, rps: ReadonlyMap<string, TestRelyingParty>) {
    this.#nodes = nodes;
    this.#rps = rps;
  }

  static async prepare(nodes: Nodes): Promise<FactorWalk> {
    const rps = new Map<string, TestRelyingParty>();
    for (const minimum of LEVELS) {
      for (const minimumProofing of LEVELS) {
        for (const isFresh of [false, true]) {
          const levels = { min_acr: URIS[minimum], min_proofing: URIS[minimumProofing] };
          const registration = { ...(levels as { min_acr: typeof LOW }), require_fresh_key: isFresh };
          const name = nameRegistration({ minimum, minimumProofing }, isFresh);
          rps.set(name, await aRelyingParty(nodes, registration));
        }
      }
    }
    return new FactorWalk(nodes, rps);
  }

  /**
   * @param how a `prompt`, or a registration that requires a fresh key
   * @returns the outcome; with `prompt=none` the error is the end. @throws when the walk does not end
   */
  async walk(one: FactorCase, how: 'none' | 'login' | 'fresh key' | null = null): Promise<FactorOutcome> {
    const sitter = await this.#sitterFor(one);
    const held = await this.#hold(sitter, one.given);
    if (one.given === 'password and code')
      sitter.token ??= await aCodeToken(this.#nodes, sitter.person, 'hotp');
    const browser = await restoreSession(this.#nodes, sitter.browser, sitter.row, AGE_SECONDS);
    const isFresh = how === 'fresh key';
    const rp = this.#rps.get(nameRegistration(one, isFresh)) as TestRelyingParty;
    const prompt: Record<string, string> = how === null || isFresh ? {} : { prompt: how };
    const request = authRequest(rp, { scope: 'openid', ...parameters(one), ...prompt });
    const asked: string[] = [];
    let page = await browser.follow(request.path);
    while (!page.headers.location) {
      if (page.page === 'refused') {
        page = await browser.send(page, { cancel: '1' });
        continue;
      }
      asked.push(page.page ?? String(page.status));
      if (asked.length > STEPS_AT_MOST) throw new Error(`a loop: ${asked.join(', ')}`);
      const next = await answerPage(browser, page, { sitter, given: one.given, held });
      if (typeof next === 'string') return { asked, end: next, amr: '' };
      page = next;
    }
    return { asked, ...(await this.#readEnd(rp, request, page.headers.location)) };
  }

  async #readEnd(rp: TestRelyingParty, request: TestAuthRequest, location: string) {
    const returned = new URL(location).searchParams;
    const code = returned.get('code');
    if (!code) {
      const error = returned.get('error') ?? 'nothing';
      const [reason = ''] = (returned.get('error_description') ?? '').split(':');
      if (error === 'login_required') return { end: error, amr: '' };
      return { end: ERRORS[reason] === error ? reason : `${error} ${reason}`, amr: '' };
    }
    const { id_token: idToken } = await redeemCode(this.#nodes, rp, code, request.verifier);
    const { acr, amr } = payloadOf(idToken);
    return { end: NAMES.get(String(acr)) ?? String(acr), amr: (amr as string[]).join(', ') };
  }

  /** The person has this security key, or none, and no other. */
  async #hold({ person }: Sitter, given: Given | GivenBefore): Promise<HeldSecurityKey | null> {
    const { identityId } = person;
    const options = { id: null, now: new Date(), reason: () => 'removed' as const };
    // Not as a person removes one: the session goes on.
    await this.#nodes.context.database.transaction((db) => endSecurityKeys(db, identityId, options));
    const kind = given === 'none' ? undefined : factorsGiven(given).at(-1);
    if (kind !== 'passkey' && kind !== 'security_key' && kind !== 'attested_key') return null;
    const synced = { synced: kind === 'passkey' };
    return await aSecurityKey(this.#nodes, person, synced, { isAttested: kind === 'attested_key' });
  }

  async #sitterFor({ session, proofing }: FactorCombination): Promise<Sitter> {
    const name = `${proofing}: ${session}`;
    const known = this.#sitters.get(name);
    if (known && known.keysUsed < KEYS_TO_USE) return known;
    const person = await aPerson(this.#nodes, { proofing });
    const fresh = { person, browser: new TestBrowser(this.#nodes), row: null, token: null, keysUsed: 1 };
    const sitter = session === 'none' ? fresh : { ...fresh, row: await this.#beginSession(fresh, session) };
    this.#sitters.set(name, sitter);
    return sitter;
  }

  async #beginSession(sitter: Sitter, given: Exclude<GivenBefore, 'none'>): Promise<LevelSession> {
    const { browser, person } = sitter;
    const rp = this.#rps.get(
      nameRegistration({ minimum: 'Low', minimumProofing: 'Low' }),
    ) as TestRelyingParty;
    const held = await this.#hold(sitter, given);
    const acr_values = given === 'password' ? LOW : String(URIS['Substantial']);
    let page = await browser.follow(authRequest(rp, { scope: 'openid', acr_values }).path);
    for (let step = 0; step < factorsGiven(given).length && !page.headers.location; step += 1) {
      const next = await answerPage(browser, page, { sitter, given, held });
      if (typeof next === 'string') throw new Error(`no session but ${next}`);
      page = next;
    }
    return await readSession(this.#nodes, person.identityId);
  }
}

interface Holdings {
  readonly sitter: Sitter;
  readonly given: Given;
  readonly held: HeldSecurityKey | null;
}

/** Gives a page what the person has for it. @returns the next page, or why there is none */
async function answerPage(
  browser: TestBrowser,
  page: BrowserPage,
  { sitter, given, held }: Holdings,
): Promise<BrowserPage | 'waits' | 'not accepted'> {
  const { person } = sitter;
  if (page.page === 'password' && given.startsWith('password')) {
    return await browser.send(page, { userId: person.userId, password: person.password });
  }
  if (page.page !== 'password' && page.page !== 'key') throw new Error(`page ${page.page} (${page.status})`);
  if (held) {
    const next = await sendAssertion(browser, page, held);
    return next.page === page.page && next.text.includes('alert-error') ? 'not accepted' : next;
  }
  if (given === 'password and code' && sitter.token) {
    const code = sitter.token.show();
    sitter.token.presses += 1;
    return await browser.send(page, { code });
  }
  if (given !== 'password and card key') return 'waits';
  sitter.keysUsed += 1;
  return await browser.send(page, { key: keyFor(person, page) });
}

type Registration = Pick<FactorCombination, 'minimum' | 'minimumProofing'>;

function nameRegistration({ minimum, minimumProofing }: Registration, isFresh = false): string {
  return [minimum, minimumProofing, isFresh].join(' ');
}

function parameters({ request }: FactorCombination): Record<string, string> {
  if (request === 'none') return {};
  const values = request
    .replace('essential ', '')
    .split(' ')
    .map((name) => URIS[name] ?? name);
  const essential = { id_token: { acr: { essential: true, values } } };
  return request.startsWith('essential')
    ? { claims: JSON.stringify(essential) }
    : { acr_values: values.join(' ') };
}
