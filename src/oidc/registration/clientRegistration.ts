/**
 * Registration by the relying party itself (RFC 7591) and what it may do with it afterwards (RFC 7592). The engine owns
 * the requests; what counts of them is decided by core/registration, and kept by one statement that also uses up the
 * initial access token: the engine looks at it first and writes afterwards.
 */
import { errors, Provider, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import type { Random } from '../../domain/random.ts';
import { RequestValue } from '../../domain/requestValue.ts';
import { DEFAULT_LANGUAGE, fieldIn } from '../../domain/language/language.ts';
import { clientNames, isRegistrationFault, readRegistration } from './document.rules.ts';
import { APPROVED } from '../../domain/relyingParty/metadataFields.ts';
import type { RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import {
  drawClientSecret,
  hashClientSecret,
  hashInitialAccessToken,
  isClientSecret,
  isHashedSecret,
} from '../../domain/relyingParty/clientSecrets.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import { findInitialAccessToken } from '../../db/oidc/initialAccessTokens.ts';
import { findClientRegistration, type ClientRegistration } from '../../db/oidc/clientRegistrations.ts';
import { toClientMetadata } from './clients.ts';

export interface ClientRegistrationDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly random: Random;
  readonly issuer: string;
  /** Sign-ins begin only when an operator has approved it, and so does what people would see of a change. */
  readonly waitsForApproval: boolean;
}

type RegistrationContext = KoaContextWithOIDC;

/** What one request is about to register or change. */
interface PreparedRegistration {
  readonly rp: RelyingParty;
  /** Null when it registers. */
  readonly before: ClientRegistration | null;
  /** All that it wants to be, where part of that waits for an operator. */
  readonly proposed: RelyingParty | null;
  readonly state: 'pending' | 'active' | 'change_pending';
}

const PREPARED = new RequestValue<PreparedRegistration>('the registration');

/** Of the request that is being answered. */
export function findPreparedRegistration(ctx: RegistrationContext): PreparedRegistration | undefined {
  return PREPARED.find(ctx);
}

/** The one policy that there is: it reads the table. A token without a policy is none. */
export const CUSTOM_PROPERTIES = 'by-table';

/** Lower case, as all ids of relying parties; 80 bits, which nobody guesses and no two draw. */
function drawClientId(random: Random): string {
  const signs = 'abcdefghjkmnpqrstuvwxyz23456789';
  return `rp-${Array.from({ length: 16 }, () => signs[random.below(signs.length)]).join('')}`;
}

export function composeRegistrationFeatures(deps: ClientRegistrationDeps) {
  return {
    registration: {
      enabled: true,
      initialAccessToken: true,
      issueRegistrationAccessToken: true,
      idFactory: () => drawClientId(deps.random),
      secretFactory: () => drawClientSecret(deps.random),
      policies: {
        [CUSTOM_PROPERTIES]: (ctx: RegistrationContext, properties: ClientProperties) =>
          prepareRegistration(deps, ctx, properties),
      },
    },
    // The token that manages a registration stays the same: with the answer to a change lost, it is not.
    registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
  };
}

type ClientProperties = Record<string, unknown>;

/** Puts what is right in the place of what was said. */
async function prepareRegistration(
  deps: ClientRegistrationDeps,
  ctx: RegistrationContext,
  properties: ClientProperties,
): Promise<void> {
  const { database, keyring, issuer, waitsForApproval } = deps;
  const { entities } = ctx.oidc;
  const isNew = ctx.method === 'POST';
  const clientId = String(properties['client_id']);
  const before = isNew ? null : await findClientRegistration(database, clientId);
  const token = entities.InitialAccessToken;
  const policy = before
    ? before.policy
    : token && (await findInitialAccessToken(database, hashInitialAccessToken(keyring, token.jti)))?.policy;
  if (!policy) throw new errors.InvalidToken('it opens no registration');
  const drawn = isNew && typeof properties['client_secret'] === 'string' ? properties['client_secret'] : null;
  const secretHash = drawn === null ? before?.rp.client_secret : hashClientSecret(keyring, drawn);
  // Which picture stands there may be the operators' choice: not to name one is not to take it away.
  const input =
    before?.rp.logo && !('logo' in properties) ? { ...properties, logo: before.rp.logo } : properties;
  const read = readRegistration(input, {
    clientId,
    policy,
    secretHash,
    issuer,
    loopback: !waitsForApproval,
  });
  // The engine tells faults of `redirect_uris` from the others by how they begin.
  if (isRegistrationFault(read)) throw new errors.InvalidClientMetadata(read.description);
  const state = chooseRegistrationState(before, read, waitsForApproval);
  const waits = before && state === 'change_pending';
  PREPARED.set(ctx, {
    rp: waits ? { ...read, ...pickApprovedFields(before.rp) } : read,
    before,
    proposed: waits ? read : null,
    state,
  });
  for (const name of Object.keys(properties)) Reflect.deleteProperty(properties, name);
  Object.assign(properties, toClientMetadata(read), { state });
  // Said once, when it was drawn.
  if (drawn !== null && read.client_secret) {
    Object.assign(properties, { client_secret: drawn, client_secret_expires_at: 0 });
  }
}

/** Of what was approved, that which waits again when it changes. */
function pickApprovedFields(rp: RelyingParty): Partial<RelyingParty> {
  return Object.fromEntries(APPROVED.map((name) => [name, rp[name]]));
}

function chooseRegistrationState(
  before: ClientRegistration | null,
  rp: RelyingParty,
  waits: boolean,
): PreparedRegistration['state'] {
  if (!waits) return 'active';
  if (!before || before.state === 'pending') return 'pending';
  const waitsAgain = APPROVED.some((name) => JSON.stringify(before.rp[name]) !== JSON.stringify(rp[name]));
  return waitsAgain ? 'change_pending' : 'active';
}

/**
 * A client as it looks at its own registration. Its secret is kept as a hash: one that it sends along with a change, as
 * it may, is held against that; and what is answered never has it.
 */
export function toManagedClient(client: Client, keyring: Keyring): Client {
  const stored = client.clientSecret;
  if (stored === undefined) return client;
  const own = Object.getOwnPropertyDescriptors(client);
  return Object.defineProperty(
    Object.create(Object.getPrototypeOf(client) as object, own) as Client,
    'clientSecret',
    {
      enumerable: true,
      get: () => {
        const given: unknown = Provider.ctx?.oidc.body?.['client_secret'];
        return typeof given === 'string' && isClientSecret(keyring, given, stored) ? given : stored;
      },
    },
  );
}

const MANAGEMENT_ROUTES: ReadonlySet<string | undefined> = new Set([
  'client',
  'client_update',
  'client_delete',
]);

/** By the route that the provider has found, however its address was written. */
export function isManagementRoute(route: string | undefined): boolean {
  return MANAGEMENT_ROUTES.has(route);
}

function isRegistrationRoute(route: string | undefined): boolean {
  return route === 'registration' || isManagementRoute(route);
}

/**
 * What leaves of a registration: no hash of a secret, the names as they are taken, so that what was read can be put
 * back, and how far it has come.
 */
export function removeClientSecrets(provider: Provider, { database }: ClientRegistrationDeps): void {
  provider.use(async (ctx, next) => {
    await next();
    if (typeof ctx.body !== 'object' || ctx.body === null) return;
    const body = ctx.body as ClientProperties;
    const secret = body['client_secret'];
    // Whatever was asked for: no answer has it.
    if (typeof secret === 'string' && isHashedSecret(secret)) {
      Reflect.deleteProperty(body, 'client_secret');
      Reflect.deleteProperty(body, 'client_secret_expires_at');
    }
    if (!isRegistrationRoute((ctx as Partial<RegistrationContext>).oidc?.route)) return;
    if (typeof body[fieldIn('name', DEFAULT_LANGUAGE)] === 'string') {
      Object.assign(
        body,
        clientNames((language) => body[fieldIn('name', language)]),
      );
    }
    if (ctx.method !== 'GET' || typeof body['client_id'] !== 'string') return;
    const found = await findClientRegistration(database, body['client_id']);
    if (found) body['state'] = found.proposed ? 'change_pending' : found.state;
  });
}
