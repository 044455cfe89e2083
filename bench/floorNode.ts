/**
 * The minimum that a sign-in can cost here, as a separate process: the provider with its records in memory,
 * as many statements by primary key as a sign-in takes (floorClient.ts), each sent separately, and one
 * password verification. It has no pages, no card, no audit log and nothing sealed. Started by floor.ts.
 */
import { exportJWK, generateKeyPair } from 'jose';
import type { Context, Next } from 'koa';
import { errors, Provider, type KoaContextWithOIDC } from 'oidc-provider';
import pg from 'pg';
import { hash, verify } from '@node-rs/argon2';
import PQueue from 'p-queue';
import { availableParallelism } from 'node:os';
import { FLOOR_CLIENT, FLOOR_ROWS, type FloorShape } from './floorClient.ts';

const SETTING = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const phc = await hash('a password', SETTING);
const hashing = new PQueue({ concurrency: availableParallelism() });
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] ?? '', max: 10 });
const anyRow = () => 1 + Math.floor(Math.random() * FLOOR_ROWS);
const readRow = () =>
  pool.query({ name: 'read', text: 'SELECT * FROM floor WHERE id = $1', values: [anyRow()] });
const writeRow = () =>
  pool.query({ name: 'write', text: 'UPDATE floor SET at = now() WHERE id = $1', values: [anyRow()] });

const SIGNED_IN = { login: { accountId: 'somebody' } };

const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const provider = new Provider('http://floor.example', {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'floor', use: 'sig', alg: 'ES256' }] },
  clients: [
    {
      client_id: FLOOR_CLIENT.id,
      client_secret: FLOOR_CLIENT.secret,
      redirect_uris: [FLOOR_CLIENT.redirectUri],
      id_token_signed_response_alg: 'ES256',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, { uid }) => `/login/${uid}` },
  cookies: { long: { signed: false }, short: { signed: false } },
  scopes: ['openid', 'profile'],
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  loadExistingGrant: async ({ oidc }: KoaContextWithOIDC) => {
    const { client, session } = oidc;
    if (!client || !session?.accountId) throw new errors.AccessDenied();
    const grant = new oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
});

const PAGE = 'x'.repeat(2_500);
const shown = new Set<string>();
const shape = process.env['FLOOR_SHAPE'] as FloorShape;

/** The first page answers the authorization request, and the provider answers the key. */
async function serveNow(ctx: Context, next: Next): Promise<void> {
  if (ctx.path === '/token') {
    await readRow();
    await writeRow();
  }
  if (!ctx.path.startsWith('/login/')) {
    await next();
    const isAsked = ctx.path === '/auth' && ctx.status === 303;
    if (isAsked) sendPage(ctx, `<form method="post" action="${ctx.response.get('location')}">${PAGE}`);
    return;
  }
  await readRow();
  if (ctx.method === 'GET') {
    await provider.interactionDetails(ctx.req, ctx.res);
    return sendPage(ctx, PAGE);
  }
  const isPassword = (await readBody(ctx)).startsWith('password');
  if (isPassword) await hashing.add(() => verify(phc, 'a password'));
  await writeRow();
  if (isPassword) {
    ctx.status = 303;
    return ctx.redirect(ctx.path);
  }
  ctx.url = new URL(await provider.interactionResult(ctx.req, ctx.res, SIGNED_IN)).pathname;
  ctx.method = 'GET';
  await next();
}

function sendPage(ctx: Context, body: string): void {
  ctx.remove('Location');
  ctx.status = 200;
  ctx.type = 'html';
  ctx.body = body;
}

async function readBody(ctx: Context): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

provider.use(async (ctx, next) => {
  if (shape === 'now') return await serveNow(ctx, next);
  const isProviderPath = ctx.path === '/token' || ctx.path.startsWith('/auth/');
  if (isProviderPath) {
    await readRow();
    await writeRow();
  }
  if (!ctx.path.startsWith('/login/')) return await next();
  if (ctx.method === 'GET') {
    await provider.interactionDetails(ctx.req, ctx.res);
    // The first page asks for nothing.
    if (shown.has(ctx.path)) await readRow();
    shown.add(ctx.path);
    return sendPage(ctx, PAGE);
  }
  const body = await readBody(ctx);
  ctx.status = 303;
  await readRow();
  await writeRow();
  if (body.startsWith('password')) {
    await hashing.add(() => verify(phc, 'a password'));
    return ctx.redirect(ctx.path);
  }
  await writeRow();
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, SIGNED_IN));
});
provider.listen(Number(process.env['PORT']), '127.0.0.1', () => process.stdout.write('ready\n'));
