/**
 * Letters: each leaves exactly once, regardless of crashes and of the number of attempts; never a card and a
 * password on one day; one that cannot be sent is set aside and shown. With a real print house over HTTP,
 * which decrypts what it receives.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { nextBusinessDay, toDanishDay, isBusinessDay } from '../src/domain/calendar.ts';
import { DEFAULT_RULES } from '../src/domain/rules.ts';
import { applyCardCommand } from '../src/features/identity/cardCommands.ts';
import { changeCardFormatInTransaction } from '../src/features/identity/changeCardFormat.ts';
import { readCard } from '../src/features/identity/readCard.ts';
import { reportCardNotArrived } from '../src/features/identity/reportCardNotArrived.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { orderPasswordLetter } from '../src/features/identity/orderPasswordLetter.ts';
import { orderSignInCode } from '../src/features/signIn/signInCode/orderSignInCode.ts';
import { da } from '../src/ui/words/words.da.ts';
import { findCard } from '../src/db/cards/keyCards.ts';
import {
  aPerson,
  changeThreshold,
  freePort,
  Nodes,
  orderNewCard,
  postEnv,
  RunningNoegle,
  signInAt,
  takeOut,
  TestBrowser,
  type TestPerson,
  PATIENT_DATABASE_MS,
  longOnly,
  markOfRun,
} from './support/index.ts';
import { readLetterPdf } from './support/pdf.ts';
import { startPrintHouse, type PrintHouseServer } from './support/printHouseServer.ts';
import { startSmtpServer, type SmtpServer } from './support/smtpServer.ts';

const BY = { by: 'person' } as const;
let house: PrintHouseServer;
let mail: SmtpServer;
let nodes: Nodes;
beforeAll(async () => {
  [house, mail] = await Promise.all([startPrintHouse(), startSmtpServer()]);
  nodes = await Nodes.start({
    count: 2,
    rules: { ...DEFAULT_RULES, sendTries: 12 },
    post: {
      kind: 'sent',
      printUrl: house.url,
      cardKey: house.cardJwk,
      passwordKey: house.passwordJwk,
      mailUrl: mail.url,
      mailFrom: 'Nøgle <no-reply@noegle.example>',
    },
  });
});
afterAll(async () => {
  await nodes.close();
  await Promise.all([house.stop(), mail.stop()]);
});

/** The task as the worker of a node runs it; what had to wait for its next attempt is due now. */
async function run(task: string, node = 0): Promise<void> {
  await nodes.database.query(`UPDATE letters SET try_at = now() WHERE state = 'waiting'`);
  await nodes.database.query(`UPDATE notices SET try_at = now() WHERE state = 'waiting'`);
  await nodes.node(node).app.tasks[task]?.({});
}

async function lettersOf({ identityId }: TestPerson) {
  return await nodes.database.query<{
    id: string;
    kind: string;
    state: string;
    tries: number;
    fault: string;
  }>('SELECT id, kind, state, tries, fault FROM letters WHERE identity_id = $1 ORDER BY ordered_at, id', [
    identityId,
  ]);
}

function printedFor(person: TestPerson) {
  return [...house.letters.values()].filter(
    ({ content }) => (content['to'] as { name: string }).name === person.fullName,
  );
}

async function cardStates({ identityId }: TestPerson): Promise<string[]> {
  const rows = await nodes.database.query<{ state: string }>(
    'SELECT state FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at, id',
    [identityId],
  );
  return rows.map(({ state }) => state);
}

test('a card is ordered once, printed, posted, and notified; the print house gets the keys of that card', async () => {
  const clara = await aPerson(nodes, { keysSpent: 100 });
  expect(await orderNewCard(nodes.context, clara.identityId, BY)).toBe('done');
  expect(await orderNewCard(nodes.context, clara.identityId, BY)).toBe('on_the_way');
  await run('sendLetters');
  await run('sendNotices');
  const [letter, ...others] = printedFor(clara);
  expect(others).toEqual([]);
  expect(letter).toMatchObject({ kind: 'card', openedBy: 'cards' });
  const [row] = await nodes.database.query<{ id: string; from: string; to: string }>(
    `SELECT id, expected_from::text AS from, expected_to::text AS to FROM key_cards
     WHERE identity_id = $1 AND state = 'sent'`,
    [clara.identityId],
  );
  const card = await findCard(nodes.context.database, row?.id ?? '');
  const { keyNumbers, keys } = readCard(nodes.context, card as NonNullable<typeof card>);
  for (const key of keys) nodes.secrets.keys.add(key);
  const printed = await readLetterPdf(letter?.pdf as Buffer);
  expect([...printed.keys]).toEqual(keyNumbers.map((number, i) => [number, keys[i]]));
  expect(row?.from && row.to && row.from < row.to && isBusinessDay(row.from) && isBusinessDay(row.to)).toBe(
    true,
  );
  const to = `anna-${clara.userId.replace('person-', '')}@mail.example`;
  const subjects = mail.messages.filter((message) => message.to === to).map(({ subject }) => subject);
  // Ordered and sent before the mail left: one mail, without what is over.
  expect(subjects).toEqual(['Dit nye nøglekort er sendt']);
  const all = mail.messages.map(({ text }) => text).join('\n');
  // As a separate number: user IDs contain six digits by chance, too.
  const numbers = new Set(all.match(/(?<!\w)\d{6}(?!\w)/g));
  expect(keys.filter((key) => numbers.has(key))).toEqual([]);
});

test('the print house fails ten times, two workers run: one letter of each, and never two put down as sent', async () => {
  const people = [];
  for (let i = 0; i < 5; i += 1) {
    const person = await aPerson(nodes);
    await orderNewCard(nodes.context, person.identityId, BY);
    people.push(person);
  }
  house.failNext(10);
  for (let round = 0; round < 8; round += 1)
    await Promise.all([run('sendLetters', 0), run('sendLetters', 1)]);
  for (const person of people) {
    expect(printedFor(person)).toHaveLength(1);
    expect(await lettersOf(person)).toMatchObject([{ state: 'sent' }]);
    const events = await nodes.database.query(
      `SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'card_sent'`,
      [person.identityId],
    );
    expect(events).toHaveLength(1);
  }
});

test('an answer that is lost on the way leaves one letter and one card', async () => {
  const person = await aPerson(nodes);
  await orderNewCard(nodes.context, person.identityId, BY);
  house.loseNext(3);
  for (let round = 0; round < 5; round += 1) await run('sendLetters', round);
  expect(printedFor(person)).toHaveLength(1);
  expect(await cardStates(person)).toEqual(['active', 'sent']);
});

test('one that keeps failing is set aside, shown to operators, and sent again when they say so', async () => {
  const person = await aPerson(nodes);
  await orderNewCard(nodes.context, person.identityId, BY);
  // Each try makes the letter again, so most of them have been before.
  await nodes.database.query('UPDATE letters SET tries = 9 WHERE identity_id = $1', [person.identityId]);
  house.failNext(3);
  for (let round = 0; round < 4; round += 1) await run('sendLetters');
  const [letter] = await lettersOf(person);
  expect(letter).toMatchObject({ state: 'set_aside', tries: 12, fault: expect.stringContaining('500') });
  const listed = await cli(['letters', '--json']);
  expect(listed.stderr).toBe('');
  expect(JSON.parse(listed.stdout)).toMatchObject({ setAside: [{ id: letter?.id, kind: 'card' }] });
  expect(listed.stdout).not.toContain(person.fullName);
  expect((await cli(['letters', 'retry', letter?.id ?? ''])).code).toBe(0);
  expect((await cli(['letters', 'retry', letter?.id ?? ''])).code).toBe(1);
  expect((await cli(['letters', 'retry', 'all'])).stdout).toContain('0 are sent again');
  await run('sendLetters');
  expect(printedFor(person)).toHaveLength(1);
});

test('without an address: refused when asked for, notified when it was due, and the sign-in continues', async () => {
  const person = await aPerson(nodes, { address: null });
  expect(await orderNewCard(nodes.context, person.identityId, BY)).toBe('no_address');
  expect(await orderPasswordLetter(nodes.context, person.identityId, BY)).toBe('no_address');
  expect(await lettersOf(person)).toEqual([]);
  expect(await changeThreshold(nodes.context, person.identityId, 100)).toBe('done');
  const low = await aPerson(nodes, { address: null, keysSpent: 100 });
  expect(await changeThreshold(nodes.context, low.identityId, 60)).toBe('done');
  const kinds = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM notices WHERE identity_id = $1 ORDER BY kind',
    [low.identityId],
  );
  expect(kinds.map(({ kind }) => kind)).toEqual(['card_not_ordered', 'threshold_changed']);
});

test('a card that was blocked before it was printed is not printed', async () => {
  const person = await aPerson(nodes);
  await orderNewCard(nodes.context, person.identityId, BY);
  expect(await blockTarget(nodes.context, person.identityId, 'identity', BY)).toBe('done');
  await run('sendLetters');
  expect(printedFor(person)).toEqual([]);
  expect(await lettersOf(person)).toMatchObject([{ state: 'cancelled' }]);
});

describe('a card and a password to one person', () => {
  const days = (person: TestPerson) =>
    printedFor(person)
      .map(({ kind, postOn }) => [kind, postOn] as const)
      .sort(([a], [b]) => a.localeCompare(b));

  async function bothOrdered(order: 'card first' | 'password first'): Promise<TestPerson> {
    const person = await aPerson(nodes);
    const orders = [
      () => orderNewCard(nodes.context, person.identityId, BY),
      () => orderPasswordLetter(nodes.context, person.identityId, BY),
    ];
    if (order === 'password first') orders.reverse();
    for (const one of orders) expect(await one()).toBe('done');
    return person;
  }

  test.each([
    ['a Friday', '2027-01-15T09:00:00Z'],
    ['a Saturday', '2027-01-16T09:00:00Z'],
    ['Christmas Eve', '2026-12-24T09:00:00Z'],
    ['before Easter', '2027-03-24T09:00:00Z'],
    ['a minute before midnight', '2027-02-02T22:59:00Z'],
    ['Constitution Day', '2028-06-05T09:00:00Z'],
  ])(
    'ordered on %s: never on one business day, whichever was first and however the attempts fail',
    async (_day, at) => {
      for (const order of ['card first', 'password first'] as const) {
        nodes.clock.forward(new Date(at).getTime() - nodes.clock.now().getTime());
        const person = await bothOrdered(order);
        const fails = order === 'password first';
        if (fails) house.failNext(2);
        for (let round = 0; round < 16; round += 1) {
          await Promise.all([run('sendLetters', 0), run('sendLetters', 1)]);
          nodes.clock.forward(12 * 3_600_000);
        }
        const [card, password] = days(person);
        expect([card?.[0], password?.[0], days(person).length]).toEqual(['card', 'password', 2]);
        expect(card?.[1]).not.toBe(password?.[1]);
        for (const [, day] of days(person)) expect(isBusinessDay(day)).toBe(true);
        const first = nextBusinessDay(toDanishDay(new Date(at)));
        expect([card?.[1], password?.[1]].some((day) => day === first) || fails).toBe(true);
        const letters = printedFor(person);
        expect(letters.find(({ kind }) => kind === 'password')?.openedBy).toBe('passwords');
        expect(JSON.stringify(letters.find(({ kind }) => kind === 'card')?.content)).not.toContain(
          'emporary',
        );
      }
    },
  );

  test('control: without the reserved day both leave on one day', async () => {
    const person = await bothOrdered('card first');
    const repair = takeOut(nodes, ' WHERE d.holds = excluded.holds');
    try {
      await run('sendLetters');
    } finally {
      repair();
    }
    const [card, password] = days(person);
    expect(card?.[1]).toBe(password?.[1]);
  });
});

test('a card that does not come is blocked and replaced once; when that one does not come either, the desk has to help', async () => {
  const person = await aPerson(nodes, { keysSpent: 130 });
  await orderNewCard(nodes.context, person.identityId, BY);
  await run('sendLetters');
  const fiveWeeks = 35 * 24 * 3_600_000;
  nodes.clock.forward(fiveWeeks);
  await Promise.all([run('checkDue', 0), run('checkDue', 1)]);
  expect(await cardStates(person)).toEqual(['active', 'void', 'ordered']);
  await run('sendLetters');
  nodes.clock.forward(fiveWeeks);
  // A card that does not move is left to the next run, even where the statement reports that it moved: no run
  // is endless.
  const repair = takeOut(
    nodes,
    'SET state = $3, challenge',
    "SET state = CASE $3 WHEN '' THEN $3 ELSE state END, challenge",
  );
  await run('checkDue');
  repair();
  expect(await cardStates(person)).toEqual(['active', 'void', 'sent']);
  await run('checkDue');
  expect(await cardStates(person)).toEqual(['active', 'void', 'void']);
  // Nothing further happens automatically, though few keys are left.
  expect(await changeThreshold(nodes.context, person.identityId, 90)).toBe('done');
  expect(await cardStates(person)).toEqual(['active', 'void', 'void']);
  expect(await reportCardNotArrived(nodes.context, person.identityId, BY)).toBe('not_on_the_way');
  expect(await orderNewCard(nodes.context, person.identityId, BY)).toBe('done');
});

test('the mail server is down, then up: no notice is lost; an address it refuses, and none at all, get a letter', async () => {
  const [byMail, refused, without] = [
    await aPerson(nodes),
    await aPerson(nodes),
    await aPerson(nodes, { email: null }),
  ];
  mail.refuse(`anna-${refused.userId.replace('person-', '')}@mail.example`);
  await mail.stop();
  for (const { identityId } of [byMail, refused, without]) {
    expect(await changeThreshold(nodes.context, identityId, 33)).toBe('done');
  }
  // Longer than the attempts of anything else: it is only waited for.
  for (let round = 0; round < 14; round += 1) await run('sendNotices');
  await mail.start();
  for (let round = 0; round < 3; round += 1) await run('sendNotices', round);
  const aside = await nodes.database.query(`SELECT FROM notices WHERE state = 'set_aside'`);
  expect(aside).toEqual([]);
  const got = mail.messages.filter(({ to }) => to.includes(byMail.userId.replace('person-', '')));
  expect(got).toHaveLength(1);
  expect(got[0]?.text).toMatch(/^Kære Anna .*33/s);
  // Later ones go by letter too: all of a person in one, nothing lost and nothing twice.
  nodes.clock.forward(1_000);
  for (const { identityId } of [refused, without]) {
    expect(await changeThreshold(nodes.context, identityId, 44)).toBe('done');
  }
  await Promise.all([run('sendNotices', 0), run('sendNotices', 1)]);
  await nextBusinessMorning();
  await run('sendNotices');
  await run('sendLetters');
  for (const person of [refused, without]) {
    const [letter, ...others] = printedFor(person);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ kind: 'notice', content: { text: expect.stringMatching(/33.*44/s) } });
  }
});

async function nextBusinessMorning(): Promise<void> {
  do nodes.clock.forward(24 * 3_600_000);
  while (!isBusinessDay(toDanishDay(nodes.clock.now())));
}

test('an address that takes no mail is in the log and in self-service, until it takes one', async () => {
  const person = await aPerson(nodes);
  const address = `anna-${person.userId.replace('person-', '')}@mail.example`;
  const inLog = async () =>
    await nodes.database.query(`SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'email_refused'`, [
      person.identityId,
    ]);
  const contactPage = async () => {
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    return (await browser.follow('/self-service/contact')).text;
  };
  expect(await contactPage()).not.toContain(da.email.contact.refused);
  mail.refuse(address);
  for (const threshold of [31, 32]) {
    expect(await changeThreshold(nodes.context, person.identityId, threshold)).toBe('done');
    await Promise.all([run('sendNotices', 0), run('sendNotices', 1)]);
  }
  expect(await inLog()).toHaveLength(1);
  expect(await contactPage()).toContain(da.email.contact.refused);
  // A code for the sign-in would be lost: it goes by letter.
  await orderSignInCode(nodes.context, { foldedName: person.userId, byLetter: false });
  const letters = await nodes.database.query(
    `SELECT FROM letters WHERE identity_id = $1 AND notice ->> 'kind' = 'sign_in_code'`,
    [person.identityId],
  );
  expect(letters).toHaveLength(1);
  mail.accept(address);
  expect(await changeThreshold(nodes.context, person.identityId, 33)).toBe('done');
  await run('sendNotices');
  expect(mail.messages.filter(({ to }) => to === address).length).toBeGreaterThan(0);
  expect(await contactPage()).not.toContain(da.email.contact.refused);
});

test('what happens to a person at once is one mail, whichever workers send it and however often it fails', async () => {
  const person = await aPerson(nodes);
  const address = `anna-${person.userId.replace('person-', '')}@mail.example`;
  await orderNewCard(nodes.context, person.identityId, BY);
  await run('sendNotices');
  const before = mail.messages.filter(({ to }) => to === address).length;
  expect(await blockTarget(nodes.context, person.identityId, 'identity', BY)).toBe('done');
  // Both workers of two nodes; what one has claimed stays claimed.
  const sendAtBoth = async () => {
    await nodes.database.query(`UPDATE notices SET try_at = now() WHERE state = 'waiting'`);
    const tasks = [0, 1].map((node) => nodes.node(node).app.tasks['sendNotices']);
    await Promise.all(tasks.map(async (task) => await task?.({})));
  };
  await mail.stop();
  await sendAtBoth();
  await mail.start();
  await sendAtBoth();
  await run('sendNotices');
  const [got, ...others] = mail.messages.filter(({ to }) => to === address).slice(before);
  expect(others).toEqual([]);
  expect(got?.subject).toBe('Dit ID er spærret');
  expect(got?.text).toMatch(/Dit ID er blevet spærret.*Dit nøglekort med nummer/s);
  expect(got?.text).toContain(', som er på vej til dig, er blevet spærret');
  expect(got?.html).toContain('<strong>70 10 20 30</strong>');
});

longOnly('a worker that is killed at any moment, with another in parallel: each letter once', async () => {
  const folder = await mkdtemp(path.resolve('.tmp/killed-'));
  const keys = path.join(folder, 'keys.json');
  await writeFile(keys, JSON.stringify(nodes.keyringFile));
  const people: TestPerson[] = [];
  for (let i = 0; i < 30; i += 1) {
    const person = await aPerson(nodes);
    await orderNewCard(nodes.context, person.identityId, BY);
    people.push(person);
  }
  const start = async () => {
    const one = new RunningNoegle({
      PORT: String(await freePort()),
      NOEGLE_HOST: '127.0.0.1',
      DATABASE_URL: nodes.database.appUrl,
      NOEGLE_DIRECT_DATABASE_URL: nodes.database.queueUrl,
      NOEGLE_ISSUER: nodes.issuer,
      NOEGLE_KEYS_FILE: keys,
      ...(await postEnv(folder, house)),
      NOEGLE_SMTP_URL: mail.url,
      NOEGLE_LEAVE_SECONDS: '0',
    });
    await one.ready();
    return one;
  };
  const isDone = async () => {
    // The claim of a dead worker has expired: two minutes are over.
    await nodes.database.query(`UPDATE letters SET try_at = now() WHERE state = 'waiting'`);
    const [left] = await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM letters WHERE state = 'waiting'`,
    );
    return left?.many === 0;
  };
  let kills = 0;
  let workers = await Promise.all([start(), start()]);
  const deadline = performance.now() + 60_000;
  while (!(await isDone()) && performance.now() < deadline) {
    await setTimeout(700 + kills * 150);
    if (kills < 4) {
      const [victim, ...others] = workers;
      await victim.kill9();
      kills += 1;
      nodes.keepLog(victim.output);
      workers = [...others, await start()];
    }
  }
  for (const one of workers) {
    expect(await one.stop()).toBe(0);
    nodes.keepLog(one.output);
  }
  for (const person of people) {
    expect(printedFor(person)).toHaveLength(1);
    expect(await cardStates(person)).toEqual(['active', 'sent']);
  }
  const repeats = people
    .flatMap((person) => printedFor(person))
    .filter(({ letterId }) => (house.puts.get(letterId) ?? 0) > 1);
  console.info(
    `${kills} workers killed; ${repeats.length} of ${people.length} letters were handed over more than once`,
  );
  await rm(folder, { recursive: true, force: true });
});

test('words that someone wrote into a notice are neither mailed nor printed; operators are alerted immediately', async () => {
  const [byMail, byLetter] = [await aPerson(nodes), await aPerson(nodes, { email: null })];
  const words = 'Læs dine nøgler op på 70 10 20 30';
  const write = (person: TestPerson, details: object) =>
    nodes.database.query(
      `INSERT INTO notices (id, identity_id, kind, details, at)
       VALUES (gen_random_uuid(), $1, 'threshold_changed', $2::jsonb, now())`,
      [person.identityId, JSON.stringify(details)],
    );
  for (const person of [byMail, byLetter]) await write(person, { threshold: words });
  await write(byMail, { threshold: 34 });
  await run('sendNotices');
  await run('sendLetters', 1);
  const statesOf = async ({ identityId }: TestPerson) =>
    await nodes.database.query(
      'SELECT state, details, fault FROM notices WHERE identity_id = $1 ORDER BY state',
      [identityId],
    );
  const fault = 'the details of a notice do not fit its kind: threshold_changed, threshold';
  const aside = { state: 'set_aside', details: { threshold: words }, fault };
  // What is sent with it is sent all the same.
  expect(await statesOf(byMail)).toEqual([{ state: 'sent', details: { threshold: 34 }, fault: null }, aside]);
  expect(await statesOf(byLetter)).toEqual([aside]);
  expect(await lettersOf(byLetter)).toEqual([]);
  expect(mail.messages.filter(({ text }) => text?.includes(words))).toEqual([]);
  expect(printedFor(byLetter)).toEqual([]);
  const lines = nodes.log.split('\n').filter((line) => line.includes(fault));
  expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['error', 'error']);
});

test('one that cannot be made blocks no other, and is set aside with its fault', async () => {
  const [poison, next] = [await aPerson(nodes), await aPerson(nodes)];
  for (const { identityId } of [poison, next]) await orderNewCard(nodes.context, identityId, BY);
  const [row] = await nodes.database.query<{ id: string }>(
    'SELECT person_id AS id FROM identities WHERE id = $1',
    [poison.identityId],
  );
  const sealed = nodes.context.keyring.seal('seal', 'not an address', `address ${row?.id}`);
  await nodes.database.query('UPDATE people SET address_sealed = $2 WHERE id = $1', [row?.id, sealed]);
  for (let round = 0; round < 12; round += 1) await run('sendLetters');
  expect(printedFor(next)).toHaveLength(1);
  expect(await lettersOf(poison)).toMatchObject([
    { state: 'set_aside', tries: 12, fault: expect.any(String) },
  ]);
});

test('a repeat says the same day and batch, as long as that day has not passed', async () => {
  const person = await aPerson(nodes);
  await orderNewCard(nodes.context, person.identityId, BY);
  house.loseNext(1);
  await run('sendLetters');
  nodes.clock.forward(2 * 3_600_000);
  await run('sendLetters', 1);
  const [row] = await nodes.database.query<{ day: string; batch: string; state: string }>(
    'SELECT post_on::text AS day, batch, state FROM letters WHERE identity_id = $1',
    [person.identityId],
  );
  const [letter] = printedFor(person);
  expect(row).toEqual({ day: letter?.postOn, batch: letter?.batch, state: 'sent' });
});

test('operators replace the cards of a day from the command line, and see how far it is', async () => {
  const person = await aPerson(nodes);
  await orderNewCard(nodes.context, person.identityId, BY);
  await run('sendLetters');
  const [letter] = printedFor(person);
  const done = await cli(['replace-cards', '--day', letter?.postOn ?? '', '--per-second', '200']);
  expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('have a new card on the way')]);
  expect(done.stderr).toMatch(/\[#{40}\] \d+ of \d+/);
  expect(await cardStates(person)).toEqual(['active', 'void', 'ordered']);
  for (const wrong of [
    ['--day', 'tomorrow'],
    ['--per-second', '5'],
    ['--kid', 'k1'],
    ['--kid', 'a', '--day', 'b'],
  ]) {
    expect((await cli(['replace-cards', ...wrong])).code).toBe(1);
  }
});

async function cli(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const folder = await mkdtemp(path.resolve('.tmp/cli-'));
  const keys = path.join(folder, 'keys.json');
  await writeFile(keys, JSON.stringify(nodes.keyringFile));
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...markOfRun(),
    DATABASE_URL: nodes.database.appUrl,
    NOEGLE_ISSUER: nodes.issuer,
    NOEGLE_KEYS_FILE: keys,
    ...(await postEnv(folder, house)),
    NOEGLE_SMTP_URL: mail.url,
    NOEGLE_DATABASE_TIMEOUT_MS: String(PATIENT_DATABASE_MS),
  };
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  await rm(folder, { recursive: true, force: true });
  return { code, stdout, stderr };
}

describe('the format of a card', () => {
  const choose = async ({ identityId }: TestPerson, format: 'standard' | 'large_print' | 'braille') =>
    await nodes.context.database.transaction((db) =>
      changeCardFormatInTransaction(nodes.context, db, identityId, format, BY),
    );
  const formatsOf = async ({ identityId }: TestPerson) =>
    (
      await nodes.database.query<{ format: string | null }>(
        'SELECT format FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at, id',
        [identityId],
      )
    ).map(({ format }) => format);
  const wasPrinted = (person: TestPerson) => printedFor(person).map(({ kind, format }) => [kind, format]);

  test('is the chosen one at a renewal, after a loss and after a recall, and an older card keeps its own', async () => {
    const person = await aPerson(nodes, { keysSpent: 100 });
    await choose(person, 'braille');
    expect(await changeThreshold(nodes.context, person.identityId, 60)).toBe('done');
    await run('sendLetters');
    expect(await reportCardNotArrived(nodes.context, person.identityId, BY)).toBe('done');
    await run('sendLetters');
    await choose(person, 'large_print');
    expect(await formatsOf(person)).toEqual(['standard', 'braille', 'braille']);
    const cards = await nodes.database.query<{ id: string }>(
      'SELECT id FROM key_cards WHERE identity_id = $1',
      [person.identityId],
    );
    const recall = { kind: 'recall', cardIds: new Set(cards.map(({ id }) => id)) } as const;
    expect(await applyCardCommand(nodes.context, person.identityId, recall, { by: 'system' })).toBe('done');
    await run('sendLetters');
    const printed = printedFor(person).filter(({ kind }) => kind === 'card');
    expect(printed.map(({ format }) => format)).toEqual(['braille', 'braille', 'large_print']);
    const [first] = printed;
    const keys = first?.content['keys'] as Record<string, string>;
    const cells = (digits: string) => [...digits].map((digit) => 'JABCDEFGHI'.charAt(Number(digit))).join('');
    const pairs = Object.entries(keys).map(([number, key]) => `#${cells(number)}  #${cells(key)}`);
    const lines = first?.brf?.toString('latin1').split(/\r\n\f?/) ?? [];
    expect(lines.filter((line) => pairs.includes(line))).toHaveLength(148);
    expect((await readLetterPdf(first?.pdf as Buffer)).pages).toHaveLength(1);
  });

  test('chosen while a card waits to be printed is that of the card; chosen after, a repeat is as before', async () => {
    const person = await aPerson(nodes);
    await orderNewCard(nodes.context, person.identityId, BY);
    await choose(person, 'large_print');
    house.loseNext(1);
    await run('sendLetters');
    expect(await lettersOf(person)).toMatchObject([{ state: 'waiting' }]);
    await choose(person, 'braille');
    await run('sendLetters');
    expect(await lettersOf(person)).toMatchObject([{ state: 'sent' }]);
    expect(wasPrinted(person)).toEqual([['card', 'large_print']]);
    expect(await formatsOf(person)).toEqual(['standard', 'large_print']);
  });

  test('is the same for every letter: a password in Braille is a file for an embosser too', async () => {
    const person = await aPerson(nodes);
    await choose(person, 'braille');
    await orderPasswordLetter(nodes.context, person.identityId, BY);
    await run('sendLetters');
    const [letter] = printedFor(person);
    expect(letter).toMatchObject({ kind: 'password', format: 'braille', openedBy: 'passwords' });
    const password = String(letter?.content['temporaryPassword']);
    expect(letter?.pdf.includes(password)).toBe(false);
    expect(letter?.brf?.toString('latin1')).toContain('MIDLERTIDIG ADGANGSKODE3');
  });

  test('of rows that the version before wrote is that of its column, also after another choice', async () => {
    const person = await aPerson(nodes);
    const asBefore = `UPDATE identities SET card_format = NULL, large_print = true WHERE id = $1`;
    await nodes.database.query(asBefore, [person.identityId]);
    await nodes.database.query('UPDATE key_cards SET format = NULL WHERE id = $1', [person.cardId]);
    const before = await findCard(nodes.context.database, person.cardId);
    await choose(person, 'braille');
    const after = await findCard(nodes.context.database, person.cardId);
    expect([before?.format, after?.format]).toEqual(['large_print', 'large_print']);
    const [row] = await nodes.database.query(
      'SELECT card_format, large_print FROM identities WHERE id = $1',
      [person.identityId],
    );
    expect(row).toEqual({ card_format: 'braille', large_print: false });
    // A choice of what is chosen changes nothing, and tells nothing.
    await choose(person, 'braille');
    const told = await nodes.database.query(
      `SELECT FROM notices WHERE identity_id = $1 AND kind = 'card_format_changed'`,
      [person.identityId],
    );
    expect(told).toHaveLength(1);
  });
});
