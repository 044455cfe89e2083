/**
 * The composition root: features mount themselves, and the order of a request stands here. No module looks
 * up its own dependencies.
 */
import type { Middleware } from 'koa';
import { openBoundDatabase } from './composition/openDatabase.ts';
import { FEATURES } from './composition/features.ts';
import { beginAuditLog } from './composition/auditLog.ts';
import { assertClockAgrees } from './composition/clockCheck.ts';
import { createDeliveryPorts } from './composition/delivery.ts';
import { NodeWatch } from './composition/nodeWatch.ts';
import { createAppProvider, handleBy } from './composition/provider.ts';
import type { App, AppSettings, AppDependencies } from './composition/settings.ts';
import { StatusLineWatcher } from './composition/statusLineWatcher.ts';
import { createAppContext } from './composition/context.ts';
import type { JobDeps } from './jobs/tasks.ts';
import { keepInteractionsInCookies } from './oidc/signIn/interactionCookie.ts';
import { serveJwks } from './oidc/keys/jwks.ts';
import { SigningKeyWatcher } from './oidc/keys/signingKeyWatcher.ts';
import { redirectAfterLogout } from './oidc/logout/logout.ts';
import { validateLogoutRequest } from './oidc/logout/logoutRequest.ts';
import { registerFirstPartyClients } from './oidc/registration/firstPartyClients.ts';
import { loadSigningKeys, type SigningKeys } from './oidc/keys/signingKeys.ts';
import { createUnitOfWorkMiddleware } from './oidc/provider/unitOfWorkMiddleware.ts';
import { AddressList } from './platform/addressList.ts';
import { Keyring } from './platform/keyring.ts';
import { OutageLog } from './platform/outageLog.ts';
import { runInRequest, setTracedClient } from './platform/requestTrace.ts';
import { watchHashSettings } from './features/authentication/rehash.ts';
import { Assets } from './http/assets.ts';
import { measureRequests } from './http/metrics.ts';
import { assignRequestId, readRequestIds } from './http/requestId.ts';
import { verifyHost, setSecurityHeaders, writeAccessLog } from './http/middleware.ts';
import { handleErrors } from './http/errorHandler.ts';
import { setContact, setStatusLine } from './ui/page.ts';
import { limitHeaders, limitParameters } from './http/requestLimits.ts';
import {
  admitExactPaths,
  createExactRouter,
  createPageLookup,
  createPathMask,
  refuseUnusualCharacters,
} from './http/exactPaths.ts';
import { refuseUnsupportedMethods } from './http/methods.ts';

export { WrongClockError } from './composition/clockCheck.ts';
export { AuditSinkFault, NotFollowedDatabase } from './features/auditLog/index.ts';
export { AuditSinkUnavailable } from './platform/outbound/auditSink.ts';
export { WrongKeysError } from './composition/openDatabase.ts';
export { startJobs } from './composition/jobs.ts';
export { drainListeners, listenOnPort, type Listener } from './composition/listener.ts';
export type { App, AppSettings, AppDependencies } from './composition/settings.ts';

/** Expects a migrated database. @throws DatabaseUnavailable, and the errors that stand above */
export async function createApp(settings: AppSettings, dependencies: AppDependencies): Promise<App> {
  const { clock, log } = dependencies;
  const { issuer, contact, proxyHops } = settings;
  const keyring = new Keyring(settings.keyring);
  const watch = new NodeWatch(log);
  const { metrics, report } = watch;
  const proxies = new AddressList(settings.trustedProxies ?? []);
  const { database, begin } = openBoundDatabase(settings, keyring, watch);
  try {
    await begin();
    await assertClockAgrees(database, clock);
    const audit = await beginAuditLog(settings, { ...dependencies, database, keyring });
    const keys = await loadSigningKeys(database, keyring);
    await registerFirstPartyClients({ database, keyring, issuer });
    const context = createAppContext(settings, { ...dependencies, report }, { database, keyring });
    const health = await watch.watchContext(context, audit.follower);
    const post = audit.guardDelivery(createDeliveryPorts(settings, clock));
    const assets = await Assets.loadOnce();
    const { stylesheet } = assets;
    const statusLine = new StatusLineWatcher(context);
    await statusLine.load();

    /**
     * The provider with all around it: made whole for one state of the signing keys, and again for the next.
     */
    const build = (signingKeys: SigningKeys) => {
      const providerStack = createAppProvider({ settings, context, log, stylesheet }, signingKeys);
      const { provider, deps, logoutRequests } = providerStack;
      const { isSecure } = deps;
      const pages = createExactRouter();
      const outage = new OutageLog(log, 'error', 'requests failed: the database is away');
      for (const feature of [assets, ...FEATURES]) feature.mount(pages, deps);
      // The order of a request, from the door to the provider, which answers what is left.
      const steps: Middleware[] = [
        measureRequests(metrics.observeRequest),
        assignRequestId((address) => proxies.has(address)),
        (ctx, next) => runInRequest({ ...readRequestIds(ctx) }, next),
        setContact(contact),
        setStatusLine(statusLine.find),
        limitHeaders(),
        writeAccessLog(log, createPathMask([health, pages])),
        handleErrors({ stylesheet, log, report, outage, hasPage: createPageLookup(pages) }),
        setSecurityHeaders(isSecure),
        limitParameters(),
        health.routes() as Middleware,
        audit.refuseUnfollowed(),
        watch.refuseAtWrongClock,
        verifyHost({ issuer, proxyHops }),
        refuseUnusualCharacters(),
        refuseUnsupportedMethods(pages),
        createUnitOfWorkMiddleware({ database, report, onClient: setTracedClient }, isSecure),
        keepInteractionsInCookies({ keyring, random: context.random, isSecure }),
        redirectAfterLogout(provider),
        validateLogoutRequest(logoutRequests),
        pages.routes() as Middleware,
        admitExactPaths(pages),
        serveJwks(signingKeys.isShown, cachedSeconds),
      ];
      return { handle: handleBy(providerStack, steps, log), notifyLogout: providerStack.notifyLogout };
    };
    const cachedSeconds = () => (keyWatcher.isCertain() ? settings.rules.signingKeys.cachedSeconds : 0);
    const onChange = (changed: SigningKeys) => void (providerStack = build(changed));
    const keyWatcher = new SigningKeyWatcher({ database, keyring, log, report, keys, onChange });
    // What is asked is answered by the one that is current then; what runs ends on the one before.
    let providerStack = build(keys);
    const notifyLogout: JobDeps['notifyLogout'] = (...ended) => providerStack.notifyLogout(...ended);

    return {
      context,
      log,
      handle: (req, res) => providerStack.handle(req, res),
      follow: () => {
        keyWatcher.start();
        audit.follow(context.background);
        statusLine.start();
        watch.follow(context);
        watchHashSettings(context);
      },
      leave: () => watch.leave(),
      watchWorker: watch.watchWorker,
      metrics,
      tasks: audit.createTasks({ ...post, context, log, notifyLogout }),
      close: async () => {
        await keyWatcher.stop();
        await context.background.end();
        post.mail.close?.();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
