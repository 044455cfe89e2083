/**
 * A browser that no longer holds its sign-in: an answer was lost, an older form was sent again, or a node of
 * the previous version handled a request in between. Its person is shown the outcome of the form, and
 * completes by user ID, password and key.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../src/domain/rules.ts';

import { da } from '../src/ui/words/words.da.ts';
import {
  aKnownBrowser,
  anAddress,
  anotherKey,
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  countWrong,
  deliverAll,
  keyFor,
  keyOnPage,
  orderNewCard,
  type BrowserPage,
  readReturnedCode,
  signInAtNode,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
} from './support/index.ts';

let bank: TestRelyingParty;
let asking: TestRelyingParty;
const nodes = useNodes({ count: 2, rules: DEFAULT_RULES, proxyHops: 1, withoutErrors: true });
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank' });
  asking = await aRelyingParty(nodes, { trusted: false });
});

const aBrowser = () => new TestBrowser(nodes, 0, anAddress());
const credentials = ({ userId, password }: TestPerson) => ({ userId, password });

/** Sends the form and drops its answer. */
async function lose(browser: TestBrowser, page: BrowserPage, fields: Record<string, string>): Promise<void> {
  await (await browser.copy()).send(page, fields);
}

describe('the right password begins again what another browser holds, also once a key was spent', () => {
  test('the answer to the key was lost, and the address is opened again', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    const keyPage = await toKeyPage(browser, person, authRequest(asking));
    await lose(browser, keyPage, { key: keyFor(person, keyPage) });
    const page = await browser.follow(keyPage.formUrl);
    expect([page.page, page.text.includes(da.password.beginAgain)]).toEqual(['password', true]);
    const again = await browser.send(page, credentials(person));
    expect(again.page).toBe('key');
    const consent = await browser.send(again, { key: keyFor(person, again) });
    expect(consent.page).toBe('consent');
    expect(readReturnedCode(await browser.send(consent, { accept: '1' })).get('code')).toBeTruthy();
  });

  test('a node of the previous version has taken the key', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    const keyPage = await toKeyPage(browser, person, authRequest(asking));
    const consent = await browser.send(keyPage, { key: keyFor(person, keyPage) });
    await nodes.database.query('UPDATE sign_ins SET holder = NULL, mac = NULL WHERE identity_id = $1', [
      person.identityId,
    ]);
    const page = await browser.send(consent, { accept: '1' });
    expect(page.page).toBe('password');
    expect((await browser.send(page, credentials(person))).page).toBe('key');
  });

  test('the row was written there after a password verified by this version', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    const keyPage = await toKeyPage(browser, person, authRequest(asking));
    await nodes.database.query(
      'UPDATE sign_ins SET signed_in_at = now(), with_key = true WHERE identity_id = $1',
      [person.identityId],
    );
    const page = await browser.follow(keyPage.formUrl);
    expect(page.page).toBe('password');
    expect((await browser.send(page, credentials(person))).page).toBe('key');
  });
});

describe('an older form, sent again, leaves the newest secret where it is', () => {
  test('at the password and at the key', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    const first = await browser.follow(authRequest(bank).path);
    const key1 = await browser.send(first, credentials(person));
    const wrong = { key: anotherKey(keyFor(person, key1)) };
    const key2 = await browser.send(key1, wrong);
    expect((await browser.send(first, credentials(person))).page).toBe('key');
    await browser.send(key2, wrong);
    const back = await browser.send(key1, wrong);
    expect(back.page).toBe('key');
    expect(
      readReturnedCode(await browser.send(back, { key: keyFor(person, back) })).get('code'),
    ).toBeTruthy();
  });

  test('at the new card', async () => {
    const person = await aPerson(nodes);
    await orderNewCard(nodes.context, person.identityId, { by: 'person' });
    await deliverAll(nodes);
    const browser = aBrowser();
    const keyPage = await toKeyPage(browser, person, authRequest(bank));
    const new1 = await browser.send(keyPage, { key: await keyOnPage(nodes, keyPage) });
    const wrong = { newKey: anotherKey(await keyOnPage(nodes, new1)) };
    const new2 = await browser.send(new1, wrong);
    await browser.send(new2, wrong);
    const back = await browser.send(new1, wrong);
    // It shows the current state, and no longer counts.
    expect([back.page, back.text.includes(da.key.wrong)]).toEqual(['new-card', true]);
    expect(readReturnedCode(await browser.send(back, { skip: '1' })).get('code')).toBeTruthy();
  });
});

describe('who does not hold the row is shown the outcome of their form', () => {
  test('wrong, once more, locked', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    const first = await browser.follow(authRequest(bank).path);
    await lose(browser, first, { userId: person.userId, password: 'wrong and lost' });
    const seen: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      const page = await browser.send(first, { userId: person.userId, password: `wrong ${i}` });
      const { text } = page;
      seen.push(
        page.page === 'locked'
          ? 'locked'
          : text.includes(da.password.lastBeforeLock)
            ? 'last'
            : text.includes(da.password.wrong) && text.includes(`value="${person.userId}"`)
              ? 'wrong'
              : 'silent',
      );
    }
    expect(seen).toEqual(['wrong', 'wrong', 'last', 'locked']);
    expect((await browser.send(first, credentials(person))).page).toBe('locked');
    expect((await browser.follow(first.formUrl)).page).toBe('locked');
  });

  test('what is seen in what was typed', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    const first = await browser.follow(authRequest(bank).path);
    await lose(browser, first, { userId: person.userId, password: 'wrong and lost' });
    const empty = await browser.send(first, { userId: person.userId, password: '' });
    expect(empty.text).toContain(da.password.incomplete);
    expect(empty.text).toContain(`value="${person.userId}"`);
    const right = await browser.send(first, credentials(person));
    expect(right.page).toBe('key');
  });
});

describe('where there is no row, the answer is found again by the same form', () => {
  const ends = (page: BrowserPage) => [page.status, page.headers.location];

  test('giving up at the first page: twice concurrently, and after a lost answer', async () => {
    const browser = aBrowser();
    const first = await browser.follow(authRequest(bank).path);
    const [one, two] = await Promise.all([
      browser.post(first, { cancel: '1' }),
      browser.post(first, { cancel: '1' }),
    ]);
    expect(readReturnedCode(one).get('error')).toBe('access_denied');
    expect(ends(two)).toEqual(ends(one));

    const other = aBrowser();
    const page = await other.follow(authRequest(bank).path);
    const lost = await (await other.copy()).post(page, { cancel: '1' });
    expect(ends(await other.post(page, { cancel: '1' }))).toEqual(ends(lost));
  });

  test('consent of someone who is signed in: a yes and a no', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    await signInAtNode(browser, person, authRequest(bank));
    for (const fields of [{ cancel: '1' }, { accept: '1' }]) {
      const page = await browser.follow(authRequest(asking).path);
      expect(page.page).toBe('consent');
      const lost = await (await browser.copy()).post(page, fields);
      expect(lost.status).toBe(303);
      expect(ends(await browser.post(page, fields))).toEqual(ends(lost));
    }
  });
});

test('two people in one browser: who signs in there gives no one else new attempts', async () => {
  const [owner, other] = [await aPerson(nodes), await aPerson(nodes)];
  const shared = await aKnownBrowser(nodes, owner, bank, anAddress());
  await nodes.database.query('DELETE FROM known_networks');
  const giveWrongOnes = async (round: number) => {
    const first = await shared.follow(authRequest(bank).path);
    for (let i = 0; i < 6; i += 1) {
      await shared.send(first, { userId: owner.userId, password: `wrong ${round} ${i}` });
    }
  };
  const countedWrong = await countWrong(nodes, async () => {
    for (let round = 0; round < 3; round += 1) {
      await giveWrongOnes(round);
      const keyPage = await toKeyPage(shared, other, authRequest(bank));
      await shared.send(keyPage, { key: keyFor(other, keyPage), ownComputer: '1' });
    }
  });
  expect(countedWrong).toBe(5);
});
