/** The key rings against the rows of the database, and the age of the signing keys. */
import type { Inspector } from '../../db/operations/inspection.ts';
import {
  findKeyChecks,
  listRingKeysInUse,
  listSigningKeyAges,
  RING_KEY_SAMPLE,
  type SigningKeyAge,
} from '../../db/operations/ringKeysInUse.ts';
import { RING_KEY_USES, type Keyring } from '../../platform/keyring.ts';
import { fault, passed, warning, type Finding } from './finding.ts';

/** Half a year beyond the plan of docs/how-to/running.md. */
const OLD_KEY_DAYS = 270;

export async function checkKeys(inspector: Inspector, keyring: Keyring): Promise<Finding[]> {
  return [
    await checkRings(inspector, keyring),
    await checkRowKeys(inspector, keyring),
    checkSigningKeys(await listSigningKeyAges(inspector)),
  ];
}

/** The same comparison as at the start of a node. */
async function checkRings(inspector: Inspector, keyring: Keyring): Promise<Finding> {
  const name = 'key-rings';
  const stored = await findKeyChecks(inspector);
  if (stored === null)
    return passed(name, 'the database is new: the first node that starts ties it to these rings');
  const wrong = RING_KEY_USES.filter(
    (use) => stored[use] !== undefined && !keyring.hasKeyOfCheck(use, stored[use]),
  );
  if (wrong.length === 0) return passed(name, 'the rings are those that the database was made with');
  return fault(
    name,
    `the rings ${wrong.join(', ')} are not those that this database was made with`,
    'use the key rings of this database: NOEGLE_KEYS_FILE, or a copy of it. There is no other way to its data',
  );
}

async function checkRowKeys(inspector: Inspector, keyring: Keyring): Promise<Finding> {
  const name = 'ring-keys';
  const used = await listRingKeysInUse(inspector);
  const missing = used.filter(({ ring, kid, isPassword = false }) =>
    isPassword ? keyring.derivePasswordKey(kid) === null : !keyring.hasKey(ring, kid),
  );
  if (missing.length > 0)
    return fault(
      name,
      missing
        .map(({ ring, kid, rows, column }) => `at least ${rows} rows of ${column} need ${ring}/${kid}`)
        .join('; '),
      'put these keys back into the rings, from a copy of the file: these rows cannot be read without them',
    );
  const ids = [...new Set(used.map(({ ring, kid }) => `${ring}/${kid}`))].toSorted();
  return passed(
    name,
    ids.length === 0
      ? 'no row needs one yet'
      : `the rows need ${ids.join(', ')}, and all are there (up to ${RING_KEY_SAMPLE} values of each column were read)`,
  );
}

function checkSigningKeys(keys: readonly SigningKeyAge[]): Finding {
  const name = 'signing-keys';
  const current = keys.filter(({ state }) => state === 'current');
  if (current.length === 0) return passed(name, 'the first node that starts makes them');
  const old = current.filter(({ days }) => days > OLD_KEY_DAYS);
  if (old.length > 0)
    return warning(
      name,
      old.map(({ alg, days }) => `${alg} signs with one key for ${Math.round(days)} days`).join(', '),
      'node dist/cli.js keys rotate',
    );
  return passed(name, current.map(({ alg, days }) => `${alg}: ${Math.round(days)} days old`).join(', '));
}
