/**
 * One request of a stranger costs a node time in proportion to its length: nothing is quadratic. Processor
 * time is measured, of the node and the client together.
 */
import { request } from 'node:http';
import { beforeAll, expect, test } from '@jest/globals';
import {
  aPerson,
  authRequest,
  TestBrowser,
  FORM,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

/** A plain request takes some five; quadratic code took from ninety to two thousand. */
const MOST_MS = 45;
const HEADER = 31_000;
const BODY = 100_000;

const nodes = useNodes({ proxyHops: 1 });
const rp = useRelyingParty(nodes);
beforeAll(async () => {
  // Code that runs for the first time is compiled.
  await toKeyPage(new TestBrowser(nodes), await aPerson(nodes), authRequest(rp));
});

interface TimedForm {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function send({ method = 'GET', path, headers = {}, body }: TimedForm): Promise<number> {
  const { host } = new URL(nodes.issuer);
  const { port } = nodes.node(0);
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, maxHeaderSize: 1_000_000 };
    const all = { host, accept: 'text/html', ...length, ...headers };
    const req = request({ ...options, headers: all }, (res) => {
      res.resume();
      res.on('end', () => resolve(res.statusCode ?? 0));
    });
    req.setTimeout(20_000, () => req.destroy(new Error(`no answer from ${path.slice(0, 30)}`)));
    req.on('error', reject);
    req.end(body);
  });
}

/** The minimum of three: other work of the process varies. */
async function costOf(sent: TimedForm): Promise<number> {
  const costs: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    const before = process.cpuUsage();
    await send(sent);
    const { user, system } = process.cpuUsage(before);
    if (i > 0) costs.push((user + system) / 1000);
  }
  return Math.min(...costs);
}

const FORMS = [
  '/login/abcdefghijklmnopqrstu',
  '/activate',
  '/block',
  '/order',
  '/session',
  '/self-service/contact',
  '/desk',
  '/session/end',
  '/auth',
  '/token',
  '/request',
  '/token/revocation',
  '/token/introspection',
];
const UNITS = ['%09', '+', '%20', ',', ';', '.', '-', '%C3%A5', '%E2%80%8B', '%F0%9F%98%80', '=', '&a='];
const inHeader = (unit: string) => `a${unit.repeat(Math.floor((HEADER - 2) / unit.length))}b`;
const inBody = (unit: string) => `a${unit.repeat(Math.floor((BODY - 20) / unit.length))}b`;

test.each(FORMS)('a form at %s', async (path) => {
  for (const unit of UNITS) {
    const post = { method: 'POST', path, headers: FORM } as const;
    const bodies = [`userId=${inBody(unit)}`, `password=${inBody(unit)}`, inBody(unit)];
    for (const body of bodies) {
      const ms = await costOf({ ...post, body });
      expect([path, unit, body.slice(0, 8), ms < MOST_MS ? 'linear' : ms]).toEqual([
        path,
        unit,
        body.slice(0, 8),
        'linear',
      ]);
    }
  }
});

const HEADERS = [
  'accept',
  'accept-language',
  'accept-encoding',
  'authorization',
  'content-type',
  'content-encoding',
  'cookie',
  'dpop',
  'if-none-match',
  'origin',
  'range',
  'referer',
  'traceparent',
  'user-agent',
  'x-forwarded-for',
];
const SIGNS = [
  ' ',
  '",',
  ',',
  ';',
  '"',
  '/',
  '.',
  '=',
  '(',
  ', "',
  '; ',
  'a=b; ',
  'noegle-self-service.AAAAAAAAAAAA=; ',
];

test.each(HEADERS)('a header %s', async (name) => {
  for (const sign of SIGNS) {
    for (const path of ['/', '/nothing-here', '/self-service', authRequest(rp).path]) {
      const ms = await costOf({ path, headers: { [name]: inHeader(sign) } });
      expect([path, sign, ms < MOST_MS ? 'linear' : ms]).toEqual([path, sign, 'linear']);
    }
    for (const path of ['/token', '/block', '/auth']) {
      const form = { method: 'POST', path, body: 'grant_type=refresh_token' } as const;
      const ms = await costOf({ ...form, headers: { ...FORM, [name]: inHeader(sign) } });
      expect([path, sign, ms < MOST_MS ? 'linear' : ms]).toEqual([path, sign, 'linear']);
    }
  }
});

test('parameters of an address', async () => {
  const plain = new URLSearchParams(authRequest(rp).path.slice('/auth?'.length));
  for (const unit of UNITS) {
    const text = inHeader(unit).slice(0, HEADER - 600);
    const paths = [
      `/services?q=${text}`,
      `/order?language=${text}`,
      `/?${text}`,
      `/help/${text}`,
      ...['scope', 'state', 'ui_locales', 'acr_values', 'login_hint', 'claims', 'redirect_uri', 'prompt'].map(
        (name) => {
          const others = [...plain].filter(([one]) => one !== name);
          return `/auth?${new URLSearchParams(others).toString()}&${name}=${text}`;
        },
      ),
    ];
    for (const path of paths) {
      const ms = await costOf({ path });
      expect([path.slice(0, 60), unit, ms < MOST_MS ? 'linear' : ms]).toEqual([
        path.slice(0, 60),
        unit,
        'linear',
      ]);
    }
  }
});
