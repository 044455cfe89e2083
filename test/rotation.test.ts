/**
 * Signing keys rotate during sign-ins of relying parties that cache them. A few times here, ten in the proof.
 */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  askToLogOut,
  authRequest,
  TestBrowser,
  hiddenFields,
  jwksOf,
  Nodes,
  PATIENT,
  readReturnedCode,
  rotateKeysByCommand,
  signerOf,
  StrictVerifier,
  type TestPerson,
  type TestRelyingParty,
  type TokenResponse,
  tokensFor,
  untilShown,
} from './support/index.ts';

const ROTATIONS = Number(process.env['NOEGLE_TEST_ROTATIONS'] ?? 2);

describe('relying parties that cache keys as the standards allow', () => {
  let nodes: Nodes;
  beforeAll(async () => {
    const rules = { ...PATIENT, signingKeys: { cachedSeconds: 1 } };
    nodes = await Nodes.start({ count: 2, follow: true, rules });
  });
  afterAll(() => nodes.close());

  test(`keys rotate ${ROTATIONS} times during sign-ins: none fails, and an old id_token_hint still logs out`, async () => {
    const es = await aRelyingParty(nodes);
    const rs = await aRelyingParty(nodes, { id_token_signed_response_alg: 'RS256' });
    const rps = [es, rs, es, rs];
    const people = await Promise.all(Array.from({ length: rps.length * 3 }, () => aPerson(nodes)));
    const verifiers = rps.map((_, i) => new StrictVerifier(nodes, i));
    for (const verifier of verifiers) {
      await verifier.fetch();
      await setTimeout(230);
    }
    const failures: string[] = [];
    const signers = new Map(rps.map((rp) => [rp, new Set<string>()]));
    const firsts: { tokens: TokenResponse; rp: TestRelyingParty; person: TestPerson }[] = [];
    let signIns = 0;
    const over = new AbortController();
    const signInAgainAndAgain = async (rp: TestRelyingParty, lane: number) => {
      for (let round = 0; !over.signal.aborted; round += 1) {
        const person = people[lane * 3 + (round % 3)] as TestPerson;
        try {
          const tokens = await tokensFor(nodes, rp, person, lane + round);
          await Promise.all(verifiers.map((one) => one.verify(tokens.id_token, rp.clientId)));
          signers.get(rp)?.add(signerOf(tokens));
          if (round === 0) firsts.push({ tokens, rp, person });
          signIns += 1;
        } catch (error) {
          failures.push(String(error));
        }
        await setTimeout(100);
      }
    };
    const lanes = rps.map(signInAgainAndAgain);
    const startedAt = performance.now();
    let refusals = 0;
    // A key without a sign-in proves nothing: each signs for both relying parties, even on a slow machine.
    const haveSigned = async (keys: number) => {
      const until = performance.now() + 60_000;
      const isBehind = (rp: TestRelyingParty) => (signers.get(rp)?.size ?? 0) < keys;
      const isEarly = () => firsts.length < rps.length || signIns <= 10 * keys || [es, rs].some(isBehind);
      while (isEarly() && performance.now() < until) await setTimeout(60);
    };
    for (let done = 0; done < ROTATIONS; ) {
      await haveSigned(done + 1);
      const rotation = await rotateKeysByCommand(nodes, { now: false, node: done });
      if (rotation.kind === 'rotated') done += 1;
      else refusals += 1;
      if (rotation.kind === 'rotated') expect(rotation.riskUntil).toBeNull();
      await setTimeout(60);
    }
    await haveSigned(ROTATIONS + 1);
    over.abort();
    await Promise.all(lanes);
    const [fetched, verified] = (['fetched', 'verified'] as const).map((what) =>
      verifiers.reduce((sum, one) => sum + one[what], 0),
    );
    console.info(
      `${ROTATIONS} rotations in ${Math.round(performance.now() - startedAt)} ms, tried too early ${refusals} times; ` +
        `${signIns} sign-ins, ${verified} verifications with ${fetched} fetches, ${failures.length} failures`,
    );
    expect(failures).toEqual([]);
    // Ten with each key, and more on a quick machine.
    expect(signIns).toBeGreaterThan(10 * (ROTATIONS + 1));
    // Each key has signed, the first and the current one included.
    for (const rp of [es, rs]) expect(signers.get(rp)?.size).toBe(ROTATIONS + 1);

    expect(firsts).toHaveLength(rps.length);
    const first = firsts.map(({ tokens }) => signerOf(tokens));
    await nodes.database.query(
      `UPDATE signing_keys SET since = since - interval '2 hours' WHERE kid = ANY($1) AND state = 'retired'`,
      [first],
    );
    for (const node of [0, 1]) {
      await untilShown(nodes, node, (kids) => !first.some((kid) => kids.includes(kid)));
      expect((await jwksOf(nodes, node)).kids).toHaveLength(2 * (2 + ROTATIONS - 1));
    }
    for (const { tokens, rp, person } of firsts) {
      const browser = new TestBrowser(nodes);
      await tokensFor(nodes, rp, person, 0, browser);
      for (let turn = 0; turn < 2; turn += 1) {
        // The authorization endpoint accepts it too: it names the same person, who is signed in.
        const hint = { prompt: 'none', id_token_hint: tokens.id_token };
        expect(readReturnedCode(await browser.request(authRequest(rp, hint).path)).get('code')).toBeTruthy();
      }
      const pages = [
        await askToLogOut(browser, tokens.id_token),
        await askToLogOut(browser, tokens.id_token),
      ];
      expect(pages.map(({ page }) => page)).toEqual(['logout', 'logout']);
      const action = /action="([^"]+)"/.exec(pages[1]?.text ?? '')?.[1] ?? '';
      const form = { ...hiddenFields(pages[1] ?? { text: '' }), logout: 'yes' };
      expect((await browser.request(action, { form })).status).toBe(303);
      expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
    }
  });
});
