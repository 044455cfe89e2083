/**
 * Registration by the relying party itself (RFC 7591) and what it may do with it afterwards (RFC 7592). The engine owns
 * the requests; what counts of them is decided by core/registration, and kept by one statement that also uses up the
 * initial access token: the engine looks at it first and writes afterwards.
 */
import { errors, Provider, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import type { Dice } from '../core/dice.ts';
import { RequestValue } from '../core/input/requestValue.ts';
import { DEFAULT_LANGUAGE, fieldIn } from '../core/language/language.ts';
import { clientNames, isFault, readRegistration } from '../core/registration/document.ts';
import { APPROVED } from '../core/registration/metadataFields.ts';
import type { RelyingParty } from '../core/relyingParty.ts';
import {
  drawClientSecret,
  hashClientSecret,
  initialAccessTokenId,
  isClientSecret,
  isHashedSecret,
} from '../core/registration/clientSecrets.ts';
import type { Keyring } from '../platform/keyring.ts';
import type { Database } from '../store/database.ts';
import { findInitialAccessToken } from '../store/initialAccessTokens.ts';
import { findRegistration, type Registration } from '../store/registrations.ts';
import { toMetadata } from './clients.ts';

export interface RegistrationGround {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly dice: Dice;
  readonly issuer: string;
  /** Sign-ins begin only when an operator has approved it, and so does what people would see of a change. */
  readonly waitsForApproval: boolean;
}

type Context = KoaContextWithOIDC;

/** What one request is about to register or change. */
interface Prepared {
  readonly rp: RelyingParty;
  /** Null when it registers. */
  readonly before: Registration | null;
  /** All that it wants to be, where part of that waits for an operator. */
  readonly proposed: RelyingParty | null;
  readonly state: 'pending' | 'active' | 'change_pending';
}

const PREPARED = new RequestValue<Prepared>('the registration');

/** Of the request that is being answered. */
export function preparedOf(ctx: Context): Prepared | undefined {
  return PREPARED.find(ctx);
}

/** The one policy that there is: it reads the table. A token without a policy is none. */
export const BY_TABLE = 'by-table';

/** Lower case, as all ids of relying parties; 80 bits, which nobody guesses and no two draw. */
function drawClientId(dice: Dice): string {
  const signs = 'abcdefghjkmnpqrstuvwxyz23456789';
  return `rp-${Array.from({ length: 16 }, () => signs[dice.below(signs.length)]).join('')}`;
}

export function registrationFeatures(ground: RegistrationGround) {
  return {
    registration: {
      enabled: true,
      initialAccessToken: true,
      issueRegistrationAccessToken: true,
      idFactory: () => drawClientId(ground.dice),
      secretFactory: () => drawClientSecret(ground.dice),
      policies: { [BY_TABLE]: (ctx: Context, properties: Properties) => prepare(ground, ctx, properties) },
    },
    // The token that manages a registration stays the same: with the answer to a change lost, it is not.
    registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
  };
}

type Properties = Record<string, unknown>;

/** Puts what is right in the place of what was said. */
async function prepare(ground: RegistrationGround, ctx: Context, properties: Properties): Promise<void> {
  const { database, keyring, issuer, waitsForApproval } = ground;
  const { entities } = ctx.oidc;
  const isNew = ctx.method === 'POST';
  const clientId = String(properties['client_id']);
  const before = isNew ? null : await findRegistration(database, clientId);
  const token = entities.InitialAccessToken;
  const policy = before
    ? before.policy
    : token && (await findInitialAccessToken(database, initialAccessTokenId(keyring, token.jti)))?.policy;
  if (!policy) throw new errors.InvalidToken('it opens no registration');
  const drawn = isNew && typeof properties['client_secret'] === 'string' ? properties['client_secret'] : null;
  const secretHash = drawn === null ? before?.rp.client_secret : hashClientSecret(keyring, drawn);
  // Which picture stands there may be the operators' choice: not to name one is not to take it away.
  const said =
    before?.rp.logo && !('logo' in properties) ? { ...properties, logo: before.rp.logo } : properties;
  const read = readRegistration(said, {
    clientId,
    policy,
    secretHash,
    issuer,
    loopback: !waitsForApproval,
  });
  // The engine tells faults of `redirect_uris` from the others by how they begin.
  if (isFault(read)) throw new errors.InvalidClientMetadata(read.description);
  const state = stateOf(before, read, waitsForApproval);
  const waits = before && state === 'change_pending';
  PREPARED.set(ctx, {
    rp: waits ? { ...read, ...approvedOf(before.rp) } : read,
    before,
    proposed: waits ? read : null,
    state,
  });
  for (const name of Object.keys(properties)) Reflect.deleteProperty(properties, name);
  Object.assign(properties, toMetadata(read), { state });
  // Said once, when it was drawn.
  if (drawn !== null && read.client_secret) {
    Object.assign(properties, { client_secret: drawn, client_secret_expires_at: 0 });
  }
}

/** Of what was approved, that which waits again when it changes. */
function approvedOf(rp: RelyingParty): Partial<RelyingParty> {
  return Object.fromEntries(APPROVED.map((name) => [name, rp[name]]));
}

function stateOf(before: Registration | null, rp: RelyingParty, waits: boolean): Prepared['state'] {
  if (!waits) return 'active';
  if (!before || before.state === 'pending') return 'pending';
  const waitsAgain = APPROVED.some((name) => JSON.stringify(before.rp[name]) !== JSON.stringify(rp[name]));
  return waitsAgain ? 'change_pending' : 'active';
}

/**
 * A client as it looks at its own registration. Its secret is kept as a hash: one that it sends along with a change, as
 * it may, is held against that; and what is answered never has it.
 */
export function asManaged(client: Client, keyring: Keyring): Client {
  const kept = client.clientSecret;
  if (kept === undefined) return client;
  const own = Object.getOwnPropertyDescriptors(client);
  return Object.defineProperty(
    Object.create(Object.getPrototypeOf(client) as object, own) as Client,
    'clientSecret',
    {
      enumerable: true,
      get: () => {
        const given: unknown = Provider.ctx?.oidc.body?.['client_secret'];
        return typeof given === 'string' && isClientSecret(keyring, given, kept) ? given : kept;
      },
    },
  );
}

const MANAGEMENT: ReadonlySet<string | undefined> = new Set(['client', 'client_update', 'client_delete']);

/** By the route that the provider has found, however its address was written. */
export function isManagementRoute(route: string | undefined): boolean {
  return MANAGEMENT.has(route);
}

function isRegistrationRoute(route: string | undefined): boolean {
  return route === 'registration' || isManagementRoute(route);
}

/**
 * What leaves of a registration: no hash of a secret, the names as they are taken, so that what was read can be put
 * back, and how far it has come.
 */
export function hideSecrets(provider: Provider, { database }: RegistrationGround): void {
  provider.use(async (ctx, next) => {
    await next();
    if (typeof ctx.body !== 'object' || ctx.body === null) return;
    const body = ctx.body as Properties;
    const secret = body['client_secret'];
    // Whatever was asked for: no answer has it.
    if (typeof secret === 'string' && isHashedSecret(secret)) {
      Reflect.deleteProperty(body, 'client_secret');
      Reflect.deleteProperty(body, 'client_secret_expires_at');
    }
    if (!isRegistrationRoute((ctx as Partial<Context>).oidc?.route)) return;
    if (typeof body[fieldIn('name', DEFAULT_LANGUAGE)] === 'string') {
      Object.assign(
        body,
        clientNames((language) => body[fieldIn('name', language)]),
      );
    }
    if (ctx.method !== 'GET' || typeof body['client_id'] !== 'string') return;
    const found = await findRegistration(database, body['client_id']);
    if (found) body['state'] = found.proposed ? 'change_pending' : found.state;
  });
}
