/** The composition root: the only file that builds things. Nothing fetches its own friends. */
import type { EventEmitter } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import path from 'node:path';
import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { PostSettings } from './configPost.ts';
import type { Dice } from './core/dice.ts';
import type { Rules } from './core/rules.ts';
import { createTasks, type Tasks } from './jobs/tasks.ts';
import { startWorker, type Worker } from './jobs/worker.ts';
import { Interactions } from './oidc/interaction.ts';
import { BrowserSessions } from './oidc/session.ts';
import { showJwks } from './oidc/jwks.ts';
import { KeyFollower } from './oidc/keyFollower.ts';
import { goOnFromLogout, uiLocalesOf } from './oidc/logout.ts';
import { createProvider, type Engine } from './oidc/provider.ts';
import { loadSigningKeys, SIGNING_ALGORITHMS, type SigningKeys } from './oidc/signingKeys.ts';
import { unitOfWork } from './oidc/unitOfWork.ts';
import type { Clock } from './platform/clock.ts';
import { KEY_USES, Keyring, type KeyringFile } from './platform/keyring.ts';
import type { Log } from './platform/log.ts';
import { PasswordHasher } from './platform/passwordHasher.ts';
import { folderMail } from './platform/folderMail.ts';
import { folderPrintHouse } from './platform/folderPrintHouse.ts';
import type { Mail } from './platform/mail.ts';
import type { PrintHouse } from './platform/printHouse.ts';
import { sealedPrintHouse } from './platform/sealedPrintHouse.ts';
import { smtpMail } from './platform/smtpMail.ts';
import { Database } from './store/database.ts';
import { isInstalled, keepKeyChecks } from './store/installation.ts';
import { listMigrations } from './store/migrations.ts';
import type { World } from './usecases/world.ts';
import { Assets } from './web/assets.ts';
import { admitOnlyOurHost, numberRequest, setSecurityHeaders, writeLine } from './web/door.ts';
import { answer, answerFaults } from './web/faults.tsx';
import { addActivateRoutes } from './web/activate.tsx';
import { addBlockRoutes } from './web/block.tsx';
import { addHealthRoutes } from './web/health.ts';
import { addLogoutRoutes } from './web/logout.ts';
import { addLoginRoutes } from './web/login.tsx';
import { addSessionRoutes } from './web/session.tsx';
import { frameOf, sendPage } from './web/page.ts';
import { LoggedOutPage, LogoutPage, StillSignedInPage } from './web/pages/logout.tsx';

export interface AppSettings {
  readonly issuer: string;
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly keyring: KeyringFile;
  readonly post: PostSettings;
  readonly rules: Rules;
  readonly privateOrigins: readonly string[];
  readonly proxyHops: number;
}

/** What the app takes from the real world; tests bring some of their own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly log: Log;
}

export interface App {
  readonly world: World;
  readonly log: Log;
  readonly handle: RequestListener;
  /** What nobody waits for; `startWorker` runs them. */
  readonly tasks: Tasks;
  /** From now until it is closed it takes up signing keys that change. */
  follow(): void;
  /** From now on not ready: whoever hands out requests leaves this node out. What comes is still answered. */
  leave(): void;
  close(): Promise<void>;
}

/** The keys do not belong to the data: said at start, before anything is answered with them. */
export class WrongKeys extends Error {}

/** Hashes that may wait behind those that run: about three seconds of work for two cores. */
const HASHES_WAITING = 250;

/** What is wrong with a request for these was written by the relying party, not by the person. */
const ASKED_BY_SITES: ReadonlySet<string> = new Set(['/auth', '/session/end']);

/** Expects a migrated database. @throws DatabaseAway, WrongKeys */
export async function createApp(settings: AppSettings, { clock, dice, log }: Surroundings): Promise<App> {
  const keyring = new Keyring(settings.keyring);
  const database = new Database(settings.databaseUrl, {
    poolSize: settings.databasePool,
    onIdleError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  });
  try {
    await checkKeys(database, keyring);
    const signingKeys = await loadSigningKeys(database, keyring);
    const hasher = new PasswordHasher({ maxWaiting: HASHES_WAITING });
    const world: World = { database, keyring, hasher, dice, clock, rules: settings.rules };
    const { printHouse, mail } = createPost(settings.post, clock);
    const assets = await Assets.load();

    const open = new Router();
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
      follow: () => follower.start(),
      leave: () => {
        isLeaving = true;
      },
      tasks: createTasks({
        world,
        printHouse,
        mail,
        log,
        tellLogout: (...told) => engine.tellLogout(...told),
      }),
      close: async () => {
        await follower.stop();
        mail.close?.();
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
  const { issuer, privateOrigins, proxyHops } = settings;
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
    signingKeys: signingKeys.jwks,
    privateOrigins,
    log,
    now,
    pages: {
      error: (ctx, error) =>
        answer(
          ctx,
          stylesheet,
          error === 'invalid_request' && !ASKED_BY_SITES.has(ctx.path) ? 'expired' : 'bad_request',
        ),
      logout: (ctx, form, goesOnTo) => {
        const uiLocales = uiLocalesOf(ctx);
        const page = LogoutPage({ ...frameOf(ctx, stylesheet, { uiLocales }), form, uiLocales });
        sendPage(ctx, page, goesOnTo ? [goesOnTo] : []);
      },
      loggedOut: (ctx, isStillSignedIn) => {
        const frame = frameOf(ctx, stylesheet, { uiLocales: uiLocalesOf(ctx) });
        sendPage(ctx, isStillSignedIn ? StillSignedInPage(frame) : LoggedOutPage(frame));
      },
    },
  });

  const pages = new Router();
  assets.addRoutes(pages);
  const interactions = new Interactions(provider, now);
  addActivateRoutes(pages, { world, stylesheet, isSecure });
  addBlockRoutes(pages, { world, stylesheet, isSecure });
  addLogoutRoutes(pages);
  addSessionRoutes(pages, { world, sessions: new BrowserSessions(provider), stylesheet, isSecure });
  addLoginRoutes(pages, { world, interactions, stylesheet, isSecure });

  // The order of a request, from the door to the engine, which answers whatever is left.
  const steps: Middleware[] = [
    numberRequest(),
    writeLine(log),
    answerFaults(stylesheet, log),
    setSecurityHeaders(isSecure),
    open.routes() as Middleware,
    admitOnlyOurHost({ issuer, proxyHops }),
    unitOfWork(database),
    goOnFromLogout(provider),
    pages.routes() as Middleware,
    showJwks(signingKeys.isShown, cachedSeconds),
  ];
  for (const step of steps) provider.use(step);
  (provider as EventEmitter).on('error', (error: Error) =>
    log.error({ err: error }, 'an answer could not be sent'),
  );
  const handle = provider.callback();
  return { handle: (req, res) => void handle(req, res), tellLogout };
}

export function startJobs({ tasks, log }: App, { databaseUrl }: Pick<AppSettings, 'databaseUrl'>): Worker {
  return startWorker(databaseUrl, tasks, log);
}

const PRINT_TIMEOUT_MS = 10_000;
const MAIL_TIMEOUT_MS = 5_000;
const SANDBOX_SENDER = 'Nøgle <noegle@localhost>';

function createPost(post: PostSettings, clock: Clock): { printHouse: PrintHouse; mail: Mail } {
  if (post.kind === 'folders') {
    return {
      printHouse: folderPrintHouse(path.join(post.dataDir, 'letters')),
      mail: folderMail(path.join(post.dataDir, 'mail'), SANDBOX_SENDER, () => clock.now()),
    };
  }
  const { printUrl: url, cardKey, passwordKey, mailUrl, mailFrom } = post;
  return {
    printHouse: sealedPrintHouse({ url, cardKey, passwordKey, timeoutMs: PRINT_TIMEOUT_MS }),
    mail: smtpMail({ url: mailUrl, from: mailFrom, timeoutMs: MAIL_TIMEOUT_MS }),
  };
}

async function checkKeys(database: Database, keyring: Keyring): Promise<void> {
  const checks = Object.fromEntries(
    KEY_USES.map((use) => [
      use,
      keyring.hmac(use, 'key check v1', keyring.oldestKid(use)).toString('base64url'),
    ]),
  );
  const made = await keepKeyChecks(database, checks);
  const wrong = KEY_USES.filter((use) => made[use] !== checks[use]);
  if (wrong.length > 0) {
    throw new WrongKeys(`the keys for ${wrong.join(', ')} are not those that this database was made with`);
  }
}

async function readiness(database: Database): Promise<() => Promise<boolean>> {
  const needed = { migrations: await listMigrations(), signingKeys: SIGNING_ALGORITHMS.length };
  return () => isInstalled(database, needed).catch(() => false);
}

/** A server that can be drained: no new connections, what runs is finished, what hangs is cut off in the end. */
export async function listen(handle: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer((req, res) => {
    // Anything but a path (another site's address, an asterisk) is no request for us, and no library takes it well.
    if (req.url?.startsWith('/') && URL.canParse(req.url, 'http://host')) handle(req, res);
    else res.writeHead(400, { 'Content-Type': 'text/plain' }).end('Bad Request');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

const DRAIN_MS = 10_000;

export async function drain(servers: readonly Server[]): Promise<void> {
  const cut = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, DRAIN_MS);
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeIdleConnections();
        }),
    ),
  );
  clearTimeout(cut);
}
