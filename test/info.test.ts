/**
 * The public pages: start page, services, help, privacy and the accessibility statement, as a signed-in
 * person also sees them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../src/config/config.ts';
import {
  arrangeServices,
  findServices,
  foldSearchWords,
  mentionsOfflineWay,
  type Service,
} from '../src/domain/relyingParty/services.ts';
import { FIRST_PARTY_CLIENTS } from '../src/domain/relyingParty/firstPartyClient.ts';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { GALLERY } from '../src/gallery/gallery.tsx';
import { SAMPLE_CONTACT } from '../src/gallery/sampleContact.ts';
import { RETENTION_DAYS } from '../src/domain/retention.ts';
import { HELP_TOPICS } from '../src/ui/help.tsx';
import { helpDa } from '../src/ui/words/help.words.da.ts';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import { renderPage } from '../src/ui/layout.tsx';
import { COOKIES } from '../src/features/info/cookies.ts';
import { privacyDa } from '../src/features/info/privacy.words.da.ts';
import { servicesDa } from '../src/features/info/services.words.da.ts';
import {
  aPerson,
  CONTACT_ENV,
  aRelyingParty,
  authRequest,
  keyFor,
  TestBrowser,
  HOTLINE,
  useChromium,
  useNodes,
} from './support/index.ts';
import { WAYS } from './support/chromium.ts';

const words = {
  purpose_da: 'Lån af bøger og film på nettet.',
  purpose_en: 'Borrowing books and films online.',
  without_da: 'Kom forbi skranken på Ærøgade 3, 8900 Randers C.',
  without_en: 'Come to the counter at Ærøgade 3, 8900 Randers C.',
};

const LIBRARY = 'https://bibliotek.example/laan';

const chromium = useChromium();
const nodes = useNodes({ withoutErrors: true });
beforeAll(async () => {
  const library = { name_da: 'Ærø Bibliotek', name_en: 'Ærø Library', client_uri: LIBRARY } as const;
  await aRelyingParty(nodes, { kind: 'public', ...library, ...words });
  await aRelyingParty(nodes, { kind: 'bank', name_da: 'Østbanken', name_en: 'East Bank' });
});

const read = async (path: string) => await new TestBrowser(nodes).follow(path);
const namesIn = (text: string) => [...text.matchAll(/<h3>([^<]+)<\/h3>/g)].map(([, name]) => name);

describe('what needs an ID, and what to do without one', () => {
  test('in the words of the relying parties; the general way where one has said nothing; none of Nøgle’s', async () => {
    const page = await read('/services');
    expect([page.status, page.page]).toEqual([200, 'services']);
    expect(namesIn(page.text)).toEqual(['Ærø Bibliotek', 'Østbanken']);
    for (const text of [words.purpose_da, words.without_da, servicesDa.general.bank]) {
      expect(page.text).toContain(text);
    }
    const english = await read('/services?language=en');
    expect(namesIn(english.text)).toEqual(['Ærø Library', 'East Bank']);
    expect(english.text).toContain(words.without_en);
  });

  test('each leads to its own page, where it has one; an address that is no page is no link', async () => {
    const linksIn = (text: string) =>
      [...text.matchAll(/<a href="([a-z]+:[^"]*)"([^>]*)>([^<]*)</g)]
        .filter(([, href]) => !href?.startsWith('tel:') && !href?.startsWith('mailto:'))
        .map(([, href, rest, label]) => [href, rest?.trim(), label]);
    expect(linksIn((await read('/services')).text)).toEqual([
      [LIBRARY, 'rel="noreferrer"', servicesDa.goTo('Ærø Bibliotek', 'bibliotek.example')],
    ]);
    for (const planted of [
      'javascript:alert(1)',
      'data:text/html,x',
      'https://a@b.example/',
      'nowhere at all',
    ]) {
      await nodes.database.query(
        `UPDATE relying_parties SET metadata = metadata || jsonb_build_object('client_uri', $1::text),
           version = version + 1 WHERE metadata ->> 'name_da' = 'Østbanken'`,
        [planted],
      );
      const page = await read('/services');
      expect([planted, page.text.includes(planted), linksIn(page.text).length]).toEqual([planted, false, 1]);
    }
    await nodes.database.query(
      `UPDATE relying_parties SET metadata = metadata - 'client_uri', version = version + 1
       WHERE metadata ->> 'name_da' = 'Østbanken'`,
    );
  });

  test.each([
    ['BØGER', ['Ærø Bibliotek']],
    ['boeger', ['Ærø Bibliotek']],
    ['aeroe', ['Ærø Bibliotek']],
    ['banken', ['Østbanken']],
    ['film randers', ['Ærø Bibliotek']],
    ['film banken', []],
    ['', ['Ærø Bibliotek', 'Østbanken']],
    ['   ', ['Ærø Bibliotek', 'Østbanken']],
    ['.*', ['Ærø Bibliotek', 'Østbanken']],
  ])('asked for »%s«', async (asked, names) => {
    const page = await read(`/services?q=${encodeURIComponent(asked)}`);
    expect([page.status, namesIn(page.text)]).toEqual([200, names]);
  });

  test('what was typed is shown as it is and nothing else, however odd', async () => {
    const odd = ['"><script>alert(1)</script>', "'; DROP TABLE people; --", '%', '\u0000', 'x'.repeat(5_000)];
    for (const asked of odd) {
      const page = await read(`/services?q=${encodeURIComponent(asked)}`);
      expect([page.status, page.text.includes('<script>alert')]).toEqual([200, false]);
      expect(page.text.length).toBeLessThan(20_000);
    }
    for (const query of ['q=a&q=b', 'q[]=a', 'q=%ff', 'q=%zz']) {
      expect((await read(`/services?${query}`)).status).toBe(200);
    }
    const page = await read('/services?q=%C3%A6r%C3%B8&language=en');
    expect(page.text).toContain('ærø');
    expect(namesIn(page.text)).toEqual(['Ærø Library']);
  });

  test('the list is as it is now; of many that are found a hundred are shown, and how to find fewer', async () => {
    expect(namesIn((await read('/services')).text)).toHaveLength(2);
    await nodes.database.query(
      `INSERT INTO relying_parties (client_id, kind, metadata)
       SELECT 'many-' || n, kind, metadata || jsonb_build_object('name_da', 'Filial ' || n, 'name_en', 'Branch ' || n)
       FROM relying_parties, generate_series(1, 101) n WHERE metadata ->> 'name_da' = 'Østbanken'`,
    );
    expect(namesIn((await read('/services')).text)).toHaveLength(103);
    expect(namesIn((await read('/services?language=en')).text)).toContain('Branch 101');
    const many = await read('/services?q=filial');
    expect(namesIn(many.text)).toHaveLength(100);
    expect(many.text).toContain(servicesDa.first(100));
    expect(namesIn((await read('/services?q=filial+101')).text)).toEqual(['Filial 101']);
    await nodes.database.query(
      `UPDATE relying_parties SET metadata = metadata || '{"name_da": "Kontoret"}', version = version + 1
       WHERE client_id = 'many-7'`,
    );
    expect(namesIn((await read('/services')).text)).toContain('Kontoret');
    await nodes.database.query(`DELETE FROM relying_parties WHERE client_id LIKE 'many-%'`);
    expect(namesIn((await read('/services')).text)).toHaveLength(2);
  });

  test('a registration says all of it, in both languages, with a way that needs no screen', async () => {
    const metadata = {
      client_id: 'bibliotek',
      kind: 'public',
      name_da: 'Bibliotek',
      name_en: 'Library',
      scope: 'openid',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] },
      redirect_uris: ['https://bibliotek.example/back'],
      sector_identifier_uri: 'https://bibliotek.example/sector',
      ...words,
    };
    const faultsOf = (registration: object) =>
      relyingPartySchema.safeParse({ ...metadata, ...registration }).error?.message ?? '';
    expect(faultsOf({})).toBe('');
    expect(faultsOf({ purpose_en: undefined })).toContain('belong together');
    expect(faultsOf({ without_da: 'Brug vores hjemmeside i stedet, den er rigtig god.' })).toContain(
      'no way without',
    );
    expect(faultsOf({ purpose_da: 'Lån af \u202Ebøger' })).toContain('control characters');
    expect(mentionsOfflineWay('Ring på 89 15 15 15.')).toBe(true);
    expect(mentionsOfflineWay('Skriv til os på nettet i 2026.')).toBe(false);
  });

  test('in the order of the alphabet of the language', () => {
    const named = (name: string): Service => ({
      kind: 'bank',
      name: { da: name, en: name },
      words: null,
      homePage: null,
    });
    const names = ['Østbanken', 'Ærø', 'Aalborg', 'Zebra', 'Åbanken', 'bank'].map(named);
    expect(findServices(arrangeServices(names), '', 'da').map(({ name }) => name.da)).toEqual([
      'bank',
      'Zebra',
      'Ærø',
      'Østbanken',
      'Åbanken',
      'Aalborg',
    ]);
    expect(foldSearchWords('  Åse-Marie  Ødegård ')).toBe('aase marie oedegaard');
  });
});

describe('privacy', () => {
  test('says who answers for the data, where to write, and where to complain', async () => {
    const { NOEGLE_OPERATOR_NAME: name, NOEGLE_OPERATOR_CVR: cvr } = CONTACT_ENV;
    for (const language of ['da', 'en']) {
      const { text } = await read(`/privacy?language=${language}`);
      for (const part of [name, cvr, 'Laksetorvet 1', '8900 Randers C', 'mailto:dt@datatilsynet.dk'])
        expect([language, part, text.includes(part)]).toEqual([language, part, true]);
      // Whole days and hours, and one of them is not said as many.
      expect(text).not.toMatch(/>[^<]*(\d\.\d+|\b1) (dage|timer|minutter|days|hours|minutes)</);
    }
  });

  test('says for how many days each kind of data is kept, and the sweep deletes by no other number', async () => {
    const { text } = await read('/privacy?language=da');
    const { deskRefusals: _ofStaff, ...listed } = RETENTION_DAYS;
    for (const [kind, days] of Object.entries(listed)) {
      const row = `<td>${privacyDa.howLong.kinds[kind as keyof typeof listed]}</td><td>${privacyDa.howLong.days(days)}</td>`;
      expect([kind, text.includes(row)]).toEqual([kind, true]);
    }
    const sweep = readFileSync('src/db/sweep.ts', 'utf8');
    for (const kind of Object.keys(RETENTION_DAYS))
      expect([kind, sweep.includes(`retention('${kind}')`)]).toEqual([kind, true]);
    const numbers = new Set(Object.values(RETENTION_DAYS).map(String));
    const others = [...sweep.matchAll(/interval '(\d+) days?'/g)].filter(
      ([, days = '']) => !numbers.has(days),
    );
    expect(others.map(([whole]) => whole)).toEqual([]);
  });

  /** Names in the code that are no cookies; the playground, which is only in the sandbox. */
  const NO_COOKIES = /^noegle-(migrate|operator|start|worker|export-\d+|developers)$/;
  const listedNames = () => Object.values(COOKIES).flatMap(({ names }) => names);

  test('lists every cookie that the code names', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    const named = files.flatMap((file) =>
      [
        ...readFileSync(`src/${file}`, 'utf8').matchAll(
          /['"`](?:__(?:Host|Secure)-|\$\{[^}]*\})?(noegle-[a-z0-9]+(?:-[a-z0-9]+)*)(?=['"`]|-\$)/g,
        ),
      ].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(15);
    // One name, one use: what one part of the code clears, no other needs.
    const counts = FIRST_PARTY_CLIENTS.map(
      ({ clientId }) => named.filter((name) => name === clientId).length,
    );
    expect(counts).toEqual(FIRST_PARTY_CLIENTS.map(() => 1));
    const unlisted = new Set(named.filter((name) => !NO_COOKIES.test(name) && !listedNames().includes(name)));
    expect([...unlisted]).toEqual([]);
  });

  test('lists every cookie that a browser gets, and for how long', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const browser = new TestBrowser(nodes);
    const got = new Map<string, number | null>();
    const follow = browser.request.bind(browser);
    browser.request = async (url, sent) => {
      const answer = await follow(url, sent);
      for (const line of answer.headers['set-cookie'] ?? []) {
        const name = line.slice(0, line.indexOf('=')).replace(/^__(Host|Secure)-/, '');
        const [, expires] = /; expires=([^;]+)/i.exec(line) ?? [];
        const seconds = expires === undefined ? null : (Date.parse(expires) - Date.now()) / 1000;
        if (seconds === null || seconds > 0) got.set(name, seconds);
      }
      return answer;
    };
    await browser.follow('/help?language=en');
    await browser.send(await browser.follow('/activate'), { idNumber: '', temporaryPassword: '' });
    const passwordPage = await browser.follow(authRequest(rp).path);
    const again = await browser.send(passwordPage, { userId: '', password: '', rememberUserId: '1' });
    const keyPage = await browser.send(again, {
      userId: person.userId,
      password: person.password,
      rememberUserId: '1',
    });
    await browser.send(keyPage, { key: keyFor(person, keyPage), ownComputer: '1' });
    await browser.follow('/self-service');
    const baseOf = (name: string) =>
      [...listedNames()]
        .sort((one, other) => other.length - one.length)
        .find((one) => name === one || (name.startsWith(one) && /^[.-]/.test(name.slice(one.length))));
    const lists = [...got].map(([name, seconds]) => {
      const listed = Object.values(COOKIES).find(({ names }) => names.includes(baseOf(name) ?? ''));
      const isRight =
        listed !== undefined &&
        (listed.seconds === null ? true : seconds !== null && seconds <= listed.seconds + 1);
      return [name, seconds, isRight];
    });
    expect(lists.filter(([, , isRight]) => !isRight)).toEqual([]);
    for (const use of ['session', 'visitor', 'ownPages', 'activation'] as const) {
      const seen = [...got].filter(([name]) => COOKIES[use].names.includes(baseOf(name) ?? ''));
      expect([use, seen.length > 0]).toEqual([use, true]);
    }
    const lifeOf = (use: 'language' | 'ownBrowser' | 'signIn') =>
      Math.max(
        ...[...got]
          .filter(([name]) => COOKIES[use].names.includes(baseOf(name) ?? ''))
          .map(([, seconds]) => seconds ?? 0),
      );
    for (const use of ['language', 'ownBrowser', 'signIn'] as const)
      expect([use, Math.abs(lifeOf(use) - (COOKIES[use].seconds ?? 0)) < 60]).toEqual([use, true]);
  });
});

describe('help', () => {
  test('every topic, in both languages; an unknown one is not found', async () => {
    for (const topic of HELP_TOPICS) {
      for (const language of ['da', 'en']) {
        const page = await read(`/help/${topic}?language=${language}`);
        expect([topic, page.status, page.page]).toEqual([topic, 200, 'help-topic']);
      }
    }
    expect(Object.keys(helpDa.topics).sort()).toEqual([...HELP_TOPICS].sort());
    const none = await read('/help/flying');
    expect([none.status, none.page]).toEqual([404, 'trouble']);
  });
});

test('a page that sends people to Borgerservice books an appointment, where the operator has a page for it', () => {
  const written = (appointmentsUrl: string | null) => {
    const contact = { ...SAMPLE_CONTACT, appointmentsUrl };
    const frame = {
      t: TEXTS_BY_LANGUAGE.da,
      language: 'da',
      languageSwitch: null,
      stylesheet: '',
      contact,
    } as const;
    const pages = [...GALLERY['help-topic'], ...GALLERY.services, ...GALLERY.privacy, ...GALLERY.terms];
    return pages.map(({ state, render }) => ({ state, html: renderPage(render(frame)) }));
  };
  const url = SAMPLE_CONTACT.appointmentsUrl ?? '';
  const without = written(url).filter(({ html }) => !html.includes(`href="${url}"`));
  expect(without.map(({ state }) => state)).toEqual(
    Object.entries(helpDa.topics).flatMap(([topic, { now }]) =>
      now.some((text) => text.includes('Borgerservice')) ? [] : [topic],
    ),
  );
  expect(without.length).toBeLessThan(HELP_TOPICS.length / 2 + 1);
  expect(written(null).filter(({ html }) => html.includes(TEXTS_BY_LANGUAGE.da.borgerservice.book))).toEqual(
    [],
  );
});

test('every page leads to the others, and every way leads somewhere', async () => {
  const ways = new Set<string>();
  for (const path of [
    '/',
    '/services',
    '/help',
    '/accessibility',
    '/privacy',
    '/terms',
    ...HELP_TOPICS.map((one) => `/help/${one}`),
  ]) {
    const page = await read(path);
    expect([path, page.status]).toEqual([path, 200]);
    for (const way of ['/block', '/help', '/services', '/accessibility', '/privacy', '/terms']) {
      expect(page.text).toContain(`href="${way}"`);
    }
    expect(page.text).toContain(`tel:${HOTLINE.replaceAll(' ', '')}`);
    expect(page.text).toContain(`mailto:${CONTACT_ENV.NOEGLE_CONTACT_EMAIL}`);
    for (const [, href = ''] of page.text.matchAll(/<a [^>]*href="(\/[^"]*)"/g))
      ways.add(href.replaceAll('&amp;', '&'));
  }
  expect([...ways]).toEqual(
    expect.arrayContaining(['/order', '/activate', '/self-service', '/help/lost-card']),
  );
  for (const way of ways) {
    const { status } = await read(way);
    expect([way, status]).toEqual([way, 200]);
  }
});

test('the foot of a sign-in and of an error page has them too', async () => {
  const rp = await aRelyingParty(nodes);
  for (const path of [authRequest(rp).path, '/nothing-here', '/block', '/order']) {
    const page = await read(path);
    for (const part of ['href="/block"', 'href="/help"', 'href="/accessibility"', 'tel:']) {
      if (path === '/block' && part === 'href="/block"') continue;
      expect([path, part, page.text.includes(part)]).toEqual([path, part, true]);
    }
  }
});

test('a HEAD has no body, and a machine that asks for JSON of nothing gets no page', async () => {
  for (const path of ['/', '/services', '/help/card']) {
    const head = await new TestBrowser(nodes).request(path, { method: 'HEAD' });
    expect([path, head.status, head.text]).toEqual([path, 200, '']);
  }
});

test('the number of the hotline is one that can be dialled', () => {
  const faultOf = (NOEGLE_HOTLINE: string) => {
    const config = () => readConfig({ NOEGLE_HOTLINE });
    try {
      config();
      return '';
    } catch (error) {
      return String(error);
    }
  };
  for (const good of ['70 10 20 30', '+45 70 10 20 30', '112']) expect(faultOf(good)).toBe('');
  for (const bad of ['ring bare', '70-10-20-30', '7', '70 10 <b>', '70 10 20 30 '.repeat(5)]) {
    expect(faultOf(bad)).toContain('NOEGLE_HOTLINE');
  }
});

describe.each(WAYS)('in Chromium: $locale, script $javaScriptEnabled', (way) => {
  test('from the start page to what to do without an ID, to help, and to block in one click', async () => {
    const context = await chromium.newContext(way);
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const at = async (name: string) => await page.waitForSelector(`main[data-page="${name}"]`);
    await page.goto(nodes.issuer);
    await at('start');
    await page.click('main a[href="/services"]');
    await at('services');
    await page.fill('[name=q]', way.locale === 'da-DK' ? 'bøger' : 'books');
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await page.locator('main h3').count()).toBeGreaterThan(0);
    expect(await page.locator('main h3').allInnerTexts()).not.toContain(
      way.locale === 'da-DK' ? 'Østbanken' : 'East Bank',
    );
    await page.click('main a[href="/help/cannot-use-card"]');
    await at('help-topic');
    await page.click('main a[href="/help"]');
    await at('help');
    await page.click('main a[href="/help/lost-card"]');
    await at('help-topic');
    await page.click('footer a[href="/block"]');
    await at('block');
    await page.click('header a[href="/"]');
    await at('start');
    await context.close();
  });
});
