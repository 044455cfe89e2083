/** The composition root: the only file that builds things. Nothing fetches its own friends. */
import type { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';
import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { openDatabase } from './appKeys.ts';
import { createPost } from './appPost.ts';
import { createWorld } from './appWorld.ts';
import type { PostSettings } from './configPost.ts';
import type { Dice } from './core/dice.ts';
import { DESK, ORDER, OWN_SITES, SELF_SERVICE, type OwnSite } from './core/ownSite.ts';
import type { Rules } from './core/rules.ts';
import { createTasks, type Tasks } from './jobs/tasks.ts';
import { startWorker, type Worker } from './jobs/worker.ts';
import { carryInteractions } from './oidc/carriedInteractions.ts';
import { Interactions } from './oidc/interaction.ts';
import { BrowserSessions } from './oidc/session.ts';
import { showJwks } from './oidc/jwks.ts';
import { KeyFollower } from './oidc/keyFollower.ts';
import { goOnFromLogout, uiLocalesOf } from './oidc/logout/logout.ts';
import { createPostedLogout, vetLogoutRequest } from './oidc/logout/logoutRequest.ts';
import { PostedHints } from './oidc/logout/postedHint.ts';
import { ownClientSecret, registerOwnClients } from './oidc/ownClients.ts';
import type { SandboxCalls } from './oidc/outgoing.ts';
import { createProvider, type Engine } from './oidc/provider.ts';
import { loadSigningKeys, SIGNING_ALGORITHMS, type SigningKeys } from './oidc/signingKeys.ts';
import { unitOfWork } from './oidc/unitOfWork.ts';
import type { Clock } from './platform/clock.ts';
import { Keyring, type KeyringFile } from './platform/keyring.ts';
import type { Log } from './platform/log.ts';
import { OutageLog, sayUnsent } from './platform/outageLog.ts';
import type { PasswordHasher } from './platform/passwordHasher.ts';
import { createSelfFetch } from './platform/selfFetch.ts';
import type { Database } from './store/database.ts';
import { isInstalled } from './store/installation.ts';
import { listMigrations } from './store/migrations.ts';
import { databaseRegister } from './store/issuing/register.ts';
import { sealSeen } from './usecases/seen.ts';
import { followHashSettings } from './usecases/signIn/rehash.ts';
import type { World } from './usecases/world.ts';
import { Assets } from './web/assets.ts';
import { admitOnlyOurHost, numberRequest, setSecurityHeaders, writeLine } from './web/door.ts';
import { answerFaults } from './web/faults.ts';
import { addActivateRoutes } from './web/activate.ts';
import { addBlockRoutes } from './web/block.ts';
import { addDevelopersRoutes, type DevelopersGround } from './web/developers/routes.ts';
import { addDeskRoutes } from './web/desk/routes.ts';
import { addHealthRoutes } from './web/health.ts';
import { addInfoRoutes } from './web/info/routes.ts';
import { addWellKnownRoutes } from './web/info/wellKnown.ts';
import { addLogoutRoutes } from './web/logout.ts';
import { addLoginRoutes } from './web/signIn/login.tsx';
import { boundHeaders, boundParameters } from './web/protocol/bounds.ts';
import {
  admitExactPaths,
  createExactRouter,
  createPathMask,
  refuseOddSigns,
} from './web/protocol/exactPaths.ts';
import { refuseMethods } from './web/protocol/methods.ts';
import { addOrderRoutes } from './web/order.ts';
import { addOrderSignInRoutes } from './web/orderSignIn.ts';
import { askForEmailFirst } from './web/selfService/email.ts';
import { addSelfServiceRoutes } from './web/selfService/routes.ts';
import { addSessionRoutes } from './web/session.ts';
import { addOwnSite, type FirstPage, type OwnSiteGround } from './web/ownSite.ts';
import { putOnPages } from './web/page.ts';
import { createProviderPages } from './web/providerPages.ts';

export { WrongKeys } from './appKeys.ts';
export { drain, listen, type Listener } from './appListener.ts';

export interface AppSettings {
  readonly issuer: string;
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly databaseTimeoutMs: number;
  readonly keyring: KeyringFile;
  readonly post: PostSettings;
  readonly rules: Rules;
  /** The phone number at the foot of every page. */
  readonly hotline: string;
  /** Where faults of security are told; the hotline, unless another is set. */
  readonly securityContact?: string | null;
  /** Ranges of breached passwords that the operator loaded. */
  readonly breachedPasswordsDir?: string | null;
  readonly privateOrigins: readonly string[];
  /** In the sandbox alone. */
  readonly sandboxCalls?: SandboxCalls;
  /** Relying parties that register themselves wait for an operator. */
  readonly waitsForApproval?: boolean;
  readonly proxyHops: number;
  /** Where this node listens itself: our own sites ask it as relying parties do, without going out of the house. */
  readonly selfPort: number;
  /** The loopback, unless it listens at one address alone. */
  readonly selfHost?: string;
  /** In the sandbox alone: what the playground for developers has to show. */
  readonly demo?: DevelopersGround['demo'];
}

/** What the app takes from the real world; tests bring some of their own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly log: Log;
  /** Another than that of this machine's cores, at our cost. */
  readonly hasher?: PasswordHasher;
}

export interface App {
  readonly world: World;
  readonly log: Log;
  readonly handle: RequestListener;
  /** What nobody waits for; `startWorker` runs them. */
  readonly tasks: Tasks;
  /** From now until it is closed it takes up signing keys that change, and what people's hashes cost. */
  follow(): void;
  /** From now on not ready: whoever hands out requests leaves this node out. What comes is still answered. */
  leave(): void;
  close(): Promise<void>;
}

/** A node that asks itself for longer than this would only be in its own way. */
const SELF_TIMEOUT_MS = 5_000;

/** Expects a migrated database. @throws DatabaseAway, WrongKeys */
export async function createApp(settings: AppSettings, surroundings: Surroundings): Promise<App> {
  const { clock, log } = surroundings;
  const keyring = new Keyring(settings.keyring);
  const onLost = new OutageLog(log, 'warn', 'a database connection was lost').note;
  const { database, begin } = openDatabase(settings, keyring, onLost);
  try {
    await begin();
    const signingKeys = await loadSigningKeys(database, keyring);
    await registerOwnClients({ database, keyring, issuer: settings.issuer }, OWN_SITES);
    const world = createWorld(settings, surroundings, { database, keyring });
    const post = createPost(settings, clock);
    const assets = await Assets.own();

    const open = createExactRouter();
    let isLeaving = false;
    const isReady = await readiness(database);
    addHealthRoutes(open, async () => !isLeaving && (await isReady()));

    // Whatever is asked of the engine is asked of the one that is current then; what runs ends on the one before.
    const build = (keys: SigningKeys) =>
      createEngine({ settings, world, log, assets, open, cachedSeconds }, keys);
    const cachedSeconds = () => (follower.isCertain() ? settings.rules.signingKeys.cachedSeconds : 0);
    const follower = new KeyFollower({
      database,
      keyring,
      log,
      keys: signingKeys,
      onChange: (keys) => {
        engine = build(keys);
      },
    });
    let engine = build(signingKeys);

    return {
      world,
      log,
      handle: (req, res) => engine.handle(req, res),
      follow: () => {
        follower.start();
        followHashSettings(world);
      },
      leave: () => {
        isLeaving = true;
      },
      tasks: createTasks({
        ...post,
        world,
        log,
        tellLogout: (...told) => engine.tellLogout(...told),
      }),
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

interface EngineGround {
  readonly settings: AppSettings;
  readonly world: World;
  readonly log: Log;
  readonly assets: Assets;
  /** What is answered before the host is judged. */
  readonly open: Router;
  readonly cachedSeconds: () => number;
}

/** The engine with everything around it: made whole for one state of the signing keys, and again for the next. */
function createEngine(
  { settings, world, log, assets, open, cachedSeconds }: EngineGround,
  signingKeys: SigningKeys,
): { handle: RequestListener; tellLogout: Engine['tellLogout'] } {
  const { issuer, privateOrigins, proxyHops, selfPort: port, selfHost: host = '127.0.0.1' } = settings;
  const { database, keyring } = world;
  const { stylesheet } = assets;
  const isSecure = issuer.startsWith('https:');
  // Records of the engine live in real time, also where the clock of the rules is set to another day.
  const now = () => new Date();

  const { provider, tellLogout } = createProvider({
    issuer,
    isSecure,
    database,
    keyring,
    dice: world.dice,
    signingKeys: signingKeys.jwks,
    privateOrigins,
    sandboxCalls: settings.sandboxCalls,
    waitsForApproval: settings.waitsForApproval ?? true,
    log,
    now,
    sealSeen: (logSalt, visit) => sealSeen(keyring, logSalt, visit),
    pages: createProviderPages(stylesheet, uiLocalesOf),
  });
  const hints = new PostedHints({ provider, keyring, dice: world.dice, isSecure, now });
  const logoutRequests = { provider, hints, log };

  const pages = createExactRouter();
  assets.addRoutes(pages);
  addActivateRoutes(pages, { world, stylesheet, isSecure });
  addBlockRoutes(pages, { world, stylesheet, isSecure });
  addLogoutRoutes(pages, createPostedLogout(logoutRequests));
  addInfoRoutes(pages, { world, stylesheet, isSecure });
  const { hotline, securityContact = null } = settings;
  addWellKnownRoutes(pages, { issuer, hotline, securityContact, now });
  const sessions = new BrowserSessions(provider);
  addSessionRoutes(pages, { world, sessions, stylesheet, isSecure });
  const interactions = new Interactions(provider, { database, keyring, now });
  addLoginRoutes(pages, { world, interactions, stylesheet, isSecure });
  const fetch = createSelfFetch({ issuer, host, port, proxyHops, timeoutMs: SELF_TIMEOUT_MS });
  const ownGround = ({ clientId }: OwnSite): OwnSiteGround => {
    return { world, sessions, stylesheet, issuer, clientSecret: ownClientSecret(keyring, clientId), fetch };
  };
  const register = databaseRegister(database, keyring);
  addOrderRoutes(pages, { world, register, stylesheet, isSecure });
  addOrderSignInRoutes(pages, ownGround(ORDER));
  const site = (own: OwnSite, first?: FirstPage) => addOwnSite(pages, own, ownGround(own), first);
  addDeskRoutes(pages, { world, site: site(DESK), register, stylesheet, isSecure });
  addSelfServiceRoutes(pages, { world, site: site(SELF_SERVICE, askForEmailFirst), stylesheet, isSecure });
  if (settings.demo) addDevelopersRoutes(pages, { world, stylesheet, issuer, fetch, demo: settings.demo });

  // The order of a request, from the door to the engine, which answers whatever is left.
  const steps: Middleware[] = [
    numberRequest(),
    boundHeaders(),
    putOnPages({ hotline, issuer }),
    writeLine(log, createPathMask([open, pages])),
    answerFaults(stylesheet, log, new OutageLog(log, 'error', 'requests failed: the database is away')),
    setSecurityHeaders(isSecure),
    boundParameters(),
    open.routes() as Middleware,
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
  for (const step of steps) provider.use(step);
  (provider as EventEmitter).on('error', sayUnsent(log));
  const handle = provider.callback();
  return { handle: (req, res) => void handle(req, res), tellLogout };
}

export function startJobs({ tasks, log }: App, { databaseUrl }: Pick<AppSettings, 'databaseUrl'>): Worker {
  // A font that is missing is told when the node starts, not at the first letter.
  import('./post/letterPdf.ts').catch((error: unknown) =>
    log.error({ err: error }, 'letters cannot be drawn'),
  );
  return startWorker(databaseUrl, tasks, log);
}

async function readiness(database: Database): Promise<() => Promise<boolean>> {
  const needed = { migrations: await listMigrations(), signingKeys: SIGNING_ALGORITHMS.length };
  return () => isInstalled(database, needed).catch(() => false);
}
