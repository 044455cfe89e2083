/**
 * A key that is locked while it is verified: the response time does not reveal a right one, because the
 * response to a right one is prepared for both. Read as open and decided as locked, as when other requests
 * used up the attempts in between. Measured while no other test runs.
 */
import { expect, test } from '@jest/globals';
import { hashKeySubject } from '../../src/features/authentication/attemptSubjectHashes.ts';
import {
  anotherKey,
  aPerson,
  authRequest,
  TestBrowser,
  cardOf,
  countVerdicts,
  keyOnPage,
  type BrowserPage,
  takeOut,
  type TestPerson,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const EACH = 300;
const DAY_MS = 24 * 3_600_000;

const nodes = useNodes();
const rp = useRelyingParty(nodes);

interface AtKeyPage {
  readonly person: TestPerson;
  readonly browser: TestBrowser;
  readonly page: BrowserPage;
  readonly keys: { readonly right: string; readonly wrong: string };
}

async function lockedAtKeyPage(): Promise<AtKeyPage> {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const page = await toKeyPage(browser, person, authRequest(rp));
  const right = await keyOnPage(nodes, page);
  await nodes.database.query(
    `INSERT INTO attempts (subject, tries, wrong, in_a_row, counted_at, expires_at)
     VALUES ($1, 5, 5, 5, $2::timestamptz, $2::timestamptz + interval '8 hours')`,
    [hashKeySubject(nodes.context, person.identityId), nodes.clock.now()],
  );
  return { person, browser, page, keys: { right, wrong: anotherKey(right) } };
}

/**
 * How many standard deviations the times of one kind are later than those of the other, by their ranks
 * (Mann-Whitney z).
 */
function zOf(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((ms) => ({ ms, isOne: true })), ...other.map((ms) => ({ ms, isOne: false }))];
  all.sort((a, b) => a.ms - b.ms);
  const ranks = all.reduce((sum, { isOne }, i) => (isOne ? sum + i + 1 : sum), 0);
  const [n, m] = [one.length, other.length];
  return (ranks - (n * (n + m + 1)) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** @param isMade whether the response to a right key is prepared for this kind */
async function measure(isMade: (kind: 'right' | 'wrong') => boolean): Promise<{ z: number; report: string }> {
  const { person, browser, page, keys } = await lockedAtKeyPage();
  const before = await cardOf(nodes, person);
  const asRead = takeOut(nodes, 'k.tries AS k_tries', 'NULL::int AS k_tries');
  const timeOf = async (kind: 'right' | 'wrong', form: string) => {
    // A sign-in that has ended when the next step is determined: no response is prepared for it.
    const late = new Date(nodes.clock.now().getTime() + DAY_MS);
    if (!isMade(kind)) nodes.clock.now = () => late;
    const startedAt = performance.now();
    const answer = await browser.post(page, { form, key: keys[kind] });
    const took = performance.now() - startedAt;
    Reflect.deleteProperty(nodes.clock, 'now');
    expect(answer.status).toBe(303);
    return took;
  };
  const times = { right: [] as number[], wrong: [] as number[] };
  const verdicts = await countVerdicts(nodes, async () => {
    for (let i = 0; i < 20; i += 1) await timeOf(i % 2 ? 'right' : 'wrong', `warm-up-${i}`.padEnd(43, '-'));
    for (let i = 0; i < EACH; i += 1) {
      // Alternating, so that neither always comes first.
      const order = i % 2 ? (['right', 'wrong'] as const) : (['wrong', 'right'] as const);
      for (const kind of order) times[kind].push(await timeOf(kind, `${kind}-${i}`.padEnd(43, '-')));
    }
  });
  asRead();
  expect([...verdicts]).toEqual([['locked', 2 * EACH + 20]]);
  expect(await cardOf(nodes, person)).toEqual(before);
  const z = zOf(times.right, times.wrong);
  return { z, report: `medians ${median(times.right)} and ${median(times.wrong)} ms, z ${z.toFixed(2)}` };
}

function median(values: readonly number[]): string {
  return ([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(2);
}

test('a right key that is decided as locked takes as long as a wrong one', async () => {
  const { z, report } = await measure(() => true);
  console.info(`locked and right, locked and wrong: ${report}`);
  expect(Math.abs(z)).toBeLessThan(3);
});

test('control: where the code is made only for right keys, the response time reveals it', async () => {
  const { z, report } = await measure((kind) => kind === 'right');
  console.info(`control, made for right ones alone: ${report}`);
  expect(z).toBeGreaterThan(6);
});
