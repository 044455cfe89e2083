/**
 * Relying parties from Debian's packages, each through the same cells as those from npm in the proof. This
 * suite does not decide whether a change lands: Nøgle's own tests need only npm.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { CELL_NAMES } from '../test/interop/cells.ts';
import { loadParties, type Party } from '../test/interop/party.ts';
import { walkParties } from '../test/interop/suite.ts';
import { readDocs } from '../test/interop/table.ts';

interface DebianParty extends Party {
  readonly packages: readonly string[];
  readonly isThere: () => boolean;
  /** The package whose version is in the table. */
  readonly versionFrom: string;
}

const parties = (await loadParties('interop/parties')) as DebianParty[];
const missing = parties.filter((party) => !party.isThere());
if (missing.length > 0) {
  const packages = missing.flatMap((party) => party.packages).join(' ');
  throw new Error(`not installed: apt-get install --no-install-recommends ${packages}`);
}
const ran = walkParties(parties);

test('the table says what ran', () => {
  console.info(ran);
  const { table } = readDocs(parties[0]?.name ?? '');
  for (const { name, versionFrom } of parties) {
    const version = execFileSync('dpkg-query', ['-W', '-f', '${Version}', versionFrom]).toString();
    expect([name, table['version']?.[name]]).toEqual([name, version]);
    for (const cell of CELL_NAMES)
      expect([name, cell, table[cell]?.[name]]).toEqual([name, cell, ran[cell]?.[name]]);
  }
});

test('what a library does not offer is cited with a line that is there', () => {
  for (const at of parties.flatMap((party) => Object.values(party.notOffered))) {
    const [, file = '', line = ''] = /^(.+):(\d+)$/.exec(at) ?? [];
    const bytes = readFileSync(file);
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    expect([at, text.split('\n')[Number(line) - 1]?.trim()]).toEqual([at, expect.stringMatching(/./)]);
  }
});
