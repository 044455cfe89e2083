/**
 * Dynamic client registration (RFC 7591) and its management by the client (RFC 7592). The provider owns the
 * requests. document.rules.ts decides what is registered, and one statement saves it and consumes the initial
 * access token: the provider would check the token first and write later.
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
  /**
   * A client can be used only after an operator approved it, and changes that people would see wait for
   * approval too.
   */
  readonly waitsForApproval: boolean;
}

type RegistrationContext = KoaContextWithOIDC;

/** The registration or change of one request. */
interface PreparedRegistration {
  readonly rp: RelyingParty;
  /** Null for a new registration. */
  readonly before: ClientRegistration | null;
  /** The whole requested registration, when part of it waits for an operator. */
  readonly proposed: RelyingParty | null;
  readonly state: 'pending' | 'active' | 'change_pending';
}

const PREPARED = new RequestValue<PreparedRegistration>('the registration');

/** The prepared registration of this request. */
export function findPreparedRegistration(ctx: RegistrationContext): PreparedRegistration | undefined {
  return PREPARED.find(ctx);
}

/**
 * The provider's only registration policy: it reads the client's policy from the table. An initial access
 * token without one is not valid.
 */
export const CUSTOM_PROPERTIES = 'by-table';

/** Lower case, like all client ids; 80 random bits, which can be neither guessed nor drawn twice. */
function drawClientId(random: Random): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  return `rp-${Array.from({ length: 16 }, () => alphabet[random.below(alphabet.length)]).join('')}`;
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
    // The registration access token is not rotated: when the response to a change is lost, the client keeps
    // its access.
    registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
  };
}

type ClientProperties = Record<string, unknown>;

/** Replaces the requested properties with those that are registered. */
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
  const newSecret =
    isNew && typeof properties['client_secret'] === 'string' ? properties['client_secret'] : null;
  const secretHash = newSecret === null ? before?.rp.client_secret : hashClientSecret(keyring, newSecret);
  // The logo may be the operators' choice: a change that does not name one does not remove it.
  const input =
    before?.rp.logo && !('logo' in properties) ? { ...properties, logo: before.rp.logo } : properties;
  const read = readRegistration(input, {
    clientId,
    policy,
    secretHash,
    issuer,
    loopback: !waitsForApproval,
  });
  // The provider distinguishes faults of `redirect_uris` by the beginning of the description.
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
  // The secret is returned only in the response in which it was created.
  if (newSecret !== null && read.client_secret) {
    Object.assign(properties, { client_secret: newSecret, client_secret_expires_at: 0 });
  }
}

/** The approved fields; a change of one of them waits for approval again. */
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
 * A client as its own management requests see it. The secret is stored as a hash: a secret that the client
 * sends with a change, as RFC 7592 allows, is compared with the hash, and no response contains it.
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
        const sentSecret: unknown = Provider.ctx?.oidc.body?.['client_secret'];
        return typeof sentSecret === 'string' && isClientSecret(keyring, sentSecret, stored)
          ? sentSecret
          : stored;
      },
    },
  );
}

const MANAGEMENT_ROUTES: ReadonlySet<string | undefined> = new Set([
  'client',
  'client_update',
  'client_delete',
]);

/** Uses the route that the provider matched, regardless of how the URL was written. */
export function isManagementRoute(route: string | undefined): boolean {
  return MANAGEMENT_ROUTES.has(route);
}

function isRegistrationRoute(route: string | undefined): boolean {
  return route === 'registration' || isManagementRoute(route);
}

/**
 * Edits the responses of the registration endpoints: no hash of a secret, the names in the form that is
 * accepted as input, so that a client can send back what it read, and the state of approval.
 */
export function removeClientSecrets(provider: Provider, { database }: ClientRegistrationDeps): void {
  provider.use(async (ctx, next) => {
    await next();
    if (typeof ctx.body !== 'object' || ctx.body === null) return;
    const body = ctx.body as ClientProperties;
    const secret = body['client_secret'];
    // No response contains the hash of a secret, on any route.
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
