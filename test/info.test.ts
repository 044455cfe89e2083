/**
 * The public pages: start page, services, help and the accessibility statement, as a signed-in person also
 * sees them.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../src/config/config.ts';
import {
  arrangeServices,
  findServices,
  foldSearchWords,
  mentionsOfflineWay,
  type Service,
} from '../src/domain/relyingParty/services.ts';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { HELP_TOPICS } from '../src/ui/help.tsx';
import { accessibilityDa } from '../src/features/info/accessibility.words.da.ts';
import { helpDa } from '../src/ui/words/help.words.da.ts';
import { servicesDa } from '../src/features/info/services.words.da.ts';
import { startDa } from '../src/features/info/start.words.da.ts';
import { aRelyingParty, authRequest, TestBrowser, HOTLINE, useChromium, useNodes } from './support/index.ts';
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

/** LIX: words in a sentence, and how many of a hundred words have more than six letters. */
function lix(texts: readonly string[]): number {
  const text = texts.map((one) => (/[.!?:]$/.test(one) ? one : `${one}.`)).join(' ');
  const all = text.match(/[\p{L}\p{N}-]+/gu) ?? [];
  const sentences = text.match(/[.!?:]+(\s|$)/g)?.length ?? 1;
  const long = all.filter((word) => word.replaceAll('-', '').length > 6).length;
  return all.length / sentences + (100 * long) / all.length;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

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
        .map(([, href, rest, text]) => [href, rest?.trim(), text]);
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

  test('is easy to read: LIX under 35', () => {
    const { groups: _groups, topics, ...around } = helpDa;
    const measured = [
      ...Object.entries(topics).map(([topic, texts]) => ({ topic, lix: lix(textsIn(texts)) })),
      { topic: 'around', lix: lix(textsIn(around)) },
      { topic: 'start', lix: lix(textsIn(startDa).filter((text) => !/OpenID|JSON/.test(text))) },
    ].sort((a, b) => b.lix - a.lix);
    console.info(measured.map(({ topic, lix: value }) => `${topic} ${value.toFixed(1)}`).join(', '));
    expect(measured.filter(({ lix: value }) => value >= 35)).toEqual([]);
    // Text that a law requires has longer words.
    expect(lix(textsIn(accessibilityDa))).toBeLessThan(45);
    // Control: text of an authority.
    expect(
      lix(['Foranstaltningerne vedrørende identifikationsmidlernes udstedelsesprocedure iværksættes.']),
    ).toBeGreaterThan(60);
  });
});

test('every page leads to the others, and every way leads somewhere', async () => {
  const ways = new Set<string>();
  for (const path of [
    '/',
    '/services',
    '/help',
    '/accessibility',
    ...HELP_TOPICS.map((one) => `/help/${one}`),
  ]) {
    const page = await read(path);
    expect([path, page.status]).toEqual([path, 200]);
    for (const way of ['/block', '/help', '/services', '/accessibility']) {
      expect(page.text).toContain(`href="${way}"`);
    }
    expect(page.text).toContain(`tel:${HOTLINE.replaceAll(' ', '')}`);
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
