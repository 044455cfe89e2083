/** The provider (oidc-provider) for one state of the signing keys, with what features mount themselves with. */
import type { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Middleware } from 'koa';
import type { AppSettings } from './appSettings.ts';
import { Interactions } from './oidc/interaction.ts';
import { uiLocalesOf } from './oidc/logout/logout.ts';
import { createPostedLogout, type LogoutRequestOptions } from './oidc/logout/logoutRequest.ts';
import { PostedHints } from './oidc/logout/postedHint.ts';
import { ownClientSecret } from './oidc/ownClients.ts';
import { createProvider, type Engine } from './oidc/provider.ts';
import { BrowserSessions } from './oidc/session.ts';
import type { SigningKeys } from './oidc/signingKeys.ts';
import type { Log } from './platform/log.ts';
import { sayUnsent } from './platform/outageLog.ts';
import { createSelfFetch } from './platform/selfFetch.ts';
import { databaseRegister } from './store/issuing/register.ts';
import { sealSeen } from './usecases/seen.ts';
import type { World } from './usecases/world.ts';
import type { WebContext } from './web/feature.ts';
import { createProviderPages } from './web/providerPages.ts';

interface AppProviderOptions {
  readonly settings: AppSettings;
  readonly world: World;
  readonly log: Log;
  readonly stylesheet: string;
}

/** The provider, and what is answered around it. */
export interface AppProvider extends Engine {
  readonly context: WebContext;
  readonly logoutRequests: LogoutRequestOptions;
}

/** A node that asks itself for longer than this would only be in its own way. */
const SELF_TIMEOUT_MS = 5_000;

export function createAppProvider(
  { settings, world, log, stylesheet }: AppProviderOptions,
  signingKeys: SigningKeys,
): AppProvider {
  const { issuer, privateOrigins, sandboxCalls, hotline } = settings;
  const { database, keyring, dice } = world;
  const isSecure = issuer.startsWith('https:');
  // Records of the provider live in real time, also where the clock of the rules is set to another day.
  const now = () => new Date();
  const engine = createProvider({
    issuer,
    isSecure,
    database,
    keyring,
    dice,
    signingKeys: signingKeys.jwks,
    privateOrigins,
    sandboxCalls,
    waitsForApproval: settings.waitsForApproval ?? true,
    log,
    now,
    sealSeen: (logSalt, visit) => sealSeen(keyring, logSalt, visit),
    pages: createProviderPages(stylesheet, uiLocalesOf),
  });
  const { provider } = engine;
  const logoutRequests = {
    provider,
    hints: new PostedHints({ provider, keyring, dice, isSecure, now }),
    log,
  };
  const context = {
    world,
    issuer,
    isSecure,
    stylesheet,
    hotline,
    securityContact: settings.securityContact ?? null,
    now,
    sessions: new BrowserSessions(provider),
    interactions: new Interactions(provider, { database, keyring, now }),
    register: databaseRegister(database, keyring),
    fetch: createSelfFetch({ ...selfAddress(settings), timeoutMs: SELF_TIMEOUT_MS }),
    ownClientSecret: (clientId: string) => ownClientSecret(keyring, clientId),
    linkPostedLogout: createPostedLogout(logoutRequests),
    demo: settings.demo ?? null,
  };
  return { ...engine, context, logoutRequests };
}

/** Where this node answers itself. */
function selfAddress({ issuer, proxyHops, selfPort: port, selfHost: host = '127.0.0.1' }: AppSettings) {
  return { issuer, proxyHops, port, host };
}

/** A request takes the steps in their order, and the provider answers what is left. */
export function handleBy({ provider }: AppProvider, steps: readonly Middleware[], log: Log): RequestListener {
  for (const step of steps) provider.use(step);
  (provider as EventEmitter).on('error', sayUnsent(log));
  const handle = provider.callback();
  return (req, res) => void handle(req, res);
}
