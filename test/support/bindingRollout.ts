/**
 * Two nodes change the binding mode (row MACs), forth and back, while people sign in and change rows that the
 * MAC covers.
 */
import { expect } from '@jest/globals';
import type { BindingMode } from '../../src/domain/rowMac.ts';
import { backfillRecordFacts } from '../../src/oidc/records/recordFactsBackfill.ts';
import { backfillRowMacs } from '../../src/db/binding/rowMacBackfill.ts';
import { choosePublicSites } from '../../src/features/identity/choosePublicSites.ts';
import { revokeSessionsOfPerson } from '../../src/features/sessions/sessions.ts';
import { TestBrowser } from './browser.ts';
import { signInAt } from './desk.ts';
import { authRequest, redeemCode, refreshTokens, readReturnedCode, signInAtNode, userinfo } from './flow.ts';
import { Nodes } from './nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './people.ts';

/**
 * The modes of both nodes, set one after the other; `fill` is the command that an operator runs in between.
 */
export type RolloutStep = readonly [BindingMode, BindingMode] | 'fill';

const STEPS: readonly RolloutStep[] = [
  ['read', 'read'],
  ['write', 'read'],
  ['write', 'write'],
  'fill',
  ['require', 'write'],
  ['require', 'require'],
  ['require', 'write'],
  ['write', 'write'],
  ['read', 'write'],
  ['read', 'read'],
  ['read', 'write'],
  ['write', 'write'],
  'fill',
  ['write', 'require'],
  ['require', 'require'],
];

interface RolloutGuest {
  readonly browser: TestBrowser;
  readonly selfService: TestBrowser;
  refreshToken: string;
  readonly accessToken: string;
}

export class BindingRollout {
  readonly failures: string[] = [];
  readonly #steps: readonly RolloutStep[];
  signIns = 0;
  readonly #modes: [BindingMode, BindingMode] = ['read', 'read'];
  #nodes: Nodes | null = null;
  #people: TestPerson[] = [];
  #bank: TestRelyingParty | null = null;
  #site: TestRelyingParty | null = null;

  constructor(steps = STEPS) {
    this.#steps = steps;
  }

  get nodes(): Nodes {
    if (!this.#nodes) throw new Error('not begun');
    return this.#nodes;
  }

  async begin(people: number): Promise<void> {
    this.#nodes = await Nodes.start({ count: 2, binding: (node) => this.#modes[node] ?? 'read' });
    this.#people = await Promise.all(Array.from({ length: people }, () => aPerson(this.nodes)));
    this.#bank = await aRelyingParty(this.nodes, { kind: 'bank' });
    this.#site = await aRelyingParty(this.nodes, { trusted: false });
  }

  /** @param perStep sign-ins at each step, four at a time; they continue while nodes come and go */
  async walk(perStep: number): Promise<void> {
    const guests = [await this.#arrive(0)];
    for (const [number, step] of this.#steps.entries()) {
      const moved = step === 'fill' ? this.#fill() : this.#roll(step);
      const progress = { begun: 0, isMoved: false };
      const lane = async () => {
        while (progress.begun < perStep || !progress.isMoved) {
          const turn = progress.begun++;
          await this.#signIn(turn).catch((error: unknown) =>
            this.failures.push(`${number}: ${String(error)}`),
          );
        }
      };
      const lanes = Promise.all(Array.from({ length: 4 }, lane));
      await moved.finally(() => (progress.isMoved = true));
      await lanes;
      await this.#change(number);
      for (const guest of guests) {
        await this.#stay(guest).catch((error: unknown) =>
          this.failures.push(`${number}, stays: ${String(error)}`),
        );
      }
      guests.push(await this.#arrive(number + 1));
    }
  }

  async #roll(to: readonly [BindingMode, BindingMode]): Promise<void> {
    for (const index of [0, 1] as const) {
      if (this.#modes[index] === to[index]) continue;
      this.#modes[index] = to[index];
      await this.nodes.replaceOne(index);
    }
  }

  async #fill(): Promise<void> {
    const { database, keyring } = this.nodes.node(0).app.context;
    const pause = async () => await new Promise<void>((resolve) => setTimeout(resolve, 20));
    const reports = [
      ...(await backfillRowMacs(database, { onlyLook: false, pause })),
      await backfillRecordFacts({ database, keyring }, { onlyLook: false }),
    ];
    expect(reports.map(({ row, wrong }) => [row, wrong])).toEqual(reports.map(({ row }) => [row, 0]));
  }

  /** Password, key, code, tokens, claims: over both nodes. */
  async #signIn(turn: number): Promise<void> {
    const person = this.#person(turn);
    const rp = turn % 2 ? this.#bank : this.#site;
    if (!rp) throw new Error('not begun');
    const request = authRequest(rp, { scope: 'openid profile ssn' });
    const code = (await signInAtNode(new TestBrowser(this.nodes, turn), person, request)).get('code') ?? '';
    const tokens = await redeemCode(this.nodes, rp, code, request.verifier, turn + 1);
    if (tokens.status !== 200) throw new Error(`tokens: ${tokens.status} ${tokens.error}`);
    const claims = await userinfo(this.nodes, tokens.access_token, turn);
    if (!claims.text.includes(person.cpr)) throw new Error(`claims: ${claims.status}`);
    this.signIns += 1;
  }

  /** Changes covered rows, on one node and on the other. The last two people are not guests. */
  async #change(number: number): Promise<void> {
    for (const node of [0, 1]) {
      const { context } = this.nodes.node(node).app;
      const { identityId } = this.#person(this.#people.length - 1 - node);
      await choosePublicSites(context, identityId, false);
      await choosePublicSites(context, identityId, true);
      await revokeSessionsOfPerson(context, { identityId, uid: `none ${number}` });
    }
  }

  async #arrive(number: number): Promise<RolloutGuest> {
    const person = this.#person(number);
    const rp = this.#site;
    if (!rp) throw new Error('not begun');
    const [browser, selfService] = [
      new TestBrowser(this.nodes, number),
      new TestBrowser(this.nodes, number + 1),
    ];
    const request = authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' });
    const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
    const tokens = await redeemCode(this.nodes, rp, code, request.verifier);
    expect((await signInAt(selfService, person, '/self-service')).page).toBe('self-home');
    return {
      browser,
      selfService,
      refreshToken: tokens.refresh_token ?? '',
      accessToken: tokens.access_token,
    };
  }

  /** No session ends: at a relying party, at a first-party client, and with a refresh token. */
  async #stay(guest: RolloutGuest): Promise<void> {
    const rp = this.#site;
    if (!rp) throw new Error('not begun');
    const silent = await guest.browser.follow(authRequest(rp, { scope: 'openid', prompt: 'none' }).path);
    if (!readReturnedCode(silent).get('code'))
      throw new Error(`no code, but ${readReturnedCode(silent).get('error')}`);
    const home = await guest.selfService.follow('/self-service');
    if (home.page !== 'self-home') throw new Error(`self-service is ${home.page} (${home.status})`);
    const next = await refreshTokens(this.nodes, rp, guest.refreshToken);
    if (next.status !== 200) throw new Error(`refresh: ${next.status} ${next.error}`);
    guest.refreshToken = next.refresh_token ?? guest.refreshToken;
    const claims = await userinfo(this.nodes, guest.accessToken);
    if (claims.status !== 200) throw new Error(`access token: ${claims.status}`);
  }

  #person(turn: number): TestPerson {
    const person = this.#people[turn % this.#people.length];
    if (!person) throw new Error('not begun');
    return person;
  }
}
