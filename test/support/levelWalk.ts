/** Walks combinations of docs/reference/levels.md: from the authorization request to the ID token. */
import { LOW, SUBSTANTIAL } from '../../src/domain/signIn/levels.ts';
import { TestBrowser } from './browser.ts';
import { authRequest, keyFor, payloadOf, redeemCode, signInAtNode } from './flow.ts';
import { LEVELS, type LevelCase, type LevelName, type LevelOutcome, type SessionKind } from './levelTable.ts';
import { readSession, restoreSession, type LevelSession } from './levelSession.ts';
import type { Nodes } from './nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './people.ts';

export const URIS: Record<string, string> = {
  Low: LOW,
  Substantial: SUBSTANTIAL,
  High: 'https://data.gov.dk/concept/core/nsis/loa/High',
};
/** The names of the tables for the levels. */
export const NAMES = new Map(Object.entries(URIS).map(([name, uri]) => [uri, name]));
const AGES: Record<string, number> = { young: 20, old: 600 };
/** Of the 148 on the card; the rest is left so that no new card interferes. */
export const KEYS_TO_USE = 110;
/** Pages and redirects after which a walk counts as a loop. */
export const STEPS_AT_MOST = 6;

/** A person with a session of one kind, which can be restored after every walk. */
interface Sitter {
  readonly person: TestPerson;
  readonly browser: TestBrowser;
  readonly row: LevelSession | null;
  keysUsed: number;
}

export class LevelWalk {
  readonly #nodes: Nodes;
  readonly #rps: ReadonlyMap<string, TestRelyingParty>;
  readonly #low: TestRelyingParty;
  readonly #sitters = new Map<string, Sitter>();

  private constructor(nodes: Nodes, rps: ReadonlyMap<string, TestRelyingParty>, low: TestRelyingParty) {
    this.#nodes = nodes;
    this.#rps = rps;
    this.#low = low;
  }

  static async prepare(nodes: Nodes): Promise<LevelWalk> {
    const rps = new Map<string, TestRelyingParty>();
    for (const minimum of LEVELS) {
      for (const minimumProofing of LEVELS) {
        for (const fresh of [false, true]) {
          const levels = { min_acr: URIS[minimum], min_proofing: URIS[minimumProofing] };
          const registration = { ...(levels as { min_acr: typeof LOW }), require_fresh_key: fresh };
          rps.set(
            nameRegistration(minimum, minimumProofing, fresh),
            await aRelyingParty(nodes, registration),
          );
        }
      }
    }
    return new LevelWalk(nodes, rps, await aRelyingParty(nodes, { min_acr: LOW }));
  }

  /** @returns the outcome. @throws when the walk does not end */
  async walk(one: LevelCase): Promise<LevelOutcome> {
    const sitter = await this.#sitterFor(one);
    const browser = await this.#sitDown(sitter, one.session);
    const name = nameRegistration(one.minimum, one.minimumProofing, one.freshKey);
    const rp = this.#rps.get(name) as TestRelyingParty;
    const request = authRequest(rp, { scope: 'openid', ...parameters(one) });
    const asked: string[] = [];
    let page = await browser.follow(request.path);
    while (!page.headers.location) {
      if (page.page === 'refused') {
        page = await browser.send(page, { cancel: '1' });
        continue;
      }
      asked.push(page.page ?? String(page.status));
      if (asked.length > STEPS_AT_MOST) throw new Error(`a loop: ${asked.join(', ')}`);
      if (page.page === 'password') {
        const { userId, password } = sitter.person;
        page = await browser.send(page, { userId, password });
      } else if (page.page === 'key') {
        sitter.keysUsed += 1;
        page = await browser.send(page, { key: keyFor(sitter.person, page) });
      } else if (page.page === 'consent') page = await browser.send(page, { accept: '1' });
      else throw new Error(`page ${page.page} (${page.status})`);
    }
    const returned = new URL(page.headers.location).searchParams;
    const code = returned.get('code');
    if (!code) return { asked, end: returned.get('error') ?? 'nothing' };
    const tokens = await redeemCode(this.#nodes, rp, code, request.verifier);
    return { asked, end: NAMES.get(String(payloadOf(tokens.id_token)['acr'])) ?? 'no level' };
  }

  async #sitterFor({ session: kind, proofing }: LevelCase): Promise<Sitter> {
    const name = `${proofing}: ${kind}`;
    const known = this.#sitters.get(name);
    if (known && known.keysUsed < KEYS_TO_USE) return known;
    const person = await aPerson(this.#nodes, { proofing });
    const browser = new TestBrowser(this.#nodes);
    const row = kind === 'none' ? null : await this.#beginSession(person, browser, kind);
    const sitter = { person, browser, row, keysUsed: 1 };
    this.#sitters.set(name, sitter);
    return sitter;
  }

  async #beginSession(person: TestPerson, browser: TestBrowser, kind: SessionKind): Promise<LevelSession> {
    const isPassword = kind.startsWith('password,');
    const acr_values = isPassword ? LOW : SUBSTANTIAL;
    const request = authRequest(this.#low, { scope: 'openid', acr_values });
    if (isPassword) {
      const page = await browser.follow(request.path);
      const end = await browser.send(page, { userId: person.userId, password: person.password });
      if (!end.headers.location) throw new Error(`no session at Low but page ${end.page}`);
    } else await signInAtNode(browser, person, request);
    return await readSession(this.#nodes, person.identityId);
  }

  /** Restores the session, with the age of its kind; what was issued from it since is ended. */
  async #sitDown({ browser, row }: Sitter, kind: SessionKind): Promise<TestBrowser> {
    return await restoreSession(this.#nodes, browser, row, AGES[kind.split(', ')[1] ?? ''] ?? 0);
  }
}

function nameRegistration(minimum: LevelName, minimumProofing: LevelName, freshKey: boolean): string {
  return [minimum, minimumProofing, freshKey].join(' ');
}

function parameters({ request, maxAge, prompt }: LevelCase): Record<string, string> {
  const uri = URIS[request.replace('essential ', '')];
  const essential = { id_token: { acr: { essential: true, values: [uri] } } };
  return {
    ...(request.startsWith('essential')
      ? { claims: JSON.stringify(essential) }
      : uri
        ? { acr_values: uri }
        : {}),
    ...(maxAge === null ? {} : { max_age: String(maxAge) }),
    ...(prompt === null ? {} : { prompt }),
  };
}
