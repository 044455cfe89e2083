/**
 * oidc/ is the only folder that knows the provider (oidc-provider). It owns the protocol: clients, records,
 * prompts, claims, keys. It leaves pages to features/ and ui/, and rules to domain/. This factory builds the
 * provider with all its overrides and listeners, so that a new one can replace it as a whole.
 */
import type { JWK } from 'jose';
import { errors, Provider, type Client, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { CLAIMS_BY_SCOPE, SCOPES } from '../../domain/signIn/claims.ts';
import type { Random } from '../../domain/random.ts';
import { SUPPORTED_ACR_VALUES } from '../../domain/signIn/levels.ts';
import type { ReportEvent } from '../../domain/securityEvent.ts';
import { CUSTOM_METADATA } from '../../domain/relyingParty/metadataFields.ts';
import { ASSERTION_ALGORITHMS, isEd25519 } from '../../domain/relyingParty/keySet.ts';
import { isClientSecret } from '../../domain/relyingParty/clientSecrets.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Log } from '../../platform/log.ts';
import type { Database } from '../../db/database.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { createFindAccount, createIntrospectionPolicy, deriveSubject } from '../tokens/accounts.ts';
import { createAdapter, failFastWhenUnavailable } from '../records/adapter.ts';
import { createInteractionAdapter } from '../signIn/interactionCookie.ts';
import { dropUnknownPlaces, filterAllowedClaims } from '../request/claimsParameter.ts';
import { createCodeRevoker } from '../request/codeVerifier.ts';
import { createPushedRequestAdapter } from '../request/pushedRequests.ts';
import { recordReplayIds } from '../request/replayIds.ts';
import { refreshClientKeys, MAX_KEY_SET_BYTES, filterUsableKeys } from '../registration/clientKeys.ts';
import { createLogoutNotifier } from '../logout/backchannelLogout.ts';
import { ClientCache, toClientMetadata } from '../registration/clients.ts';
import {
  CODE_SECONDS,
  GRANT_SECONDS,
  INTERACTION_SECONDS,
  OFFLINE_GRANT_SECONDS,
  SESSION_IDLE_SECONDS,
  TOKEN_SECONDS,
} from '../tokens/lifetimes.ts';
import { ConsentReader } from '../tokens/consents.ts';
import { composeCookieConfiguration } from './cookieConfiguration.ts';
import { explainMissingDpopProof } from './dpop.ts';
import { reportProviderEvents } from './securityEvents.ts';
import {
  grantAgreedScopes,
  isOfflineGrant,
  isRefreshTokenRotated,
  type SealClientContext,
} from '../tokens/grants.ts';
import { composeLoginAddress } from '../signIn/loginAddress.ts';
import { continueSessions } from '../signIn/sessionContinuity.ts';
import { createLogoutSource, revokeGrantsWithSession } from '../logout/logout.ts';
import { createFetch, recordFailures, type SandboxCallLog } from './outgoingFetch.ts';
import { createPrompts } from '../signIn/prompts.ts';
import { explainRefusedRefresh, countSecondsLeft } from '../tokens/refreshFamily.ts';
import {
  toManagedClient,
  removeClientSecrets,
  isManagementRoute,
  composeRegistrationFeatures,
} from '../registration/clientRegistration.ts';
import {
  createClientAdapter,
  createInitialAccessTokenAdapter,
  createRegistrationAccessTokenAdapter,
} from '../registration/clientRegistrationAdapters.ts';

/** The provider, and the logout notifier, which runs outside of requests. */
export interface ProviderHandle {
  readonly provider: Provider;
  /**
   * Notifies a relying party that this person, or one session of theirs, is logged out.
   * @throws when it was not accepted
   */
  readonly notifyLogout: (accountId: string, clientId: string, sid: string | null) => Promise<void>;
}

export interface ProviderDeps {
  readonly issuer: string;
  readonly isSecure: boolean;
  readonly database: Database;
  readonly keyring: Keyring;
  readonly random: Random;
  readonly signingKeys: { keys: JWK[] };
  /** Origins on private networks that may be called. */
  readonly privateOrigins: readonly string[];
  /** In the sandbox: the loopback may be called, and failures are recorded. */
  readonly sandboxCalls?: SandboxCallLog | undefined;
  /**
   * A client that registers itself needs an operator's approval, except in the sandbox, where loopback
   * addresses are allowed too.
   */
  readonly waitsForApproval: boolean;
  readonly log: Log;
  readonly report: ReportEvent;
  readonly now: () => Date;
  readonly sealClientContext: SealClientContext;
  /** Pages that the provider shows. */
  readonly pages: {
    error(ctx: KoaContextWithOIDC, error: string): void;
    readonly logout: (ctx: KoaContextWithOIDC, form: string) => void;
    /** @param isStillSignedIn the person chose to stay signed in. */
    loggedOut(ctx: KoaContextWithOIDC, isStillSignedIn: boolean): void;
  };
}

export function createProvider(deps: ProviderDeps): ProviderHandle {
  const { issuer, database, keyring, log, now } = deps;
  const clients = new ClientCache({
    database,
    now,
    build: (rp, seenJwks) => {
      // The provider makes its own subclass of Client; its types declare only the instances.
      const client = Reflect.construct(provider.Client, [toClientMetadata(rp)]) as Client;
      return { client, refreshKeys: refreshClientKeys(client, rp, seenJwks, { database, log, now }) };
    },
  });
  const provider: Provider = new Provider(issuer, {
    adapter: createAdapter(
      { database, keyring, now, log, report: deps.report },
      {
        Client: createClientAdapter(deps, clients),
        Interaction: createInteractionAdapter(deps),
        PushedAuthorizationRequest: createPushedRequestAdapter(deps),
        InitialAccessToken: createInitialAccessTokenAdapter(deps),
        RegistrationAccessToken: createRegistrationAccessTokenAdapter(deps),
      },
    ),
    jwks: deps.signingKeys,
    ...composeProtocolConfiguration(now),
    fetch: createOutgoingCalls(deps),
    fetchResponseBodyLimits: { jwks_uri: MAX_KEY_SET_BYTES },
    ...composeAccountConfiguration(deps),
    ...composeCookieConfiguration(deps),
    features: composeFeatures(deps),
    // `state` is part of no registration; a response reports in it whether the registration is approved.
    extraClientMetadata: { properties: [...CUSTOM_METADATA, 'state'] },
  });
  // Client address and scheme come from http/middleware.ts, which has already checked the headers.
  provider.proxy = true;

  recordReplayIds(provider, deps);

  // The provider's own cache holds a hundred clients and fetches the keys of the next one within a sign-in.
  provider.Client.find = async (id: string) => {
    dropUnknownPlaces(Provider.ctx);
    const isManaging = isManagementRoute(Provider.ctx?.oidc.route);
    const client = await failFastWhenUnavailable(() => clients.find(id, { includesPending: isManaging }));
    return client && isManaging ? toManagedClient(client, keyring) : client;
  };
  removeClientSecrets(provider, deps);
  continueSessions(provider);
  revokeGrantsWithSession(provider);
  const notifyLogout = createLogoutNotifier(provider);

  provider.Client.prototype.compareClientSecret = function compare(this: Client, secret: string) {
    return isClientSecret(keyring, secret, this.clientSecret ?? '');
  };

  // A client registered with one name of Ed25519 may sign with the other one; the assertion check below
  // verifies that.
  Object.defineProperty(provider.Client.prototype, 'clientAuthSigningAlg', {
    get(this: Client) {
      const registered = this['tokenEndpointAuthSigningAlg'];
      return isEd25519(registered) ? undefined : registered;
    },
  });

  provider.on('server_error', (_ctx, error: Error) => {
    requireUnitOfWork().fault = error;
  });
  const logRefusal = (ctx: KoaContextWithOIDC, error: Error) => {
    const { message, error_description: description } = error as Error & { error_description?: string };
    log.info({ clientId: ctx.oidc.client?.clientId, error: message, description }, 'refused a relying party');
  };
  provider.on('authorization.error', logRefusal);
  const listeners = [logRefusal, explainMissingDpopProof, explainRefusedRefresh, createCodeRevoker(keyring)];
  for (const listener of listeners) provider.on('grant.error', listener);
  reportProviderEvents(provider, deps.report);
  return { provider, notifyLogout };
}

/** The `fetch` with which the provider calls relying parties. */
function createOutgoingCalls({ privateOrigins, sandboxCalls, log }: ProviderDeps) {
  const callsLoopback = sandboxCalls !== undefined;
  const fetch = filterUsableKeys(createFetch(privateOrigins, { callsLoopback }), log);
  return sandboxCalls ? recordFailures(fetch, sandboxCalls) : fetch;
}

/** Only the code flow; what is not listed is off. */
function composeProtocolConfiguration(now: () => Date): Configuration {
  return {
    responseTypes: ['code'],
    scopes: [...SCOPES],
    claims: Object.fromEntries(
      Object.entries(CLAIMS_BY_SCOPE).map(([scope, claims]) => [scope, [...claims]]),
    ),
    acrValues: [...SUPPORTED_ACR_VALUES],
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
    rotateRefreshToken: isRefreshTokenRotated,
    // Whether a token ended with its session is decided when it is looked up (db/oidc/oidcRecords.ts). The
    // provider checks whether the session still names the grant; of two concurrent requests only the later
    // one's grant is named there.
    expiresWithSession: () => Promise.resolve(false),
    // The registration names the sector; it is not fetched, so no sign-in waits for a relying party's server.
    sectorIdentifierUriValidate: () => false,
    ttl: {
      AccessToken: TOKEN_SECONDS,
      IdToken: TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      RefreshToken: (_ctx, token) => countSecondsLeft(token, now()),
      Interaction: INTERACTION_SECONDS,
      Session: SESSION_IDLE_SECONDS,
      Grant: (_ctx, grant) => (isOfflineGrant(grant) ? OFFLINE_GRANT_SECONDS : GRANT_SECONDS),
    },
  };
}

/** Accounts, subjects, grants and interactions. */
function composeAccountConfiguration({
  database,
  keyring,
  pages,
  issuer,
  now,
  sealClientContext,
}: ProviderDeps): Configuration {
  const findAccount = createFindAccount({ database, keyring, now });
  const consents = new ConsentReader(database);
  const sub = (_ctx: unknown, accountId: string, client: Client) =>
    deriveSubject({ keyring, issuer }, accountId, client);
  return {
    findAccount,
    pairwiseIdentifier: sub,
    loadExistingGrant: (ctx) => grantAgreedScopes(ctx, { consents, sealClientContext }),
    interactions: {
      policy: createPrompts((ctx, accountId) => sub(ctx, accountId, ctx.oidc.client as Client), consents),
      url: (_ctx, interaction) => composeLoginAddress(interaction, now()),
    },
    renderError: (ctx, out) => pages.error(ctx, out.error),
  };
}

/** Names every feature that the provider enables by default and Nøgle does not use. */
function composeFeatures(deps: ProviderDeps): Configuration['features'] {
  const { database, keyring, pages, now } = deps;
  const findAccount = createFindAccount({ database, keyring, now });
  // One nonce secret for all nodes and providers, so that each accepts a nonce of another. It is derived from
  // the oldest key, because nodes get a newer cookie key at different times.
  const nonceSecret = keyring.hmac('cookies', 'dpop nonce v1', keyring.oldestKid('cookies'));
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: true, nonceSecret, requireNonce: () => false, allowReplay: false },
    resourceIndicators: { enabled: false },
    requestObjects: { enabled: false },
    backchannelLogout: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    pushedAuthorizationRequests: { enabled: true },
    claimsParameter: { enabled: true, assertClaimsParameter: filterAllowedClaims },
    ...composeRegistrationFeatures(deps),
    introspection: { enabled: true, allowedPolicy: createIntrospectionPolicy(findAccount) },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: createLogoutSource({
        database,
        keyring,
        subjectOf: (accountId, client) => deriveSubject(deps, accountId, client),
        ask: pages.logout,
      }),
      postLogoutSuccessSource: async (ctx) => {
        const { accountId } = await ctx.oidc.provider.Session.get(ctx);
        pages.loggedOut(ctx, accountId !== undefined);
      },
    },
  };
}

/** The longest time until the `exp` of a client assertion; its id is remembered for as long. */
const ASSERTION_SECONDS = 3600;
