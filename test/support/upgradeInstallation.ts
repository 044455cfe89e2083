/**
 * An installation of the version before: its schema, its people, two nodes behind a proxy, a print house, a
 * mail server, relying parties. Either node can be replaced by one of this version, and back.
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listSettingsAt, type FormerRelease } from './changelog.ts';
import { FormerVersion } from './formerVersion.ts';
import { HaproxyProxy, isHaproxyInstalled } from './haproxyProxy.ts';
import { LogoutSite } from './logout.ts';
import { IS_WHOLE_PROOF } from './wholeProof.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';
import { freePort } from './ports.ts';
import { startPrintHouse, type PrintHouseServer } from './printHouseServer.ts';
import { postEnv, runCli, RunningNoegle, type Build } from './process.ts';
import { findLeaks, Secrets } from './secrets.ts';
import { SmallProxy } from './smallProxy.ts';
import { startSmtpServer, type SmtpServer } from './smtpServer.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';
import { UpgradeAnswers } from './upgradeAnswers.ts';

export type VersionName = 'former' | 'this';

interface UpgradedNode {
  readonly running: RunningNoegle;
  readonly port: number;
  readonly version: VersionName;
}

const SETTINGS = new Set(listSettingsAt(null));
const THIS_VERSION: Build = { folder: '.', knows: (setting) => SETTINGS.has(setting) };

/** In the whole proof, unless `TEST_PROXY=small`. */
function startsHaproxy(): boolean {
  if (!IS_WHOLE_PROOF || process.env['TEST_PROXY'] === 'small') return false;
  const isInstalled = isHaproxyInstalled();
  if (!isInstalled) console.info("Debian's haproxy is not installed: a small proxy is in its place");
  return isInstalled;
}

export class UpgradeInstallation {
  readonly secrets = new Secrets();
  readonly logoutSite = new LogoutSite();
  readonly everStarted: RunningNoegle[] = [];
  readonly nodes: UpgradedNode[] = [];
  readonly answers = new UpgradeAnswers(() =>
    this.everStarted.map(({ output }, index) => ({ name: this.#names[index] ?? '', output })),
  );
  readonly former: FormerVersion;
  readonly database: TestDatabase;
  readonly printHouse: PrintHouseServer;
  readonly mail: SmtpServer;
  readonly proxy: SmallProxy | HaproxyProxy;
  /** It trusts the first: no one is asked for consent. */
  bank: TestRelyingParty | null = null;
  town: TestRelyingParty | null = null;
  readonly #folder = mkdtempSync(path.resolve('.tmp/upgrade-'));
  readonly #issuer: string;
  readonly #ports: readonly number[];
  /** Of `everStarted`. */
  readonly #names: string[] = [];
  #env: Record<string, string> = {};

  private constructor(
    parts: Pick<UpgradeInstallation, 'former' | 'database' | 'printHouse' | 'mail'>,
    ports: number[],
  ) {
    const [proxyPort = 0, ...nodePorts] = ports;
    this.former = parts.former;
    this.database = parts.database;
    this.printHouse = parts.printHouse;
    this.mail = parts.mail;
    this.#issuer = `http://localhost:${proxyPort}`;
    this.#ports = nodePorts;
    this.proxy = startsHaproxy() ? new HaproxyProxy(nodePorts, this.#folder) : new SmallProxy(nodePorts);
  }

  static async of(release: FormerRelease): Promise<UpgradeInstallation> {
    const former = FormerVersion.build(release);
    const parts = {
      former,
      database: await createTestDatabase({ isEmpty: true }),
      printHouse: await startPrintHouse(),
      mail: await startSmtpServer(),
    };
    const one = new UpgradeInstallation(parts, [await freePort(), await freePort(), await freePort()]);
    await one.#install();
    return one;
  }

  async #install(): Promise<void> {
    await this.logoutSite.listen();
    this.#env = {
      NODE_ENV: 'production',
      NOEGLE_HOST: '127.0.0.1',
      DATABASE_URL: this.database.url,
      NOEGLE_ISSUER: this.#issuer,
      ...(await postEnv(this.#folder, this.printHouse)),
      // One role does everything. Each version gets the settings that it knows.
      NOEGLE_ALLOW_OWNER: 'yes',
      NOEGLE_SMTP_URL: this.mail.url,
      NOEGLE_PROXY_HOPS: '1',
      NOEGLE_PRIVATE_ORIGINS: this.logoutSite.origin,
      NOEGLE_LEAVE_SECONDS: this.proxy.leaveSeconds,
    };
    await this.#makeKeys();
    await this.runCommand('former', 'migrate');
    this.bank = await this.#register('bank', { kind: 'bank', trusted: true });
    this.town = await this.#register('town', {
      kind: 'public',
      backchannel_logout_uri: `${this.logoutSite.origin}/town`,
    });
    await this.proxy.listen(Number(new URL(this.#issuer).port));
  }

  /** Those of the former version, and a copy with the rings that this one needs, as the upgrade notes say. */
  async #makeKeys(): Promise<void> {
    const [former, ours] = [this.#envOf('former'), this.#envOf('this')].map(
      (env) => env['NOEGLE_KEYS_FILE'] ?? '',
    );
    await this.runCommand('former', 'keys', 'make', former ?? '');
    copyFileSync(former ?? '', ours ?? '');
    await this.runCommand('this', 'keys', 'complete', ours ?? '');
  }

  #envOf(version: VersionName): Record<string, string> {
    const keys = path.join(this.#folder, `keys-${version}.json`);
    return { ...this.#env, NOEGLE_KEYS_FILE: keys };
  }

  /** Starts both nodes. @param keysSpent of the cards of the people that are made before */
  async start(keysSpent: readonly number[]): Promise<TestPerson[]> {
    const people = await this.former.seedPeople(this.#envOf('former'), keysSpent);
    for (const { password, cpr, keys } of people) {
      this.secrets.add(password, 'password');
      this.secrets.add(cpr, 'CPR number');
      for (const key of keys.values()) this.secrets.keys.add(key);
    }
    await Promise.all(this.#ports.map((_, index) => this.#startNode(index, 'former')));
    await this.proxy.takesTurns();
    return people;
  }

  /** Behind the proxy; or one node, as a request reaches it. */
  site(node?: number): Nodes {
    const port = node === undefined ? Number(new URL(this.#issuer).port) : (this.#ports[node] ?? 0);
    const { secrets, database } = this;
    const to = node === undefined ? this.proxy.name : `node ${node}`;
    // Only what people send at the same time is sent to a node itself.
    const observe = this.answers.observer(to, node !== undefined);
    const target = { port, issuer: this.#issuer, observe };
    return { issuer: this.#issuer, secrets, database, node: () => target } as unknown as Nodes;
  }

  async runCommand(version: VersionName, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runCli(args, this.#envOf(version), this.#build(version));
    if (code !== 0) throw new Error(`${args.join(' ')} of the ${version} version: ${stderr}`);
    return stdout;
  }

  #build(version: VersionName): Build {
    return version === 'former' ? this.former : THIS_VERSION;
  }

  /** Ends a node and starts another in its place. @returns the exit code of the first */
  async replaceNode(index: number, version: VersionName): Promise<number | null> {
    const code = (await this.nodes[index]?.running.terminate()) ?? null;
    await this.#startNode(index, version);
    await this.proxy.takesTurns();
    return code;
  }

  async #startNode(index: number, version: VersionName): Promise<void> {
    const port = this.#ports[index] ?? 0;
    const env = { ...this.#envOf(version), PORT: String(port) };
    const running = new RunningNoegle(env, this.#build(version));
    this.everStarted.push(running);
    this.#names.push(`node ${index} (${version}, process ${this.everStarted.length})`);
    this.nodes[index] = { running, port, version };
    await running.ready();
  }

  /** The command of the former version: its operators registered them. */
  async #register(name: string, more: Record<string, unknown>): Promise<TestRelyingParty> {
    const document = {
      client_id: name,
      name_da: 'Prøvekommunen',
      name_en: 'The test municipality',
      redirect_uris: ['https://rp.example/cb'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid profile offline_access',
      sector_identifier_uri: `https://${name}.example/sector`,
      ...more,
    };
    const file = path.join(this.#folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(document));
    const added = JSON.parse(await this.runCommand('former', 'relying-party', 'add', file, '--json')) as {
      clientSecret: string;
    };
    this.secrets.add(added.clientSecret, 'client secret');
    const [redirectUri = ''] = document.redirect_uris;
    return { clientId: name, clientSecret: added.clientSecret, redirectUri, scope: document.scope };
  }

  /** @throws when a secret is found in the database or in the log */
  async close(): Promise<void> {
    // No process outlives the suite, even after a failure.
    for (const one of this.everStarted) if (!one.isGone()) await one.terminate();
    const log = this.everStarted.map(({ output }) => output).join('');
    const leaks = await findLeaks(this.secrets, this.database, log);
    await this.proxy.close();
    this.logoutSite.close();
    await this.printHouse.stop();
    await this.mail.stop();
    await this.database.drop();
    this.former.remove();
    rmSync(this.#folder, { recursive: true, force: true });
    if (leaks.length > 0) throw new Error(`secrets were found:\n${[...new Set(leaks)].join('\n')}`);
  }
}
