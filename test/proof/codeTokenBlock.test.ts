/** A code token is blocked without the card: at `/block`, in self-service, by the hotline. */
import { describe, expect, test } from '@jest/globals';
import { da } from '../../src/ui/words/words.da.ts';
import { aCodeToken, intoStock, SoftToken, tokenSteps } from '../support/codeTokens.ts';
import {
  aPerson,
  aRelyingParty,
  hiddenFields,
  openCounterSession,
  REASON,
  TestBrowser,
  twoOperators,
  useNodes,
  type TestPerson,
} from '../support/index.ts';

const nodes = useNodes({ count: 2, binding: () => 'require', withoutErrors: true });
const { rowOf, stateOf, noticesTo, claimsOf, submitCode, atSelfService, open, confirm } = tokenSteps(nodes);

describe('blocked alone', () => {
  const aCounter = async () => await openCounterSession(nodes, await twoOperators(nodes), 'hotline');

  test('at /block, in self-service, by the hotline: sessions end, sites are told, and the card goes on', async () => {
    const hotline = await aCounter();
    const blocks: Record<string, (person: TestPerson, browser: TestBrowser) => Promise<string>> = {
      anyone: async ({ userId, password }) => {
        const stranger = new TestBrowser(nodes);
        const page = await stranger.follow('/block/code_token');
        return (await stranger.send(page, { userId, password })).text;
      },
      person: async (_person, browser) => {
        const check = await browser.follow('/self-service/block/code_token');
        const { headers } = await browser.request('/self-service/block', { form: hiddenFields(check) });
        return (await browser.follow(headers.location ?? '')).text;
      },
      hotline: async (person) => {
        const path = `${new URL((await hotline.find(person)).url).pathname}/block-code-token`;
        const page = await hotline.browser.follow(path);
        return (await hotline.follow(await hotline.post(path, REASON, page))).text;
      },
    };
    const answers: Record<string, string> = {
      anyone: da.blockReceived.signIn.code_token,
      person: da.selfService.blocked.code_token,
      hotline: da.deskSearch.action.names['block-code-token'].done,
    };
    const rp = await aRelyingParty(nodes, { backchannel_logout_uri: 'https://rp.example/logout' });
    for (const [who, end] of Object.entries(blocks)) {
      const person = await aPerson(nodes);
      const token = await aCodeToken(nodes, person);
      const browser = await atSelfService(person);
      const { page, login } = await submitCode(person, rp, token.show());
      await claimsOf(rp, page, login.verifier);
      expect([who, (await end(person, browser)).includes(answers[who] ?? '?')]).toEqual([who, true]);
      expect(await rowOf(token)).toMatchObject({ state: 'blocked', mac: null });
      expect((await noticesTo(person)).at(-1)).toBe('blocked');
      expect((await browser.follow('/self-service/card')).page).not.toBe('self-card');
      const queued = await nodes.database.query('SELECT FROM logouts WHERE identity_id = $1', [
        person.identityId,
      ]);
      expect([who, queued.length]).toEqual([who, 1]);
      expect((await atSelfService(person)).constructor).toBe(TestBrowser);
    }
  });

  test('a wrong password, or no code token, looks the same; one on its way is meant where none is in use', async () => {
    const [person, without] = [await aPerson(nodes), await aPerson(nodes)];
    const first = await aCodeToken(nodes, person);
    const ask = async ({ userId, password }: { userId: string; password: string }) => {
      const stranger = new TestBrowser(nodes);
      const page = await stranger.send(await stranger.follow('/block/code_token'), { userId, password });
      return page.text.replaceAll(/nonce="[^"]*"/g, '');
    };
    const wrong = await ask({ ...person, password: 'ikke den rigtige' });
    expect(await stateOf(first)).toBe('active');
    expect(await ask(without)).toBe(wrong);
    expect(await ask(person)).toBe(wrong);
    expect(await stateOf(first)).toBe('blocked');
    const next = new SoftToken(nodes);
    await intoStock(nodes, next);
    await nodes.database.query(`DELETE FROM code_tokens WHERE state = 'in_stock' AND serial_number <> $1`, [
      next.serialNumber,
    ]);
    const browser = await atSelfService(person);
    await confirm(browser, person, await browser.send(await open(browser), { do: 'order' }));
    expect(await stateOf(next)).toBe('ordered');
    await ask(person);
    expect(await stateOf(next)).toBe('blocked');
  });
});
