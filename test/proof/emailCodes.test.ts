/**
 * One code for an e-mail address, entered many times concurrently on two nodes; each race with a control that
 * loses.
 */
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { da } from '../../src/ui/words/words.da.ts';
import {
  aPerson,
  TestBrowser,
  codesTo,
  holdTransactions,
  keyFor,
  mailTo,
  Nodes,
  type BrowserPage,
  sendMail,
  signInAt,
  takeOut,
  type TestPerson,
  useNodes,
} from '../support/index.ts';

const MANY = 16;
const nodes = useNodes({ count: 2, withoutErrors: true });

let serial = 0;

interface EmailCodeForm {
  readonly person: TestPerson;
  readonly email: string;
  readonly browser: TestBrowser;
  readonly page: BrowserPage;
  readonly code: string;
}

/** A person at the page that asks for the code of a new address. */
async function asked(): Promise<EmailCodeForm> {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  await signInAt(browser, person, '/self-service');
  const email = `race-${(serial += 1)}@mail.example`;
  const form = await browser.follow('/self-service/contact');
  const confirm = await browser.send(form, { do: 'email', email, currentPassword: person.password });
  const page = await browser.send(confirm, { key: keyFor(person, confirm) });
  expect(page.page).toBe('self-email');
  const [code = ''] = await codesTo(nodes, email);
  return { person, email, browser, page, code };
}

/** All of these concurrently, on both nodes. @returns how many succeeded */
async function race({ browser, page }: EmailCodeForm, codes: readonly string[]): Promise<BrowserPage[]> {
  const copies = await Promise.all(codes.map(() => browser.copy()));
  const held = holdTransactions(nodes);
  const answers = copies.map((copy, i) => copy.post(page, { do: 'code', code: codes[i] ?? '' }));
  while (held.count() < codes.length) await new Promise((resolve) => setTimeout(resolve, 10));
  held.release();
  return await Promise.all(answers);
}

async function confirmedTimes({ person }: EmailCodeForm): Promise<number> {
  const rows = await nodes.database.query(
    `SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'email_confirmed'`,
    [person.identityId],
  );
  return rows.length;
}

/**
 * Removes the lock of the owner and the deletion of the row: only the condition of the deciding statement is
 * left.
 */
function withRowConditionOnly(): () => void {
  const repairs = [
    takeOut(nodes, 'FOR NO KEY UPDATE OF i'),
    takeOut(nodes, 'DELETE FROM email_requests WHERE', 'SELECT FROM email_requests WHERE'),
  ];
  // In reverse order: each restores what it replaced.
  return () => {
    for (const repair of repairs.toReversed()) repair();
  };
}

describe('the right code', () => {
  test(`entered ${MANY} times concurrently confirms once`, async () => {
    const person = await asked();
    const answers = await race(person, Array(MANY).fill(person.code) as string[]);
    expect(answers.every(({ status }) => status === 303)).toBe(true);
    expect(await confirmedTimes(person)).toBe(1);
  });

  test('by only the condition of the statement it is once, too; without that condition it is not', async () => {
    const repair = withRowConditionOnly();
    const held = await asked();
    await race(held, Array(MANY).fill(held.code) as string[]);
    expect(await confirmedTimes(held)).toBe(1);
    const guards = [
      takeOut(nodes, 'r.confirmed_at IS NULL AND r.code_until', 'r.code_until'),
      takeOut(nodes, 'AND r.tries < $5', 'AND $5::int > 0'),
    ];
    const control = await asked();
    await race(control, Array(MANY).fill(control.code) as string[]);
    expect(await confirmedTimes(control)).toBeGreaterThan(1);
    for (const put of guards.toReversed()) put();
    repair();
  });
});

describe('wrong codes', () => {
  const wrong = Array.from({ length: MANY }, (_, i) => `2345678${i % 8}`.replace(/[01]/g, '9'));

  test(`${MANY} concurrently: no more than five are verified, and the right one comes too late`, async () => {
    const person = await asked();
    await race(person, wrong);
    await person.browser.send(person.page, { do: 'code', code: person.code });
    expect(await confirmedTimes(person)).toBe(0);
    const [row] = await nodes.database.query<{ tries: number }>(
      'SELECT tries FROM email_requests WHERE identity_id = $1',
      [person.person.identityId],
    );
    expect(row?.tries).toBe(5);
  });

  test('control: without the limit in the statement it is not too late', async () => {
    const put = takeOut(nodes, 'AND r.tries < $5', 'AND $5::int > 0');
    const person = await asked();
    await race(person, wrong);
    await person.browser.send(person.page, { do: 'code', code: person.code });
    put();
    expect(await confirmedTimes(person)).toBe(1);
  });
});

describe('codes that are asked for concurrently', () => {
  test('by a form that is sent many times on two nodes are as many as one ID may have in a day', async () => {
    const person = await asked();
    const copies = await Promise.all(Array.from({ length: MANY }, () => person.browser.copy()));
    await Promise.all(copies.map((copy) => copy.post(person.page, { do: 'again' })));
    await sendMail(nodes, 1);
    expect(mailTo(nodes, person.email).length).toBeLessThanOrEqual(5);
    const [row] = await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM audit_events WHERE identity_id = $1 AND kind = 'email_code_ordered'`,
      [person.person.identityId],
    );
    expect(row?.many).toBe(5);
  });

  test('sent by two nodes concurrently, each leaves once', async () => {
    const person = await asked();
    await person.browser.send(person.page, { do: 'again' });
    await Promise.all([0, 1].map(async (node) => await nodes.node(node).app.tasks['sendNotices']?.({})));
    expect(mailTo(nodes, person.email)).toHaveLength(2);
  });
});

describe('codes from one network', () => {
  test('are so many an hour, whichever person is signed in there; another network is not slowed', async () => {
    const emailCode = { ...DEFAULT_RULES.emailCode, perNetworkAnHour: 2 };
    const behind = await Nodes.start({ count: 1, proxyHops: 1, rules: { ...DEFAULT_RULES, emailCode } });
    const askFrom = async (address: string): Promise<string> => {
      const person = await aPerson(behind);
      const browser = new TestBrowser(behind, 0, address);
      await signInAt(browser, person, '/self-service');
      const email = `network-${(serial += 1)}@mail.example`;
      const form = await browser.follow('/self-service/contact');
      const confirm = await browser.send(form, { do: 'email', email, currentPassword: person.password });
      const page = await browser.send(confirm, { key: keyFor(person, confirm) });
      return page.text.includes(da.email.sent) ? 'sent' : (await browser.send(page, { do: 'again' })).text;
    };
    expect([await askFrom('10.9.9.7'), await askFrom('10.9.9.7')]).toEqual(['sent', 'sent']);
    expect(await askFrom('10.9.9.7')).toContain(da.email.faults.limit);
    expect(await askFrom('10.9.8.7')).toBe('sent');
    behind.clock.forward(40 * 60_000);
    expect(await askFrom('10.9.9.7')).toBe('sent');
    await behind.close({ withoutErrors: true });
  });
});
