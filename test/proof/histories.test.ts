/**
 * Random histories on two nodes, compared with a model: people sign in right and wrong, answer stale pages,
 * give up, and nodes restart. Never: a key accepted twice, a spent count that falls, a sign-in without a
 * right key.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  aPerson,
  authRequest,
  TestBrowser,
  challengeOf,
  keyFor,
  type BrowserPage,
  redeemCode,
  type TestPerson,
  toKeyPage,
  IS_WHOLE_PROOF,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

const STEPS = [
  'open',
  'right',
  'wrong',
  'malformed',
  'twice',
  'stale',
  'cancel',
  'reload',
  'restart',
  'wait',
  'wear-out',
] as const;
type ProofStepName = (typeof STEPS)[number];

/** The current page of one person, and the model of the card. */
class History {
  readonly person: TestPerson;
  readonly accepted: string[] = [];
  readonly counts = new Map<string, number>();
  #browser: TestBrowser;
  #page: BrowserPage | null = null;
  #old: BrowserPage | null = null;
  #spent = 0;

  constructor(person: TestPerson) {
    this.person = person;
    this.#browser = new TestBrowser(nodes);
  }

  async take(step: ProofStepName): Promise<void> {
    const happened = await this.#act(step);
    this.counts.set(happened, (this.counts.get(happened) ?? 0) + 1);
    const [card] = await nodes.database.query<{ spent: number }>(
      'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE id = $1',
      [this.person.cardId],
    );
    const spent = card?.spent ?? 0;
    expect(spent).toBeGreaterThanOrEqual(this.#spent);
    this.#spent = spent;
    expect(spent).toBe(this.accepted.length);
    expect(new Set(this.accepted).size).toBe(this.accepted.length);
  }

  async #act(step: ProofStepName): Promise<string> {
    if (step === 'restart') {
      await nodes.restart();
      return 'restart';
    }
    if (step === 'wait') {
      nodes.clock.forward(8 * 3_600_000 + 30_000);
      this.#page = null;
      return 'wait';
    }
    if (step === 'open' || !this.#page) {
      if (this.#page?.page === 'key') this.#old = this.#page;
      // A browser that is signed in would not be asked for anything.
      this.#browser = new TestBrowser(nodes);
      this.#page = await toKeyPage(this.#browser, this.person, authRequest(rp));
      return `open: ${this.#page.page}`;
    }
    if (this.#page.page !== 'key') {
      this.#page = null;
      return 'left';
    }
    switch (step) {
      case 'right':
        return await this.#answer(this.#page, keyFor(this.person, this.#page), 'right');
      case 'wrong':
        return await this.#answer(this.#page, other(keyFor(this.person, this.#page)), 'wrong');
      case 'wear-out': {
        let page = this.#page;
        for (let i = 0; i < 6 && page.page === 'key'; i += 1) {
          page = await this.#browser.send(page, { key: other(keyFor(this.person, page)) });
        }
        // Ten in a row, over all locks, block the card; after that it can no longer be used.
        expect(['locked', 'refused']).toContain(page.page);
        this.#page = null;
        return `wear-out: ${page.page}`;
      }
      case 'malformed':
        return await this.#answer(this.#page, '12 34', 'malformed');
      case 'twice': {
        const key = keyFor(this.person, this.#page);
        const answers = await Promise.all(
          [1, 2, 3].map(() => this.#browser.post(this.#page as BrowserPage, { key })),
        );
        // After wrong ones fewer may be in flight: the others get 503.
        expect(answers.filter(({ status }) => status === 303).length).toBeGreaterThan(0);
        expect(answers.every(({ status }) => status === 303 || status === 503)).toBe(true);
        const codes = answers.flatMap((answer) => codeOf(answer) ?? []);
        expect(new Set(codes).size).toBeLessThanOrEqual(1);
        const end = answers.find((answer) => codeOf(answer) !== null);
        return await this.#settle(
          end ?? (await this.#browser.follow(this.#page.formUrl)),
          this.#page,
          'twice',
        );
      }
      case 'stale':
        if (!this.#old || this.#old.formUrl !== this.#page.formUrl) return 'nothing stale';
        return await this.#answer(this.#old, keyFor(this.person, this.#old), 'stale');
      case 'cancel': {
        const back = await this.#browser.send(this.#page, { cancel: '1' });
        expect(back.headers.location).toContain('user_cancelled');
        this.#page = null;
        return 'cancel';
      }
      case 'reload':
        this.#page = await this.#browser.follow(this.#page.formUrl);
        return `reload: ${this.#page.page}`;
    }
  }

  async #answer(page: BrowserPage, key: string, what: string): Promise<string> {
    return await this.#settle(await this.#browser.send(page, { key }), page, what);
  }

  async #settle(end: BrowserPage, answered: BrowserPage, what: string): Promise<string> {
    const code = codeOf(end);
    if (code) {
      nodes.secrets.add(code, 'code');
      expect(what).not.toBe('wrong');
      expect(what).not.toBe('malformed');
      this.accepted.push(challengeOf(answered).keyNumber);
      this.#page = null;
      return `${what}: signed in`;
    }
    this.#old = answered;
    this.#page = end;
    return `${what}: ${end.page}`;
  }
}

function codeOf({ headers: { location } }: BrowserPage): string | null {
  return location?.includes('code=') ? new URL(location).searchParams.get('code') : null;
}

function other(key: string): string {
  return String((Number(key) + 7) % 1_000_000).padStart(6, '0');
}

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<ProofStepName>('open', 'right', 'wrong', 'twice') },
    { weight: 3, arbitrary: fc.constantFrom<ProofStepName>('malformed', 'stale', 'cancel', 'reload') },
    { weight: 1, arbitrary: fc.constantFrom<ProofStepName>('wait', 'restart', 'wear-out') },
  ),
  { minLength: 30, maxLength: 60 },
);

/** Sixty take three minutes beside others. */
const MANY = IS_WHOLE_PROOF ? 60 : 12;

test(`${MANY} random histories of at least 30 steps`, async () => {
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const walked = new History(await aPerson(nodes));
      for (const step of history) await walked.take(step);
      for (const [what, many] of walked.counts) counts.set(what, (counts.get(what) ?? 0) + many);
    }),
    { numRuns: MANY, endOnFailure: true },
  );
  console.info(
    [...counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, many]) => `${what}: ${many}`)
      .join('\n'),
  );
  expect(counts.get('right: signed in')).toBeGreaterThan(20);
  expect(counts.get('wear-out: locked')).toBeGreaterThan(MANY / 12);
});

test('one key from 20 browsers, 30 times: always exactly one', async () => {
  for (let round = 0; round < 30; round += 1) {
    const person = await aPerson(nodes);
    const browsers = Array.from({ length: 20 }, (_, i) => new TestBrowser(nodes, i));
    const pages: BrowserPage[] = [];
    for (const browser of browsers) pages.push(await toKeyPage(browser, person, authRequest(rp)));
    const key = keyFor(person, pages[0] as BrowserPage);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (browsers[i % 20] as TestBrowser).post(pages[i % 20] as BrowserPage, { key }),
      ),
    );
    expect(new Set(answers.flatMap((answer) => codeOf(answer) ?? [])).size).toBe(1);
  }
});

test('one code, 50 redemptions, 30 times: one set of tokens each time', async () => {
  const person = await aPerson(nodes);
  for (let round = 0; round < 30; round += 1) {
    const browser = new TestBrowser(nodes, round);
    const request = authRequest(rp);
    const page = await toKeyPage(browser, person, request);
    const end = await browser.send(page, { key: keyFor(person, page) });
    const code = new URL(end.headers.location ?? '').searchParams.get('code') ?? '';
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => redeemCode(nodes, rp, code, request.verifier, i)),
    );
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
  }
});
