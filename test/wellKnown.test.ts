/** Well-known addresses for programs, and which pages search engines may index. */
import { SAMPLE_CONTACT } from '../src/gallery/sampleContact.ts';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import Router from '@koa/router';
import { describe, expect, test } from '@jest/globals';
import { readConfig, type ConfigError } from '../src/config/config.ts';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import { renderPage } from '../src/ui/layout.tsx';
import { PAGE_NAMES } from '../src/ui/pageNames.ts';
import type { FeatureDeps } from '../src/features/feature.ts';
import { wellKnown } from '../src/features/info/wellKnown.routes.ts';
import { GALLERY } from '../src/gallery/gallery.tsx';
import { aRelyingParty, authRequest, TestBrowser, HOTLINE, request, useNodes } from './support/index.ts';

const nodes = useNodes();

const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  await request(nodes.node(0)).with(method, path).set(headers);

describe('known addresses', () => {
  test('lead password managers and readers of the law to where they want to', async () => {
    for (const [path, to, page] of [
      ['/.well-known/change-password', '/self-service/sign-in', 'password'],
      ['/was', '/accessibility', 'accessibility'],
    ] as const) {
      const { status, headers } = await get(path);
      expect([path, status, headers.location]).toEqual([path, 303, to]);
      expect((await new TestBrowser(nodes).follow(path)).page).toBe(page);
    }
  });

  test('the statement is in the WAS-Tool where the operator has it there, also for the foot', async () => {
    const accessibilityUrl = 'https://was.digst.dk/noegle-example';
    const contact = { ...SAMPLE_CONTACT, accessibilityUrl };
    const router = new Router();
    wellKnown.mount(router, { contact } as FeatureDeps);
    const server = new Koa().use(router.routes()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { headers } = await fetch(`http://127.0.0.1:${port}/was`, { redirect: 'manual' });
    server.close();
    expect(headers.get('location')).toBe(accessibilityUrl);
    const language = 'da';
    const frame = {
      t: TEXTS_BY_LANGUAGE[language],
      language,
      languageSwitch: null,
      stylesheet: '',
      contact,
    } as const;
    const [first] = GALLERY.help;
    expect(renderPage(first!.render(frame))).toContain(`<a href="${accessibilityUrl}">`);
  });

  test('security.txt says who to notify, until when it holds, and where it is', async () => {
    const { status, headers, text } = await get('/.well-known/security.txt');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    const fields = new Map(
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/: (.*)/) as [string, string]),
    );
    expect([...fields.keys()]).toEqual(['Contact', 'Expires', 'Preferred-Languages', 'Canonical']);
    expect(fields.get('Contact')).toBe(`tel:+45${HOTLINE.replaceAll(' ', '')}`);
    expect(fields.get('Canonical')).toBe(`${nodes.issuer}/.well-known/security.txt`);
    const days = (Date.parse(fields.get('Expires') ?? '') - Date.now()) / 86_400_000;
    expect(days > 170 && days < 365).toBe(true);
    expect(fields.get('Expires')).toMatch(/^\d{4}-\d{2}-\d{2}T00:00:00Z$/);
  });

  test('its contact is a setting, and a wrong one is reported', () => {
    const faultsOf = (contact: string) => {
      try {
        readConfig({ DATABASE_URL: 'postgres://x', NOEGLE_SECURITY_CONTACT: contact });
        return '';
      } catch (error) {
        return (error as ConfigError).message;
      }
    };
    for (const contact of ['security@id.example', 'mailto:x', 'javascript:x', 'https://a b', 'tel:70102030'])
      expect(faultsOf(contact)).toContain('NOEGLE_SECURITY_CONTACT must be');
    for (const contact of ['', 'mailto:security@id.example', 'https://id.example/report', 'tel:+4570102030'])
      expect(faultsOf(contact)).not.toContain('NOEGLE_SECURITY_CONTACT');
  });

  test.each([
    ['/robots.txt', 'text/plain; charset=utf-8', 200],
    ['/.well-known/security.txt', 'text/plain; charset=utf-8', 200],
    ['/favicon.ico', 'image/x-icon', 200],
    ['/apple-touch-icon.png', 'image/png', 404],
    ['/apple-touch-icon-120x120-precomposed.png', 'image/png', 404],
  ])('%s is kept for a day, has no body for HEAD, and asks no database', async (path, type, status) => {
    const before = nodes.cost.statements;
    const whole = await get(path);
    const head = await get(path, {}, 'HEAD');
    for (const answer of [whole, head]) {
      expect([answer.status, answer.headers['content-type']]).toEqual([status, type]);
      expect(answer.headers['cache-control']).toBe('public, max-age=86400');
      expect(answer.headers['x-robots-tag']).toBe(undefined);
      expect(answer.headers['set-cookie']).toBe(undefined);
    }
    expect(head.text).toBe('');
    expect(nodes.cost.statements).toBe(before);
  });

  test('the metadata is at both of its addresses', async () => {
    const [one, other] = await Promise.all(
      ['openid-configuration', 'oauth-authorization-server'].map(
        async (name) => await get(`/.well-known/${name}`),
      ),
    );
    expect(other?.status).toBe(200);
    expect(JSON.parse(other?.text ?? '')).toEqual(JSON.parse(one?.text ?? ''));
  });
});

describe('search engines', () => {
  const FOUND = new Set([
    'start',
    'help',
    'help-topic',
    'services',
    'terms',
    'accessibility',
    'privacy',
    'order',
    'block',
    'new-password',
  ]);
  const isFound = (html: string) => !html.includes('<meta name="robots" content="noindex"/>');

  test.each(['da', 'en'] as const)(
    '%s: find what people look for, and nothing that is personal',
    (language) => {
      const frame = {
        t: TEXTS_BY_LANGUAGE[language],
        language,
        languageSwitch: null,
        stylesheet: '/x.css',
        contact: SAMPLE_CONTACT,
      };
      for (const name of PAGE_NAMES) {
        for (const { state, render } of GALLERY[name]) {
          const html = renderPage(render(frame));
          const isFault = html.includes(`<title>${TEXTS_BY_LANGUAGE[language].errorTitle}: `);
          expect([name, state, isFound(html)]).toEqual([name, state, FOUND.has(name) && !isFault]);
        }
      }
    },
  );

  test('are told so at each address, and not kept from reading it', async () => {
    const rp = await aRelyingParty(nodes);
    const robots = (await get('/robots.txt')).text;
    expect(robots).not.toMatch(/Disallow: ?\//);
    for (const language of ['da', 'en']) {
      const seen = async (path: string) => {
        const browser = new TestBrowser(nodes);
        const first = await browser.request(path, { headers: { 'accept-language': language } });
        const { headers, text, status } = first.status === 303 ? await browser.follow(path) : first;
        return [path, headers['x-robots-tag'] === undefined && isFound(text) && status === 200];
      };
      for (const path of [
        '/',
        '/help',
        '/services',
        '/terms',
        '/accessibility',
        '/order',
        '/block',
        '/new-password',
      ])
        expect(await seen(path)).toEqual([path, true]);
      const hidden = [
        '/self-service',
        '/desk',
        '/activate',
        '/session',
        '/order/received',
        '/block/received',
        '/new-password/received',
      ];
      for (const path of [
        ...hidden,
        '/nothing',
        '/login/x',
        authRequest(rp).path,
        '/services?q=bibliotek',
        '/jwks',
      ])
        expect(await seen(path)).toEqual([path, false]);
    }
    for (const path of ['/jwks', '/.well-known/openid-configuration', '/health/live'])
      expect((await get(path)).headers['x-robots-tag']).toBe('noindex');
  });
});
