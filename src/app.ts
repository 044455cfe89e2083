/**
 * The composition root: features mount themselves, and the order of a request stands here. No module looks
 * up its own dependencies.
 */
import type { Middleware } from 'koa';
import { openDatabase } from './appKeys.ts';
import { createHealthRoutes } from './appHealth.ts';
import { createPost } from './appPost.ts';
import { createAppProvider, handleBy } from './appProvider.ts';
import type { App, AppSettings, Surroundings } from './appSettings.ts';
import { createWorld } from './appWorld.ts';
import { createTasks } from './jobs/tasks.ts';
import { carryInteractions } from './oidc/carriedInteractions.ts';
import { showJwks } from './oidc/jwks.ts';
import { KeyFollower } from './oidc/keyFollower.ts';
import { goOnFromLogout } from './oidc/logout/logout.ts';
import { vetLogoutRequest } from './oidc/logout/logoutRequest.ts';
import { registerOwnClients } from './oidc/ownClients.ts';
import { loadSigningKeys, type SigningKeys } from './oidc/signingKeys.ts';
import { unitOfWork } from './oidc/unitOfWork.ts';
import { Keyring } from './platform/keyring.ts';
import { OutageLog } from './platform/outageLog.ts';
import { followHashSettings } from './usecases/signIn/rehash.ts';
import { activate } from './web/activate.ts';
import { Assets } from './web/assets.ts';
import { block } from './web/block.ts';
import { desk } from './web/desk/routes.ts';
import { developers } from './web/developers/routes.ts';
import { admitOnlyOurHost, numberRequest, setSecurityHeaders, writeLine } from './web/door.ts';
import { answerFaults } from './web/faults.ts';
import type { Feature } from './web/feature.ts';
import { info } from './web/info/routes.ts';
import { wellKnown } from './web/info/wellKnown.ts';
import { logout } from './web/logout.ts';
import { order } from './web/order.ts';
import { orderSignIn } from './web/orderSignIn.ts';
import { putOnPages } from './web/page.ts';
import { boundHeaders, boundParameters } from './web/protocol/bounds.ts';
import {
  admitExactPaths,
  createExactRouter,
  createPathMask,
  refuseOddSigns,
} from './web/protocol/exactPaths.ts';
import { refuseMethods } from './web/protocol/methods.ts';
import { selfService } from './web/selfService/routes.ts';
import { browserSession } from './web/session.ts';
import { signIn } from './web/signIn/routes.ts';

export { WrongKeys } from './appKeys.ts';
export { startJobs } from './appJobs.ts';
export { drain, listen, type Listener } from './appListener.ts';
export type { App, AppSettings, Surroundings } from './appSettings.ts';

/** Each mounts itself; routes are looked for in this order. */
const FEATURES: readonly Feature[] = [
  activate,
  block,
  logout,
  info,
  wellKnown,
  browserSession,
  signIn,
  order,
  orderSignIn,
  desk,
  selfService,
  developers,
];

/** Expects a migrated database. @throws DatabaseAway, WrongKeys */
export async function createApp(settings: AppSettings, surroundings: Surroundings): Promise<App> {
  const { clock, log } = surroundings;
  const { issuer, hotline, proxyHops } = settings;
  const keyring = new Keyring(settings.keyring);
  const onLost = new OutageLog(log, 'warn', 'a database connection was lost').note;
  const { database, begin } = openDatabase(settings, keyring, onLost);
  try {
    await begin();
    const keys = await loadSigningKeys(database, keyring);
    await registerOwnClients({ database, keyring, issuer });
    const world = createWorld(settings, surroundings, { database, keyring });
    const post = createPost(settings, clock);
    const assets = await Assets.own();
    const { stylesheet } = assets;
    const state = { isLeaving: false };
    const health = await createHealthRoutes(database, state);

    /** The provider with all around it: made whole for one state of the signing keys, and again for the next. */
    const build = (signingKeys: SigningKeys) => {
      const engine = createAppProvider({ settings, world, log, stylesheet }, signingKeys);
      const { provider, context, logoutRequests } = engine;
      const { isSecure } = context;
      const pages = createExactRouter();
      for (const feature of [assets, ...FEATURES]) feature.mount(pages, context);
      // The order of a request, from the door to the provider, which answers what is left.
      const steps: Middleware[] = [
        numberRequest(),
        boundHeaders(),
        putOnPages({ hotline, issuer }),
        writeLine(log, createPathMask([health, pages])),
        answerFaults(stylesheet, log, new OutageLog(log, 'error', 'requests failed: the database is away')),
        setSecurityHeaders(isSecure),
        boundParameters(),
        health.routes() as Middleware,
        admitOnlyOurHost({ issuer, proxyHops }),
        refuseOddSigns(),
        refuseMethods(pages),
        unitOfWork(database, isSecure),
        carryInteractions({ keyring, dice: world.dice, isSecure }),
        goOnFromLogout(provider),
        vetLogoutRequest(logoutRequests),
        pages.routes() as Middleware,
        admitExactPaths(pages),
        showJwks(signingKeys.isShown, cachedSeconds),
      ];
      return { handle: handleBy(engine, steps, log), tellLogout: engine.tellLogout };
    };
    const cachedSeconds = () => (follower.isCertain() ? settings.rules.signingKeys.cachedSeconds : 0);
    const onChange = (changed: SigningKeys) => {
      engine = build(changed);
    };
    const follower = new KeyFollower({ database, keyring, log, keys, onChange });
    // What is asked is answered by the one that is current then; what runs ends on the one before.
    let engine = build(keys);

    return {
      world,
      log,
      handle: (req, res) => engine.handle(req, res),
      follow: () => {
        follower.start();
        followHashSettings(world);
      },
      leave: () => {
        state.isLeaving = true;
      },
      tasks: createTasks({ ...post, world, log, tellLogout: (...ended) => engine.tellLogout(...ended) }),
      close: async () => {
        await follower.stop();
        await world.background.end();
        post.mail.close?.();
        await database.end();
      },
    };
  } catch (error) {
    await database.end();
    throw error;
  }
}
