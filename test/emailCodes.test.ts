/**
 * An e-mail address gets nothing before its code was entered; every path and every way out:
 * test/proof/emailPaths.
 */
import { expect, test } from '@jest/globals';
import { KEY_PROOF_MINUTES } from '../src/domain/relyingParty/firstPartyClient.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  composeApplication,
  aPerson,
  TestBrowser,
  codesTo,
  isFromBefore,
  issueApplication,
  keyFor,
  waitForLetters,
  mailTo,
  type BrowserPage,
  sendMail,
  signInAt,
  type TestPerson,
  toChoosePage,
  useNodes,
} from './support/index.ts';

const words = da.email;
const nodes = useNodes({ count: 2, withoutErrors: true });

async function changeEmail(browser: TestBrowser, person: TestPerson, email: string): Promise<BrowserPage> {
  const form = await browser.follow('/self-service/contact');
  const confirm = await browser.send(form, {
    do: 'email',
    email,
    currentPassword: person.password,
  });
  return await browser.send(confirm, { key: keyFor(person, confirm) });
}

test('the address of an application: nothing before the activation, then only a code', async () => {
  const email = 'ansoeger@mail.example';
  const identityId = await issueApplication(nodes, composeApplication({ applicant: { email } }));
  const issued = await waitForLetters(nodes, identityId);
  await sendMail(nodes);
  expect(mailTo(nodes, email)).toEqual([]);
  const browser = new TestBrowser(nodes);
  const password = 'hest batteri hæfteklamme';
  nodes.secrets.add(password, 'password');
  const chosen = { userId: 'email-codes-1', password, terms: '1', understood: '1' };
  const page = await browser.send(await toChoosePage(browser, issued), chosen);
  expect([page.page, page.text.includes(email)]).toEqual(['activate-email', true]);
  const [code = ''] = await codesTo(nodes, email);
  expect(mailTo(nodes, email)).toHaveLength(1);
  // Later another person may use that browser.
  nodes.clock.forward((KEY_PROOF_MINUTES + 1) * 60_000);
  const later = await browser.follow('/activate');
  expect([later.text.includes(email), later.text.includes('name="email"')]).toEqual([false, false]);
  const over = await browser.send(page, { do: 'another', email: 'fremmed@mail.example' });
  expect([over.page, over.text.includes(words.faults.another_over)]).toEqual(['activate-email', true]);
  const wrong = await browser.send(page, { do: 'code', code: 'abcd2345' });
  expect([wrong.page, wrong.text.includes(words.faults.wrong)]).toEqual(['activate-email', true]);
  expect((await browser.send(wrong, { do: 'code', code })).page).toBe('activate-done');
});

test('a change: after its code and a day; cancelled before, it never is', async () => {
  const person = await aPerson(nodes, { email: 'foer@mail.example' });
  const browser = new TestBrowser(nodes);
  await signInAt(browser, person, '/self-service');
  const first = await changeEmail(browser, person, 'en.anden@mail.example');
  const [code = ''] = await codesTo(nodes, 'en.anden@mail.example');
  const contact = await browser.follow('/self-service/contact');
  expect((await browser.send(contact, { do: 'call-off' })).text).toContain(words.contact.calledOff);
  expect((await browser.send(first, { do: 'code', code })).page).toBe('self-contact');

  const email = 'den.tredje@mail.example';
  const page = await changeEmail(browser, person, email);
  const [own = ''] = await codesTo(nodes, email);
  expect(mailTo(nodes, email)).toHaveLength(1);
  const soon = await browser.send(page, { do: 'code', code: own });
  expect(soon.text).toContain(`skriver vi til ${email}`);
  expect(soon.text).toContain('Vi skriver til foer@mail.example');
  nodes.clock.forward(24 * 3_600_000 + 60_000);
  const later = new TestBrowser(nodes);
  expect((await signInAt(later, person, '/self-service')).page).toBe('self-home');
  expect((await later.follow('/self-service/contact')).text).toContain(`Vi skriver til ${email}`);
});

test('an earlier address is asked for at the next sign-in, and gets its mail in the meantime', async () => {
  const email = 'gammel.adresse@mail.example';
  const person = await aPerson(nodes, { email });
  await isFromBefore(nodes, person);
  const browser = new TestBrowser(nodes);
  const page = await signInAt(browser, person, '/self-service/card');
  expect([page.page, page.text.includes('<a href="/self-service/card">')]).toEqual(['self-email', true]);
  await sendMail(nodes);
  expect(mailTo(nodes, email).map(({ subject }) => subject)).toContain(
    'Dit ID er brugt på en ny computer eller telefon',
  );
  const sent = await browser.send(page, { do: 'again' });
  const code = (await codesTo(nodes, email)).at(-1) ?? '';
  expect((await browser.send(sent, { do: 'code', code })).text).toContain(words.contact.confirmed);
});
