/**
 * Unknown and wrong take the same time, and so do all locked cases: a locked one says so and is not hashed,
 * whether or not the user ID exists and for any input. In the proof, where no other test runs at the same
 * time: the difference of medians within one run is compared with what one case differs from itself.
 */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  authRequest,
  TestBrowser,
  type TestPerson,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const nodes = useNodes({ realHashes: true });
const rp = useRelyingParty(nodes);

test('unknown and wrong take the same time, and all that are locked', async () => {
  const people: TestPerson[] = [];
  for (let i = 0; i < 200; i += 1) people.push(await aPerson(nodes));
  // Locked beforehand, in the way that five wrong passwords do it.
  const locked = people.slice(0, 100);
  const lockedNames = Array.from({ length: 100 }, (_, i) => `nobody-locked-${i}`);
  const whose = [
    ...locked.map(({ identityId }) => `identity ${identityId}`),
    ...lockedNames.map((name) => `name ${name}`),
  ];
  for (const one of whose) {
    await nodes.database.query(
      `INSERT INTO attempts VALUES ($1, 5, 5, $2::timestamptz, $2::timestamptz + interval '8 hours')
       ON CONFLICT DO NOTHING`,
      [nodes.context.keyring.hmac('attempts', `password of ${one}`), nodes.clock.now()],
    );
  }

  const browser = new TestBrowser(nodes);
  const first = await browser.follow(authRequest(rp).path);
  let serial = 0;
  // The same form again would be recognised.
  const timeOf = async (userId: string, password = `not it at all ${(serial += 1)}`) => {
    const startedAt = performance.now();
    await browser.post(first, { userId, password });
    return performance.now() - startedAt;
  };
  const times: Record<'unknown' | 'wrong' | 'locked' | 'lockedRight' | 'lockedUnknown', number[]> = {
    unknown: [],
    wrong: [],
    locked: [],
    lockedRight: [],
    lockedUnknown: [],
  };
  for (let i = 0; i < 10; i += 1) await timeOf(`warm-up-${i}`);
  for (let i = 0; i < 300; i += 1) {
    const owner = people[i % 100];
    const cases = [
      ['unknown', `nobody-here-${i}`, undefined],
      ['wrong', people[100 + (i % 100)]?.userId ?? '', undefined],
      ['locked', owner?.userId ?? '', undefined],
      ['lockedRight', owner?.userId ?? '', owner?.password],
      ['lockedUnknown', lockedNames[i % 100] ?? '', undefined],
    ] as const;
    // Interleaved, and in rotation, so that no case always comes first.
    for (const turn of cases.keys()) {
      const [kind, userId, password] = cases[(i + turn) % cases.length] as (typeof cases)[number];
      times[kind].push(await timeOf(userId, password));
    }
  }

  const noise = Math.abs(median(half(times.wrong, 0)) - median(half(times.wrong, 1)));
  const allowed = Math.max(2 * noise, 1);
  const differences = {
    'unknown - wrong': median(times.unknown) - median(times.wrong),
    'locked and right - locked': median(times.lockedRight) - median(times.locked),
    'locked and unknown - locked': median(times.lockedUnknown) - median(times.locked),
  };
  console.info(`medians differ by ${JSON.stringify(differences)} ms; ${allowed.toFixed(2)} ms allowed`);
  for (const difference of Object.values(differences))
    expect(Math.abs(difference)).toBeLessThanOrEqual(allowed);
});

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function half(values: number[], parity: number): number[] {
  return values.filter((_, i) => i % 2 === parity);
}
