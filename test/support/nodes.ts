/**
 * A Nøgle for one suite: a database, an issuer, any number of nodes, and a clock that the test controls.
 * Closing it searches every table and the whole log for secrets.
 */
import { composeContact } from './contact.ts';
import { rmSync } from 'node:fs';
import {
  createApp,
  drainListeners,
  listenOnPort,
  type App,
  type AppSettings,
  type Listener,
} from '../../src/app.ts';
import type { DeliverySettings } from '../../src/config/delivery.ts';
import type { BindingMode } from '../../src/domain/rowMac.ts';
import { DEFAULT_RULES, type Rules } from '../../src/domain/rules.ts';
import { Keyring, type KeyringFile } from '../../src/platform/keyring.ts';
import { realRandom } from '../../src/platform/random.ts';
import { PasswordHasher } from '../../src/platform/hashing/passwordHasher.ts';
import type { AttestationSettings } from '../../src/features/securityKeySettings.ts';
import { UNAVAILABLE_AFTER_MS, PATIENT_DATABASE_MS } from './timed.ts';
import { createLog } from '../../src/platform/log.ts';
import { closeConnections } from './http.ts';
import { freePort } from './ports.ts';
import { makeScratchFolder } from './scratch.ts';
import { findLeaks, Secrets } from './secrets.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';

/** The minimum cost of argon2id. */
export const CHEAP = { algorithm: 2, memoryCost: 8, timeCost: 1, parallelism: 1 };

/** Stands still until it is moved. */
export class TestClock {
  #now = new Date();
  /** How wrong it is, in milliseconds, without anyone's intention: that is in no offset. */
  faultMs = 0;
  now(): Date {
    return new Date(this.#now.getTime() + this.faultMs);
  }
  get offsetMs(): number {
    return this.#now.getTime() - Date.now();
  }
  forward(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms);
  }
  /**
   * Moves into the middle of a minute. Sessions are recorded in real time: what a page shows of one comes
   * nearer to this clock by the time that the test takes, and would be another minute at the edge.
   */
  leaveMinuteEdge(): void {
    const seconds = this.#now.getUTCSeconds();
    if (seconds < 20) this.forward((20 - seconds) * 1_000);
  }
}

export interface Node {
  readonly app: App;
  readonly server: Listener;
  readonly port: number;
  /** The host that is sent in the `Host` header. */
  readonly issuer: string;
}

export interface NodesOptions {
  /**
   * For many thousand steps: commits are not flushed. The tests check what other transactions see, not a
   * power cut.
   */
  readonly quickCommits?: boolean;
  /**
   * Hashes passwords at the production cost; otherwise at the minimum of argon2id, which most tests do not
   * depend on.
   */
  readonly realHashes?: boolean;
  /** The suite's own hasher, for all of its nodes. */
  readonly hasher?: PasswordHasher;
  readonly count?: number;
  /** Follows changes of signing keys, as every node in production does. */
  readonly follow?: boolean;
  /** Redirects the nodes' connections, e.g. over a proxy that can be cut. */
  readonly databaseUrl?: (url: string) => string;
  /** Connections of a node; 10 unless set. */
  readonly databasePool?: number;
  /** What the database needs before the nodes start, e.g. settings of their role. */
  readonly prepareDatabase?: (database: TestDatabase) => Promise<void>;
  /** A pooler is in front of the redirected URL. */
  readonly pooler?: 'transaction';
  /** Another address than that of the first node, as behind a proxy. */
  readonly issuer?: string;
  readonly securityKeyModels?: AttestationSettings;
  readonly proxyHops?: number;
  readonly trustedProxies?: readonly string[];
  /** Letters and mail go into a separate folder of the suite, unless it has another destination. */
  readonly post?: DeliverySettings;
  readonly rules?: Rules;
  /** The binding mode (row MACs) of a node, by its number; `TEST_BINDING` sets it for a whole run. */
  readonly binding?: (node: number) => BindingMode | undefined;
  /** The playground, as in the sandbox. */
  readonly demo?: NonNullable<AppSettings['demo']>;
  readonly privateOrigins?: readonly string[];
  /** A folder of ranges, as an operator loads them. */
  readonly breachedPasswordsDir?: string;
  /** Calls to the loopback are allowed, as in the sandbox. */
  readonly sandboxCalls?: NonNullable<AppSettings['sandboxCalls']>;
  /** As in the sandbox: a self-registered client needs no approval. */
  readonly waitsForApproval?: boolean;
  /** The folder of the audit sink; it may be exchanged between starts. */
  readonly auditSink?: () => string | null;
  /** The port of the first node, where others have to know it beforehand. */
  readonly port?: number;
}

/** All browsers of a suite have one address; only the suite about networks wants it slowed down. */
export const PATIENT: Rules = {
  ...DEFAULT_RULES,
  network: { ...DEFAULT_RULES.network, burst: 1e9, perMinute: 1e9 },
};

/** Races have to be decided by rows, and not to pass because few are hashed at a time. */
const UNBOUNDED = { identity: 1e9, knownBrowser: 1e9, network: 1e9, formsOfWideNetwork: 1e9 };

function composeSink(folder: string | null) {
  return folder === null ? null : ({ kind: 'folder', folder } as const);
}

const LEAVE_MS = 200;
const BINDING = (process.env['TEST_BINDING'] ?? 'read') as BindingMode;

export class Nodes {
  readonly clock = new TestClock();
  /** The folder of the letters and mails of the nodes. */
  folder = '';
  readonly secrets = new Secrets();
  readonly keyringFile: KeyringFile = Keyring.generate();
  issuer = '';
  readonly list: Node[] = [];
  readonly #log: string[] = [];
  #database: TestDatabase | null = null;
  #options: NodesOptions = {};

  static async start(options: NodesOptions = {}): Promise<Nodes> {
    const nodes = new Nodes();
    await nodes.open(options);
    return nodes;
  }

  /** A suite names its nodes before they run: `useNodes` in use.ts. */
  async open(options: NodesOptions): Promise<void> {
    this.#options = options;
    this.#database = await createTestDatabase(options);
    await options.prepareDatabase?.(this.#database);
    this.folder = makeScratchFolder('post');
    for (let i = 0; i < (options.count ?? 1); i += 1)
      await this.#add((i === 0 && options.port) || (await freePort()));
  }

  get database(): TestDatabase {
    if (!this.#database) throw new Error('the nodes do not run yet');
    return this.#database;
  }

  get log(): string {
    return this.#log.join('');
  }

  /** Adds another process's output to the log that is searched for secrets. */
  keepLog(text: string): void {
    this.#log.push(text);
  }

  get context() {
    return this.node(0).app.context;
  }

  get cost() {
    const costs = this.list.map(({ app }) => ({ ...app.context.database.cost }));
    return costs.reduce(
      (sum, cost) => ({ statements: sum.statements + cost.statements, commits: sum.commits + cost.commits }),
      { statements: 0, commits: 0 },
    );
  }

  node(index: number): Node {
    const node = this.list[index % this.list.length];
    if (!node) throw new Error('no node is running');
    return node;
  }

  /** Stops and starts all nodes on the same ports, with nothing kept but the database. */
  async restart(): Promise<void> {
    const ports = this.list.map(({ port }) => port);
    await this.#stopAll();
    for (const port of ports) await this.#add(port);
  }

  /** Restarts one node with these rings, as an operator goes from node to node. */
  async restartWith(index: number, keyring: KeyringFile): Promise<void> {
    const { app, server, port } = this.node(index);
    closeConnections();
    await drainListeners([server]);
    await app.close();
    this.list.splice(index, 1, await this.#start(port, keyring, index));
  }

  /** Starts one more node and stops it again. @throws the error that its start ends with */
  async tryStart(keyring: KeyringFile = this.keyringFile): Promise<void> {
    const { app, server } = await this.#start(await freePort(), keyring, 0);
    await drainListeners([server]);
    await app.close();
  }

  /** A node, with these rings, replaces another, which answers its open requests and ends. */
  async replaceOne(index: number, keyring = this.keyringFile): Promise<void> {
    const former = this.node(index);
    this.list.splice(index, 1, await this.#start(await freePort(), keyring, index));
    // As long as a proxy would still send requests there.
    await new Promise((resolve) => setTimeout(resolve, LEAVE_MS));
    await drainListeners([former.server]);
    await former.app.close();
  }

  async #add(port: number): Promise<void> {
    this.list.push(await this.#start(port, this.keyringFile, this.list.length));
  }

  async #start(port: number, keyring: KeyringFile, index: number): Promise<Node> {
    this.issuer ||= this.#options.issuer ?? `http://localhost:${port}`;
    const log = createLog('debug', { write: (line: string) => void this.#log.push(line) });
    const { appUrl } = this.database;
    const databaseUrl = this.#options.databaseUrl?.(appUrl) ?? appUrl;
    // Only nodes with redirected connections are tested with an unavailable database.
    const isDirect = databaseUrl === appUrl;
    const binding = this.#options.binding ? this.#options.binding(index) : BINDING;
    const settings = {
      issuer: this.issuer,
      databaseUrl,
      databasePool: this.#options.databasePool ?? 10,
      pooler: this.#options.pooler ?? null,
      databaseTimeoutMs: isDirect ? PATIENT_DATABASE_MS : UNAVAILABLE_AFTER_MS,
      keyring,
      post: this.#options.post ?? ({ kind: 'folders', dataDir: this.folder } as const),
      rules: { ...(this.#options.rules ?? PATIENT), binding },
      contact: composeContact(this.issuer),
      privateOrigins: this.#options.privateOrigins ?? [],
      breachedPasswordsDir: this.#options.breachedPasswordsDir ?? null,
      ...(this.#options.sandboxCalls ? { sandboxCalls: this.#options.sandboxCalls } : {}),
      waitsForApproval: this.#options.waitsForApproval ?? true,
      proxyHops: this.#options.proxyHops ?? 0,
      trustedProxies: this.#options.trustedProxies ?? [],
      selfPort: port,
      auditSink: composeSink(this.#options.auditSink?.() ?? null),
      securityKeyModels: this.#options.securityKeyModels ?? null,
      ...(this.#options.demo ? { demo: this.#options.demo } : {}),
    };
    const cheap = new PasswordHasher({ setting: CHEAP, bounds: UNBOUNDED });
    const hasher = this.#options.realHashes ? {} : { hasher: this.#options.hasher ?? cheap };
    const app = await createApp(settings, { clock: this.clock, random: realRandom, log, ...hasher });
    const server = await listenOnPort(app.handle, port, '127.0.0.1', undefined, log);
    if (this.#options.follow) app.follow();
    return { app, server, port, issuer: this.issuer };
  }

  async #stopAll(): Promise<void> {
    closeConnections();
    const running = this.list.splice(0);
    await drainListeners(running.map(({ server }) => server));
    await Promise.all(running.map(({ app }) => app.close()));
  }

  /**
   * @param options.withoutErrors nothing of this suite may have been logged as an error
   * @throws after closing: a secret was found in the dump or in the log, or an error in the log
   */
  async close(options: { withoutErrors?: boolean } = {}): Promise<void> {
    // The start failed, and its error was reported.
    if (!this.#database) return;
    const { statements, commits } = this.cost;
    await this.#stopAll();
    const [signIns] = await this.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM audit_events WHERE kind = 'signed_in'`,
    );
    const each = (total: number) => Math.round(total / (signIns?.many || 1));
    console.info(
      `${signIns?.many} sign-ins; ${each(statements)} SQL statements and ${each(commits)} commits for each, ` +
        'with all else that this suite did on its last nodes',
    );
    const leaks = await findLeaks(this.secrets, this.database, this.log);
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
    if (leaks.length > 0) throw new Error(`secrets were found:\n${[...new Set(leaks)].join('\n')}`);
    const errors = this.#log.filter((line) => line.includes('"level":"error"'));
    if (options.withoutErrors && errors.length > 0)
      throw new Error(`errors were logged:\n${errors.join('')}`);
  }
}
