/**
 * A hundred thousand identities: the size of a card's row, and that the letter job never scans the whole
 * table.
 */
import { beforeAll, expect, test } from '@jest/globals';
import { createFolderPrintHouse } from '../../src/platform/outbound/folderPrintHouse.ts';
import { renderLetter } from '../../src/delivery/letters/letterPdf.ts';
import { SAMPLE_CONTACT } from '../../src/gallery/sampleContact.ts';
import { CLAIM_LETTERS } from '../../src/db/cards/letters.ts';
import { sendLetters } from '../../src/jobs/sendLetters.ts';
import { aPerson, IS_WHOLE_PROOF, orderNewCard, useNodes } from '../support/index.ts';
import { aLetter } from '../support/letterSamples.ts';

const IDENTITIES = 100_000;
const LETTERS = 1_000;

const nodes = useNodes({ count: 1 });
beforeAll(async () => {
  const model = await aPerson(nodes);
  await nodes.database.query(
    `INSERT INTO people (id, given_name, family_name, birthdate, language, pid, address_sealed, email_sealed)
     SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Person', n::text, '1980-01-01', 'da',
       '9208-2002-2-' || lpad(n::text, 12, '0'), p.address_sealed, NULL
     FROM generate_series(1, $1::int) n, identities i JOIN people p ON p.id = i.person_id WHERE i.id = $2`,
    [IDENTITIES, model.identityId],
  );
  await nodes.database.query(
    `INSERT INTO identities (id, person_id, id_number, public_sites, proofing)
     SELECT id, id, right(pid, 9), true, 'Substantial' FROM people WHERE given_name = 'Person'`,
  );
  await nodes.database.query(
    `INSERT INTO key_cards (id, identity_id, card_number, salt, kid, state, ordered_at)
     SELECT gen_random_uuid(), id, 'A' || id_number, sha256(id::text::bytea), 'k1', 'active', now() - interval '1 year'
     FROM identities WHERE id_number <> $1`,
    [model.idNumber],
  );
  // Every card of theirs came by a letter once.
  await nodes.database.query(
    `INSERT INTO letters (id, kind, identity_id, card_id, state, ordered_at, post_on, batch)
     SELECT gen_random_uuid(), 'card', identity_id, id, 'sent', ordered_at, '2025-11-24', '2025-11-24-09' FROM key_cards`,
  );
}, 120_000);

test('a row of a card takes less than 250 bytes', async () => {
  await nodes.database.query('ANALYZE key_cards');
  await nodes.database.query('ANALYZE letters');
  const [size] = await nodes.database.query<{ rows: number; heap: number; indexes: number }>(
    `SELECT (SELECT count(*)::int FROM key_cards) AS rows,
       (pg_relation_size('key_cards') / 8192)::int AS heap, pg_indexes_size('key_cards')::int AS indexes`,
  );
  const { rows, heap, indexes } = size ?? { rows: 1, heap: 1e9, indexes: 0 };
  const bytes = (heap * 8192) / rows;
  console.info(
    `${rows} cards on ${heap} pages: ${bytes.toFixed(1)} bytes a card; indexes ${(indexes / rows).toFixed(1)} more`,
  );
  expect(rows).toBeGreaterThan(IDENTITIES);
  expect(bytes).toBeLessThan(250);
});

const inWhole = IS_WHOLE_PROOF ? test : test.skip;

inWhole(
  'a thousand letters are sent, and nothing is read through for it',
  async () => {
    const chosen = await nodes.database.query<{ id: string }>(
      `SELECT id FROM identities WHERE id::text LIKE '00000000%' ORDER BY id_number DESC LIMIT ${LETTERS}`,
    );
    // Every address was sealed for the model; each person gets a separate one.
    const { keyring } = nodes.context;
    for (const { id } of chosen) {
      const address = JSON.stringify({ street: 'Storegade 1', postcode: '8900', city: 'Randers C' });
      await nodes.database.query('UPDATE people SET address_sealed = $2 WHERE id = $1', [
        id,
        keyring.seal('seal', address, `address ${id}`),
      ]);
      expect(await orderNewCard(nodes.context, id, { by: 'system' })).toBe('done');
    }
    await nodes.database.query('ANALYZE letters');
    const scans = async () =>
      await nodes.database.query<{ name: string; many: number; looked: number }>(
        `SELECT relname AS name, seq_scan::int AS many, idx_scan::int AS looked FROM pg_stat_user_tables
       WHERE relname IN ('key_cards', 'letters', 'identities', 'people') ORDER BY relname`,
      );
    const plan = await nodes.database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN ${CLAIM_LETTERS.text.replace('$1', '10').replace('$2', '120000')}`,
    );
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    console.info(text);
    expect(text).not.toContain('Seq Scan');
    expect(text).toContain('letters_waiting');

    // One PDF for all: rendering takes most of the time of sending, and does not concern the tables.
    const drawn = await renderLetter(aLetter(), SAMPLE_CONTACT);

    await nodes.database.query('SELECT pg_stat_force_next_flush()');
    const before = await scans();
    const startedAt = performance.now();
    const { context, log } = nodes.node(0).app;
    const printHouse = createFolderPrintHouse(nodes.folder);
    await sendLetters(context, {
      printHouse,
      render: async () => drawn,
      emboss: async () => drawn,
      log,
      atOnce: 1,
      leaseMs: 15_000,
    });
    const seconds = (performance.now() - startedAt) / 1000;
    // Counting them scans the letters once.
    const [sent] = await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM letters WHERE state = 'sent' AND batch <> '2025-11-24-09'`,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const after = await scans();
    const read = after.map(({ name, many }, i) => `${name} ${many - (before[i]?.many ?? 0)}`);
    console.info(`${sent?.many} letters in ${seconds.toFixed(1)} s; tables read through: ${read.join(', ')}`);
    expect(sent?.many).toBe(LETTERS);
    // The statistics are in: each card was looked up at least once.
    expect((after[1]?.looked ?? 0) - (before[1]?.looked ?? 0)).toBeGreaterThan(LETTERS);
    // The one scan, if the statistics are in already, is the count above.
    expect(read.filter((line) => !/ 0$|^letters 1$/.test(line))).toEqual([]);
  },
  240_000,
);
