/** The programs of Debian that the fleet consists of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const DEBIAN = '/usr/lib/postgresql';
const PACKAGES: readonly (readonly [file: string, name: string])[] = [
  ['/usr/bin/patroni', 'patroni'],
  ['/usr/bin/etcd', 'etcd-server'],
  ['/usr/sbin/haproxy', 'haproxy'],
];

export interface Programs {
  readonly patroni: string;
  readonly etcd: string;
  readonly haproxy: string;
  /** The folder of `postgres` and `pg_rewind`. */
  readonly postgresBin: string;
  /** The library that gives a process another time. */
  readonly faketime: string;
}

/** @throws Error that names the packages that are missing */
export function findPrograms(): Programs {
  const missing = PACKAGES.filter(([file]) => !existsSync(file)).map(([, name]) => name);
  const postgresBin = findPostgresBin();
  const faketime = findFaketime();
  if (postgresBin === null) missing.push('postgresql');
  if (faketime === null) missing.push('faketime');
  if (missing.length > 0) {
    throw new Error(`missing, of Debian: apt-get install --no-install-recommends ${missing.join(' ')}`);
  }
  return {
    patroni: '/usr/bin/patroni',
    etcd: '/usr/bin/etcd',
    haproxy: '/usr/sbin/haproxy',
    postgresBin: postgresBin ?? '',
    faketime: faketime ?? '',
  };
}

/** Of the newest version. */
function findPostgresBin(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => path.join(DEBIAN, version, 'bin'));
  return folders.find((folder) => existsSync(path.join(folder, 'postgres'))) ?? null;
}

function findFaketime(): string | null {
  const folders = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'));
  const files = folders.map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`);
  return files.find((file) => existsSync(file)) ?? null;
}

/**
 * An example that operators copy, with the values of this run in place of its own.
 * @throws Error when the example has one of them no longer
 */
export function fillExample(name: string, values: readonly (readonly [string, string])[]): string {
  let text = readFileSync(path.join('examples/operations', name), 'utf8');
  for (const [found, value] of values) {
    if (!text.includes(found)) throw new Error(`${name} has no ${found}`);
    text = text.replaceAll(found, value);
  }
  return text;
}
