/** Third-party relying parties, each through every cell; and docs/reference/interop.md matches what ran. */
import { expect, test } from '@jest/globals';
import { IS_WHOLE_PROOF } from '../support/index.ts';
import { CELL_NAMES, offers } from '../interop/cells.ts';
import { loadParties } from '../interop/party.ts';
import { walkParties } from '../interop/suite.ts';
import { lineAt, readDocs, versionOf } from '../interop/table.ts';

/** The proof has time for every third one. */
const loaded = await loadParties();
const parties = loaded.filter((_, i) => IS_WHOLE_PROOF || i % 3 === 0);
const docs = readDocs(parties[0]?.name ?? '');
const ran = walkParties(parties);

test('the table says what ran, with these versions', () => {
  console.table(ran);
  for (const { name, library = name } of parties) {
    expect(docs.table['version']?.[name]).toBe(versionOf(library));
    for (const cell of CELL_NAMES) {
      expect([name, cell, docs.table[cell]?.[name]]).toEqual([name, cell, ran[cell]?.[name]]);
    }
  }
  expect(Object.keys(docs.table)).toEqual(['version', ...CELL_NAMES]);
});

test('what a library does not offer is cited with its line, and each line says what is cited', () => {
  const cited = docs.citations.filter(({ at }) => loaded.some(({ name }) => at.startsWith(`${name}/`)));
  for (const { at, states: says } of cited)
    expect([at, lineAt(at)]).toEqual([at, expect.stringContaining(says)]);
  const missing = parties.flatMap((party) =>
    CELL_NAMES.filter((cell) => !offers(party, cell)).map((cell) => party.notOffered[cell]),
  );
  expect(cited.map(({ at }) => at)).toEqual(expect.arrayContaining(missing));
});
