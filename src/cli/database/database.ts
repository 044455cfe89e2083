/**
 * `database make`: the database of an installation and its roles. The URL of the administrator is in the
 * environment or a file, and never an argument, which every process of the machine can read.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandOutcome } from '../keys.ts';
import { readOperatorFile } from '../operatorFile.ts';
import { ConfigError } from '../../config/config.ts';
import { ADMIN_DATABASE_URL } from '../../config/databaseUrls.ts';
import { describeDatabaseError } from '../../db/connection/databaseErrors.ts';
import { makeDatabase, type MadeDatabase } from '../../db/roles/makeDatabase.ts';
import { OWNER, ROLE_NAMES, ROLES, type RoleName } from '../../db/roles/roles.ts';
import { drawSecret } from '../../domain/random.ts';
import { realRandom } from '../../platform/random.ts';

export interface DatabaseOptions {
  readonly name?: string | undefined;
  readonly urls?: string | undefined;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
/** ASCII, because other letters have several spellings; long, because it is never typed. */
const PASSWORD = /^[\x21-\x7e]{16,200}$/;

/** @throws Error in words for an operator */
export async function makeDatabaseByCommand(options: DatabaseOptions): Promise<CommandOutcome> {
  const name = options.name ?? 'noegle';
  if (!NAME.test(name))
    throw new Error('--name must be small letters, digits and underscores, and begin with no digit');
  const adminUrl = readAdminUrl();
  const urls = new UrlFiles(adminUrl, name, options.urls ?? null);
  const passwords = urls.readPasswords();
  const made = await makeDatabase({
    adminUrl,
    name,
    passwords,
    drawPassword: (account) => urls.drawPassword(account),
    random: realRandom,
  }).catch((error: unknown) => {
    throw new Error(explainFailure(error), { cause: error });
  });
  return describeMade(name, made, urls);
}

function explainFailure(error: unknown): string {
  const message = describeDatabaseError(error);
  const { code } = error as { code?: unknown };
  // A lock that was not had in time, and a deadlock.
  if (code === '55P03' || code === '40P01')
    return `${message}. Others use the tables: stop the nodes, or run it again when there is less to do`;
  return `${message} (as the administrator of ${ADMIN_DATABASE_URL})`;
}

/** @throws ConfigError */
function readAdminUrl(): string {
  const file = process.env[`${ADMIN_DATABASE_URL}_FILE`] ?? '';
  const text = file === '' ? (process.env[ADMIN_DATABASE_URL] ?? '') : readOperatorFile(file).trim();
  if (!/^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new ConfigError([
      `${ADMIN_DATABASE_URL} (or ${ADMIN_DATABASE_URL}_FILE) must be the URL of an administrator: ` +
        `postgres://postgres:password@host:5432/postgres, or postgres:///postgres?host=/var/run/postgresql&user=postgres`,
    ]);
  return text;
}

/**
 * The URLs of the roles, in a folder or only printed. A file has the whole URL, so that DATABASE_URL_FILE can
 * name it. A file that exists is never changed: its password becomes that of the role.
 */
class UrlFiles {
  readonly #base: URL;
  readonly #folder: string | null;

  constructor(adminUrl: string, name: string, folder: string | null) {
    this.#base = composeBase(adminUrl, name);
    this.#folder = folder;
  }

  fileOf(account: RoleName): string | null {
    return this.#folder === null ? null : path.join(this.#folder, `${account}.url`);
  }

  composeUrl(account: RoleName, password: string): string {
    const url = new URL(this.#base);
    url.username = account;
    url.password = encodeURIComponent(password);
    return url.href;
  }

  /** @throws ConfigError naming every file that is not right */
  readPasswords(): Partial<Record<RoleName, string>> {
    const faults: string[] = [];
    const passwords: Partial<Record<RoleName, string>> = {};
    for (const account of ROLE_NAMES) {
      const file = this.fileOf(account);
      if (file === null || !existsSync(file)) continue;
      const url = URL.parse(readOperatorFile(file).trim());
      const password = decodeURIComponent(url?.password ?? '');
      if (url?.username !== account)
        faults.push(`${file} must be a URL of the role: postgres://${account}:…`);
      else if (!PASSWORD.test(password)) faults.push(`${file}: the password must be 16 to 200 ASCII signs`);
      passwords[account] = password;
    }
    if (faults.length > 0) throw new ConfigError(faults);
    return passwords;
  }

  /** Written before the role has the password, so that an interrupted command leaves no unknown one. */
  drawPassword(account: RoleName): string {
    const password = drawSecret(realRandom);
    const file = this.fileOf(account);
    if (file !== null) {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, `${this.composeUrl(account, password)}\n`, { mode: 0o600, flag: 'wx' });
    }
    return password;
  }
}

/** The server of the administrator; by the loopback where that is a socket, which asks for no password. */
function composeBase(adminUrl: string, name: string): URL {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  if (url.hostname === '') url.hostname = 'localhost';
  url.port ||= url.searchParams.get('port') ?? '';
  for (const parameter of ['host', 'port', 'user', 'password']) url.searchParams.delete(parameter);
  return url;
}

function describeMade(name: string, made: MadeDatabase, urls: UrlFiles): CommandOutcome {
  const { isNew, formerOwner, passwords } = made;
  const roles = ROLE_NAMES.map((account): MadeRole => {
    const [password, file] = [passwords.get(account), urls.fileOf(account)];
    if (password === undefined) return { account, isUnchanged: true };
    return file === null ? { account, url: urls.composeUrl(account, password) } : { account, file };
  });
  return {
    text: [
      `the database ${name} ${isNew ? 'was created' : 'exists'}`,
      ...roles.map(
        ({ account, url, file }) =>
          `${account}: ${ROLES[account]}\n  ${url ?? file ?? 'exists, its password is unchanged'}`,
      ),
      ...(roles.some(({ url }) => url !== undefined) ? ['These passwords are shown only now.'] : []),
      ...(roles.some(({ isUnchanged }) => isUnchanged) ? [describeUnchanged(name)] : []),
      ...(formerOwner === null ? [] : [describeFormerOwner(formerOwner)]),
      `No other role may connect to ${name}: those of monitoring and of backups need ` +
        `GRANT CONNECT ON DATABASE ${name} TO …`,
    ].join('\n'),
    json: {
      database: name,
      isNew,
      roles: roles.map(({ account, ...rest }) => ({ role: account, ...rest })),
      formerOwner,
    },
  };
}

/** A role whose password was set has its URL, or the file with it. */
interface MadeRole {
  readonly account: RoleName;
  readonly url?: string;
  readonly file?: string;
  readonly isUnchanged?: true;
}

function describeUnchanged(name: string): string {
  return (
    'A role has one password for all databases of the server. No file was written for those that exist: ' +
    `use the URLs from when they were created, with /${name} as the database. Their passwords can be set by ` +
    'such files in the folder of --urls'
  );
}

function describeFormerOwner(account: string): string {
  return (
    `${account} owned the tables, and is a member of ${OWNER} now, so that what connects as it continues. ` +
    `When nothing does any longer: REVOKE ${OWNER} FROM ${account}`
  );
}
