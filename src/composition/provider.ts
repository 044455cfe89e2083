/**
 * The provider (oidc-provider) for one state of the signing keys, with the dependencies that features are
 * mounted with.
 */
import type { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Middleware } from 'koa';
import type { AppSettings } from './settings.ts';
import { Interactions } from '../oidc/signIn/interaction.ts';
import { readUiLocales } from '../oidc/logout/logout.ts';
import { createPostedLogout, type LogoutRequestOptions } from '../oidc/logout/logoutRequest.ts';
import { PostedHints } from '../oidc/logout/postedHint.ts';
import { deriveFirstPartySecret } from '../oidc/registration/firstPartyClients.ts';
import { createProvider, type ProviderHandle } from '../oidc/provider/provider.ts';
import { BrowserSessions } from '../oidc/signIn/browserSessions.ts';
import type { SigningKeys } from '../oidc/keys/signingKeys.ts';
import type { Log } from '../platform/log.ts';
import { createUnsentLogger } from '../platform/outageLog.ts';
import { setTracedClient } from '../platform/requestTrace.ts';
import { createSelfFetch } from '../platform/selfFetch.ts';
import { createDatabaseRegister } from '../db/people/populationRegister.ts';
import { sealClientContext } from '../features/authentication/clientContext.ts';
import type { AppContext } from '../features/appContext.ts';
import type { FeatureDeps } from '../features/feature.ts';
import { createProviderPages } from '../features/sessions/providerPages.ts';

interface AppProviderOptions {
  readonly settings: AppSettings;
  readonly context: AppContext;
  readonly log: Log;
  readonly stylesheet: string;
}

/** The provider, and what its routes depend on. */
export interface AppProvider extends ProviderHandle {
  readonly deps: FeatureDeps;
  readonly logoutRequests: LogoutRequestOptions;
}

/** Calls of a node to itself get no more time: one that takes longer would only add to the node's load. */
const SELF_TIMEOUT_MS = 5_000;

export function createAppProvider(
  { settings, context: appContext, log, stylesheet }: AppProviderOptions,
  signingKeys: SigningKeys,
): AppProvider {
  const { issuer, privateOrigins, sandboxCalls, contact } = settings;
  const { database, keyring, random } = appContext;
  const isSecure = issuer.startsWith('https:');
  // Records of the provider use real time, even when the clock of the rules is shifted.
  const now = () => new Date();
  const providerHandle = createProvider({
    issuer,
    isSecure,
    database,
    keyring,
    random,
    signingKeys: signingKeys.jwks,
    privateOrigins,
    sandboxCalls,
    waitsForApproval: settings.waitsForApproval ?? true,
    log,
    report: appContext.report,
    now,
    sealClientContext: (logSalt, requestSource) => sealClientContext(keyring, logSalt, requestSource),
    pages: createProviderPages(stylesheet, readUiLocales),
  });
  const { provider } = providerHandle;
  const logoutRequests = {
    provider,
    hints: new PostedHints({ provider, keyring, random, isSecure, now }),
    log,
  };
  const deps = {
    context: appContext,
    issuer,
    isSecure,
    stylesheet,
    contact,
    securityKeys: { issuer, attestation: settings.securityKeyModels ?? null },
    securityContact: settings.securityContact ?? null,
    now,
    sessions: new BrowserSessions(provider, keyring),
    interactions: new Interactions(provider, { database, keyring, now, onClient: setTracedClient }),
    register: createDatabaseRegister(database, keyring),
    fetch: createSelfFetch({ ...selfAddress(settings), timeoutMs: SELF_TIMEOUT_MS }),
    ownClientSecret: (clientId: string) => deriveFirstPartySecret(keyring, clientId),
    linkPostedLogout: createPostedLogout(logoutRequests),
    demo: settings.demo ?? null,
  };
  return { ...providerHandle, deps, logoutRequests };
}

/** The address at which this node reaches itself. */
function selfAddress({ issuer, proxyHops, selfPort: port, selfHost: host = '127.0.0.1' }: AppSettings) {
  return { issuer, proxyHops, port, host };
}

/** A request passes the middleware in order; the provider answers what is left. */
export function handleBy({ provider }: AppProvider, steps: readonly Middleware[], log: Log): RequestListener {
  for (const step of steps) provider.use(step);
  (provider as EventEmitter).on('error', createUnsentLogger(log));
  const handle = provider.callback();
  return (req, res) => void handle(req, res);
}
