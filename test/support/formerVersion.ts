/**
 * The version before this one, from git: unpacked, built, and asked for its people, who are then those of an
 * installation that is upgraded.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as app from '../../src/app.ts';
import type * as config from '../../src/config/config.ts';
import type * as readCardModule from '../../src/features/identity/readCard.ts';
import type * as clock from '../../src/platform/clock.ts';
import type * as log from '../../src/platform/log.ts';
import type * as random from '../../src/platform/random.ts';
import type * as seedPersonModule from '../../src/sandbox/seedPerson.ts';
import { childEnv } from '../../dev/build.ts';
import { listSettingsAt, runGit, type FormerRelease } from './changelog.ts';
import type { TestPerson } from './people.ts';
import { cleanEnv, type Build } from './process.ts';

const STEP_MS = 120_000;
/** What a build takes; its tests and docs are left out. */
const BUILT_FROM = [
  'src',
  'migrations',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
/** The exit code of `tsc` when it wrote everything and found type errors, as with other dependencies. */
const WRITTEN_WITH_ERRORS = 2;

/** Of its build. The types are those of this version: what is used here has to be the same in both. */
interface UsedModules {
  app: typeof app;
  'config/config': typeof config;
  'features/identity/readCard': typeof readCardModule;
  'platform/clock': typeof clock;
  'platform/log': typeof log;
  'platform/random': typeof random;
  'sandbox/seedPerson': typeof seedPersonModule;
}

export class FormerVersion implements Build {
  readonly folder: string;
  readonly #settings: ReadonlySet<string>;

  private constructor(folder: string, commit: string) {
    this.folder = folder;
    this.#settings = new Set(listSettingsAt(commit));
  }

  /** Unpacks and builds it, with the packages of this version. @throws when it cannot be built */
  static build({ version, commit }: FormerRelease): FormerVersion {
    const former = new FormerVersion(mkdtempSync(path.resolve('.tmp/former-')), commit);
    former.#run(
      'bash',
      ['-c', `set -o pipefail; git archive ${commit} ${BUILT_FROM.join(' ')} | tar -x -C ${former.folder}`],
      '.',
    );
    symlinkSync(path.resolve('node_modules'), path.join(former.folder, 'node_modules'));
    if (runGit(['diff', '--quiet', commit, '--', 'package-lock.json']) === null)
      console.info(`${version} has other packages; it is built and run with those of this version`);
    former.#run('tsc', ['-p', 'tsconfig.build.json'], former.folder, [0, WRITTEN_WITH_ERRORS]);
    former.#run('npm', ['run', '-s', 'build:assets'], former.folder);
    return former;
  }

  knows(setting: string): boolean {
    return this.#settings.has(setting);
  }

  /**
   * Makes people as its sandbox does: their rows are those of its schema.
   * @param keysSpent of the card of each person
   */
  async seedPeople(env: Record<string, string>, keysSpent: readonly number[]): Promise<TestPerson[]> {
    const { createApp } = await this.#load('app');
    const { readConfig, composeServerSettings } = await this.#load('config/config');
    const { realClock } = await this.#load('platform/clock');
    const { realRandom } = await this.#load('platform/random');
    const { createLog } = await this.#load('platform/log');
    const { seedPerson } = await this.#load('sandbox/seedPerson');
    const { readCard } = await this.#load('features/identity/readCard');
    const settings = readConfig(cleanEnv(env, this));
    if (settings.mode !== 'server') throw new Error('the environment is that of the sandbox');
    const deps = { clock: realClock, random: realRandom, log: createLog('error') };
    const former = await createApp(composeServerSettings(settings), deps);
    const seedOne = async (spent: number, index: number): Promise<TestPerson> => {
      const names = { givenName: 'Anna', familyName: `Prøve-${index}`, birthdate: '1985-07-01' };
      const [userId, password] = [`opgradering-${index}`, `Kodeord-${index}-æøå-${Math.random()}`];
      // There is no 61st day.
      const cpr = `6107${String(100_000 + index)}`;
      const { identityId, idNumber, card } = await seedPerson(former.context, {
        ...names,
        language: 'da',
        cpr,
        userId,
        password,
        publicSites: true,
        proofing: 'Substantial',
        address: { street: `Prøvegade ${index}`, postcode: '8900', city: 'Randers C' },
        email: `anna-${index}@mail.example`,
        keysSpent: spent,
      });
      const { keyNumbers, keys } = readCard(former.context, card);
      return {
        identityId,
        idNumber,
        userId,
        password,
        cpr,
        cardId: card.id,
        cardNumber: card.cardNumber,
        fullName: `${names.givenName} ${names.familyName}`,
        keys: new Map(keyNumbers.map((number, position) => [number, keys[position] ?? ''])),
      };
    };
    try {
      return await Promise.all(keysSpent.map(seedOne));
    } finally {
      await former.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #load<Name extends keyof UsedModules>(name: Name): Promise<UsedModules[Name]> {
    const file = path.join(this.folder, `dist/${name}.js`);
    return (await import(pathToFileURL(file).href)) as UsedModules[Name];
  }

  #run(command: string, args: string[], cwd: string, allowed: readonly number[] = [0]): void {
    const ended = spawnSync(command, args, { cwd, env: childEnv(), encoding: 'utf8', timeout: STEP_MS });
    if (ended.status !== null && allowed.includes(ended.status)) return;
    throw new Error(`${command} ${args.join(' ')}: ${ended.error?.message ?? ended.stdout + ended.stderr}`);
  }
}
