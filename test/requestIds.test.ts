/**
 * A listed proxy names a request and its trace, in the log and on the error page; what anyone else sends is
 * ignored. Neither goes out.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { composeErrorNumber } from '../src/domain/errors/errorNumber.ts';
import { aKey, aRelyingParty, encodeForm, request, useNodes, useServer } from './support/index.ts';

const ID = 'proxy:7f-0001/req=1';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const HEADERS = { 'x-request-id': ID, traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };

const asked: IncomingHttpHeaders[] = [];
const published: object[] = [];
const site = useServer((req, res) => {
  asked.push(req.headers);
  res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
});
const proxied = useNodes(() => ({ trustedProxies: ['127.0.0.0/30'], privateOrigins: [site.origin] }));
const open = useNodes({ trustedProxies: ['10.0.0.0/8'] });

const lineOf = (log: string, id: unknown) =>
  log
    .split('\n')
    .find((line) => line.includes(`"requestId":${JSON.stringify(id)}`) && line.includes('"request"'));

test('of a listed proxy both are taken', async () => {
  const before = proxied.log.length;
  const answer = await request(proxied.node(0))
    .get('/nowhere')
    .set({ ...HEADERS, accept: 'text/html' });
  expect(answer.headers['x-request-id']).toBe(ID);
  expect(answer.text).toContain(composeErrorNumber(ID).replace(' ', '\u00a0'));
  const line = lineOf(proxied.log.slice(before), ID) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ traceId: TRACE, number: composeErrorNumber(ID), status: 404 });
});

describe('they are ignored', () => {
  const answerOf = async (nodes: typeof open, headers: Record<string, string>) => {
    const answer = await request(nodes.node(0)).get('/nowhere').set(headers);
    return {
      id: answer.headers['x-request-id'],
      line: lineOf(nodes.log, answer.headers['x-request-id']) ?? '',
    };
  };

  test('of a peer that is not listed, whatever it claims to forward', async () => {
    const { id, line } = await answerOf(open, { ...HEADERS, 'x-forwarded-for': '10.0.0.1' });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(line).toContain('/');
    expect(open.log).not.toContain(TRACE);
  });

  test('in a form that is not valid', async () => {
    const { id, line } = await answerOf(proxied, { 'x-request-id': 'a b', traceparent: `00-${TRACE}-0-01` });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(line).not.toContain('traceId');
  });
});

test('what Nøgle sends to a relying party has neither', async () => {
  const { key, jwk } = await aKey('published');
  published.push(jwk);
  const rp = await aRelyingParty(proxied, {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${site.origin}/jwks`,
  });
  const assertion = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: 'published' })
    .setIssuer(rp.clientId)
    .setSubject(rp.clientId)
    .setAudience(proxied.issuer)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key);
  proxied.secrets.add(assertion, 'assertion');
  const answer = await request(proxied.node(0))
    .post('/token')
    .set({ ...HEADERS, 'content-type': 'application/x-www-form-urlencoded' })
    .send(
      encodeForm({
        grant_type: 'authorization_code',
        code: 'none',
        redirect_uri: rp.redirectUri,
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }),
    );
  // Its keys were read, and it authenticated.
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, { error: 'invalid_grant' }]);
  expect(asked).toHaveLength(1);
  for (const sent of [ID, TRACE]) expect(JSON.stringify(asked)).not.toContain(sent);
  expect(Object.keys(asked[0] ?? {})).not.toContain('traceparent');
});
