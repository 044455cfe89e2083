/**
 * oidc/ is the only folder that knows the engine (oidc-provider). It owns the protocol: clients, records, prompts,
 * claims, keys. It leaves pages to web/ and rules to core/. This factory builds the engine with all its overrides
 * and listeners, so that a new one can be swapped in whole.
 */
import type { JWK } from 'jose';
import { errors, Provider, type Client, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { CLAIMS_BY_SCOPE, SCOPES } from '../core/claims.ts';
import type { Dice } from '../core/dice.ts';
import { ACR_VALUES } from '../core/levels.ts';
import { CUSTOM_METADATA } from '../core/registration/metadataFields.ts';
import { ASSERTION_ALGORITHMS, isEd25519 } from '../core/registration/keySet.ts';
import { isClientSecret } from '../core/registration/clientSecrets.ts';
import type { Keyring } from '../platform/keyring.ts';
import type { Log } from '../platform/log.ts';
import type { Database } from '../store/database.ts';
import { currentUnitOfWork } from '../store/unitOfWork.ts';
import { createFindAccount, createIntrospectionPolicy, subjectOf } from './accounts.ts';
import { createAdapter, unlessAway } from './adapter.ts';
import { interactionAdapter } from './carriedInteractions.ts';
import { ignoreUnknownPlaces, keepOpenClaims } from './request/claimsParameter.ts';
import { createCodeEnding } from './request/codeVerifier.ts';
import { pushedRequestAdapter } from './request/pushedRequests.ts';
import { rememberReplayIds } from './request/replayIds.ts';
import { keepKeys, MAX_KEY_SET_BYTES, readUsableKeys } from './clientKeys.ts';
import { createLogoutTeller } from './logout/backchannelLogout.ts';
import { Clients, toMetadata } from './clients.ts';
import {
  CODE_SECONDS,
  GRANT_SECONDS,
  INTERACTION_SECONDS,
  OFFLINE_GRANT_SECONDS,
  SESSION_IDLE_SECONDS,
  TOKEN_SECONDS,
} from './lifetimes.ts';
import { Consents } from './consents.ts';
import { explainMissingProof } from './dpop.ts';
import { grantWhatIsAgreed, isOffline, rotateRefreshToken, type SealSeen } from './grants.ts';
import { loginAddress } from './interaction.ts';
import { keepSessions } from './keepSessions.ts';
import { createLogoutAnswer, endSessionsWhole } from './logout/logout.ts';
import { createFetch, noteFailures, type SandboxCalls } from './outgoing.ts';
import { createPrompts } from './prompts.ts';
import { sessionCookieName } from './session.ts';
import { explainRefusedRefresh, secondsLeft } from './tokens/refreshFamily.ts';
import { asManaged, hideSecrets, isManagementRoute, registrationFeatures } from './registration.ts';
import {
  clientAdapter,
  initialAccessTokenAdapter,
  registrationAccessTokenAdapter,
} from './registrationRecords.ts';

/** The engine, and what is done outside of any request. */
export interface Engine {
  readonly provider: Provider;
  /** Tells a relying party that this person, or one session of theirs, is logged out there. @throws when it did not take it. */
  readonly tellLogout: (accountId: string, clientId: string, sid: string | null) => Promise<void>;
}

export interface ProviderGround {
  readonly issuer: string;
  readonly isSecure: boolean;
  readonly database: Database;
  readonly keyring: Keyring;
  readonly dice: Dice;
  readonly signingKeys: { keys: JWK[] };
  /** Origins on private networks that may be called all the same. */
  readonly privateOrigins: readonly string[];
  /** In the sandbox: the loopback is called, and what fails is said. */
  readonly sandboxCalls?: SandboxCalls | undefined;
  /** Who registers itself waits for an operator; only in the sandbox nobody does, and the loopback will do. */
  readonly waitsForApproval: boolean;
  readonly log: Log;
  readonly now: () => Date;
  readonly sealSeen: SealSeen;
  /** Pages that the engine shows by itself. */
  readonly pages: {
    error(ctx: KoaContextWithOIDC, error: string): void;
    readonly logout: (ctx: KoaContextWithOIDC, form: string) => void;
    /** @param isStillSignedIn the person said no. */
    loggedOut(ctx: KoaContextWithOIDC, isStillSignedIn: boolean): void;
  };
}

export function createProvider(ground: ProviderGround): Engine {
  const { issuer, database, keyring, log, now } = ground;
  const clients = new Clients({
    database,
    now,
    build: (rp, seenJwks) => {
      // A subclass that the engine makes for itself; its types know the instances alone.
      const client = Reflect.construct(provider.Client, [toMetadata(rp)]) as Client;
      return { client, refreshKeys: keepKeys(client, rp, seenJwks, { database, log, now }) };
    },
  });
  const provider: Provider = new Provider(issuer, {
    adapter: createAdapter(
      { database, keyring, now },
      {
        Client: clientAdapter(ground, clients),
        Interaction: interactionAdapter(ground),
        PushedAuthorizationRequest: pushedRequestAdapter(ground),
        InitialAccessToken: initialAccessTokenAdapter(ground),
        RegistrationAccessToken: registrationAccessTokenAdapter(ground),
      },
    ),
    jwks: ground.signingKeys,
    ...protocol(now),
    fetch: createCalls(ground),
    fetchResponseBodyLimits: { jwks_uri: MAX_KEY_SET_BYTES },
    ...people(ground),
    ...cookies(ground),
    features: features(ground),
    // `state` is of no registration: an answer says how far it has come.
    extraClientMetadata: { properties: [...CUSTOM_METADATA, 'state'] },
  });
  // The client address and the scheme come from our own door (web/door), which has already vetted the request.
  provider.proxy = true;

  rememberReplayIds(provider, ground);

  // The engine's own keeps a hundred, and reads the keys of the next one within a sign-in.
  provider.Client.find = async (id: string) => {
    ignoreUnknownPlaces(Provider.ctx);
    const isManaging = isManagementRoute(Provider.ctx?.oidc.route);
    const client = await unlessAway(() => clients.find(id, { evenPending: isManaging }));
    return client && isManaging ? asManaged(client, keyring) : client;
  };
  hideSecrets(provider, ground);
  keepSessions(provider);
  endSessionsWhole(provider);
  const tellLogout = createLogoutTeller(provider);

  provider.Client.prototype.compareClientSecret = function compare(this: Client, given: string) {
    return isClientSecret(keyring, given, this.clientSecret ?? '');
  };

  // Registered under one name of Ed25519, it may sign under the other: judged by the assertion, below.
  Object.defineProperty(provider.Client.prototype, 'clientAuthSigningAlg', {
    get(this: Client) {
      const registered = this['tokenEndpointAuthSigningAlg'];
      return isEd25519(registered) ? undefined : registered;
    },
  });

  provider.on('server_error', (_ctx, error: Error) => {
    currentUnitOfWork().fault = error;
  });
  const refused = (ctx: KoaContextWithOIDC, error: Error) => {
    const { message, error_description: description } = error as Error & { error_description?: string };
    log.info({ clientId: ctx.oidc.client?.clientId, error: message, description }, 'refused a relying party');
  };
  provider.on('authorization.error', refused);
  for (const hear of [refused, explainMissingProof, explainRefusedRefresh, createCodeEnding(keyring)])
    provider.on('grant.error', hear);
  return { provider, tellLogout };
}

/** What the provider calls relying parties by. */
function createCalls({ privateOrigins, sandboxCalls, log }: ProviderGround) {
  const callsLoopback = sandboxCalls !== undefined;
  const fetch = readUsableKeys(createFetch(privateOrigins, { callsLoopback }), log);
  return sandboxCalls ? noteFailures(fetch, sandboxCalls) : fetch;
}

/** Code flow only; what is not listed is off. */
function protocol(now: () => Date): Configuration {
  return {
    responseTypes: ['code'],
    scopes: [...SCOPES],
    claims: Object.fromEntries(
      Object.entries(CLAIMS_BY_SCOPE).map(([scope, claims]) => [scope, [...claims]]),
    ),
    acrValues: [...ACR_VALUES],
    subjectTypes: ['pairwise'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    clientDefaults: { id_token_signed_response_alg: 'ES256', subject_type: 'pairwise' },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      clientAuthSigningAlgValues: [...ASSERTION_ALGORITHMS],
    },
    pkce: {
      required: (_ctx, client) => client['require_pkce'] !== false,
    },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: (_ctx, origin, client) => {
      const origins = client['cors_origins'];
      return Array.isArray(origins) && origins.includes(origin);
    },
    assertJwtClientAuthClaimsAndHeader: (_ctx, { exp }, { alg }, client) => {
      if (isEd25519(client['tokenEndpointAuthSigningAlg']) && !isEd25519(alg)) {
        throw new errors.InvalidClientAuth('alg mismatch');
      }
      const latest = now().getTime() / 1000 + ASSERTION_SECONDS;
      if (typeof exp !== 'number' || exp > latest) {
        throw new errors.InvalidClientAuth('exp of a client assertion must be within an hour');
      }
    },
    rotateRefreshToken,
    // Whether what was issued ends with its session is judged where it is found (store/oidcRecords): the engine asks
    // whether the session still names the grant, and of two requests at once the later one wins that place.
    expiresWithSession: () => Promise.resolve(false),
    // The sector is named in the registration, not looked up: no sign-in waits for a relying party's server.
    sectorIdentifierUriValidate: () => false,
    ttl: {
      AccessToken: TOKEN_SECONDS,
      IdToken: TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      RefreshToken: (_ctx, token) => secondsLeft(token, now()),
      Interaction: INTERACTION_SECONDS,
      Session: SESSION_IDLE_SECONDS,
      Grant: (_ctx, grant) => (isOffline(grant) ? OFFLINE_GRANT_SECONDS : GRANT_SECONDS),
    },
  };
}

/** What the engine asks about people, and what it shows them. */
function people({ database, keyring, pages, issuer, now, sealSeen }: ProviderGround): Configuration {
  const findAccount = createFindAccount({ database, keyring, now });
  const consents = new Consents(database);
  const sub = (_ctx: unknown, accountId: string, client: Client) =>
    subjectOf({ keyring, issuer }, accountId, client);
  return {
    findAccount,
    pairwiseIdentifier: sub,
    loadExistingGrant: (ctx) => grantWhatIsAgreed(ctx, { consents, sealSeen }),
    interactions: {
      policy: createPrompts((ctx, accountId) => sub(ctx, accountId, ctx.oidc.client as Client), consents),
      url: (_ctx, interaction) => loginAddress(interaction, now()),
    },
    renderError: (ctx, out) => pages.error(ctx, out.error),
  };
}

/** Every feature that the engine has on by default and we do not want is named here. */
function features(ground: ProviderGround): Configuration['features'] {
  const { database, keyring, pages, now } = ground;
  const findAccount = createFindAccount({ database, keyring, now });
  // One for all nodes and all engines, so that any takes what another handed out; under the oldest key, so that a
  // newer cookie key, which nodes get one after the other, does not part them.
  const nonceSecret = keyring.hmac('cookies', 'dpop nonce v1', keyring.oldestKid('cookies'));
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: true, nonceSecret, requireNonce: () => false, allowReplay: false },
    resourceIndicators: { enabled: false },
    requestObjects: { enabled: false },
    backchannelLogout: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    pushedAuthorizationRequests: { enabled: true },
    claimsParameter: { enabled: true, assertClaimsParameter: keepOpenClaims },
    ...registrationFeatures(ground),
    introspection: { enabled: true, allowedPolicy: createIntrospectionPolicy(findAccount) },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: createLogoutAnswer({
        database,
        keyring,
        subjectOf: (accountId, client) => subjectOf(ground, accountId, client),
        ask: pages.logout,
      }),
      postLogoutSuccessSource: async (ctx) => {
        const { accountId } = await ctx.oidc.provider.Session.get(ctx);
        pages.loggedOut(ctx, accountId !== undefined);
      },
    },
  };
}

/** How far ahead the end of a client assertion may lie; its id is remembered for as long. */
const ASSERTION_SECONDS = 3600;

function cookies({ isSecure, keyring }: ProviderGround): Configuration {
  // Not signed: an id of 256 random bits is as hard to make up as a signature, and what belongs to an interaction is sealed
  // in a cookie of its own.
  const shared = { signed: false, httpOnly: true, sameSite: 'lax', secure: isSecure } as const;
  return {
    cookies: {
      keys: keyring.exportTexts('cookies'),
      // Interaction cookies are bound to the path of their interaction, which `__Host-` does not allow.
      names: {
        session: sessionCookieName(isSecure),
        interaction: isSecure ? '__Secure-noegle-interaction' : 'noegle-interaction',
        resume: isSecure ? '__Secure-noegle-resume' : 'noegle-resume',
      },
      long: { ...shared, path: '/' },
      short: shared,
    },
  };
}
