/**
 * The commands `keys rings`, `keys retire` and `keys remove`: which rows need which key of the rings, and
 * how a key is taken out of the file. They count all rows, and refuse while one needs the key.
 */
import type { App } from '../../app.ts';
import { RING_POLICIES } from '../../domain/ringKeys.ts';
import { replaceKeyCheck } from '../../db/installation.ts';
import {
  countKeyedPasswords,
  countResealedRows,
  countRowsOfOtherRings,
  type RowsOfKey,
} from '../../db/ringKeys/keyCounts.ts';
import { Keyring, RING_KEY_USES, type KeyringFile, type RingKeyUse } from '../../platform/keyring.ts';
import type { CommandOutcome } from '../keys.ts';
import type { RecordCommand } from '../operator.ts';
import { sumRows } from './reseal.ts';
import { readJsonKids } from './resealValues.ts';
import { describeRows, withoutExamples } from './resealCommand.ts';
import { explainMissingKey, readKeyringFile, readRingName, writeKeyringFile } from './ringFile.ts';

async function countAllRows({ context: { database } }: App): Promise<RowsOfKey[]> {
  return [
    ...(await countResealedRows(database, readJsonKids)),
    ...(await countKeyedPasswords(database)),
    ...(await countRowsOfOtherRings(database)),
  ];
}

type KeyState = 'current' | 'older' | 'added' | 'retired' | 'missing';

interface KeyOfRing {
  readonly kid: string;
  readonly state: KeyState;
  readonly rows: number;
  /** Why it stays; null where it may be taken out. */
  readonly stays: string | null;
}

export async function listRingsByCommand(app: App): Promise<CommandOutcome> {
  const { keyring } = app.context;
  const rows = await countAllRows(app);
  const rings = RING_KEY_USES.map((ring) => {
    const ofRing = rows.filter((one) => one.ring === ring);
    return { ring, ...RING_POLICIES[ring], keys: listKeysOfRing(keyring, ring, ofRing), rows: ofRing };
  });
  const text = rings.flatMap(({ ring, end, keys, rows: ofRing }) => [
    `${ring} (${end})`,
    ...keys.map(describeKey),
    ...describeRows(ofRing).map((line) => `    ${line}`),
  ]);
  const json = rings.map(({ rows: ofRing, ...ring }) => ({ ...ring, rows: ofRing.map(withoutExamples) }));
  return { text: text.join('\n'), json: { rings: json } };
}

function describeKey({ kid, state, rows, stays }: KeyOfRing): string {
  const until = state === 'current' || state === 'missing' ? '' : (stays ?? 'may be taken out');
  return `  ${kid}  ${state}, ${rows} rows${until === '' ? '' : `: ${until}`}`;
}

function listKeysOfRing(keyring: Keyring, ring: RingKeyUse, rows: readonly RowsOfKey[]): KeyOfRing[] {
  const kids = keyring.listKids(ring);
  const retired = ring === 'seal' ? keyring.listRetiredKids() : [];
  const missing = [...new Set(rows.flatMap(({ kid }) => (kid === null ? [] : [kid])))].filter(
    (kid) => !kids.includes(kid) && !retired.includes(kid),
  );
  const current = kids.indexOf(keyring.currentKid(ring));
  const describe = (kid: string, state: KeyState): KeyOfRing => {
    const ofKey = rows.filter((one) => one.kid === kid);
    const stays = state === 'current' || state === 'missing' ? null : reasonToStay(keyring, ring, kid, ofKey);
    return { kid, state, rows: sumRows(ofKey), stays };
  };
  return [
    ...kids.map((kid, i) => describe(kid, i === current ? 'current' : i < current ? 'older' : 'added')),
    ...retired.map((kid) => describe(kid, 'retired')),
    ...missing.map((kid) => describe(kid, 'missing')),
  ];
}

/** @param rows those that need this key. @returns null when it may be taken out: retired, or removed */
function reasonToStay(
  keyring: Keyring,
  ring: RingKeyUse,
  kid: string,
  rows: readonly RowsOfKey[],
): string | null {
  const { keepsOneKey, keepsFirstKey, oldKey } = RING_POLICIES[ring];
  if (keepsOneKey) return `${ring} keeps its one key for the life of the database: ${keepsOneKey}`;
  if (keyring.currentKid(ring) === kid) return `${kid} is the current key of ${ring}`;
  if (keepsFirstKey && keyring.oldestKid(ring) === kid)
    return `${kid} is the first key of ${ring}, which stays: ${keepsFirstKey}`;
  if (RING_POLICIES[ring].pinsLookup && keyring.lookupKid(ring) === kid)
    return `${kid} is the lookup key of ${ring}, by which rows are found`;
  // A retired key still verifies passwords: only a key that is removed must have none.
  const isRetired = ring === 'seal' && keyring.listRetiredKids().includes(kid);
  const needing = rows.filter(({ column }) => isRetired || !isPasswordColumn(column));
  if (needing.length === 0) return null;
  const names = needing.map(({ column, rows: many }) => `${many} of ${column}`).join(', ');
  return `rows need it: ${names}. It may be taken out ${oldKey}`;
}

const isPasswordColumn = (column: string) => column.endsWith('.password_hash');

/**
 * Moves a key of the ring `seal` that no row needs to the retired ones: it opens no row and makes no MAC
 * valid any more, and still verifies passwords and opens details of the log.
 */
export async function retireRingKey(
  app: App,
  kid: string,
  file: string,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const rings = readFileOfNode(app, file);
  const { retired = {}, keys, ...seal } = rings.seal;
  if (Object.hasOwn(retired, kid)) {
    await recordTakenOut(app, { ring: 'seal', kid }, record);
    return { text: `seal ${kid} is retired`, json: { ring: 'seal', kid, file } };
  }
  const key = keys[kid];
  if (key === undefined) throw new Error(explainMissingKey('seal', kid, rings.seal));
  const rows = await countAllRows(app);
  const passwords = rows.filter((one) => one.kid === kid && isPasswordColumn(one.column));
  await takeOut(app, { ring: 'seal', kid, rows }, record, () => {
    const { [kid]: _, ...others } = keys;
    writeKeyringFile(file, {
      ...rings,
      seal: { ...seal, keys: others, retired: { ...retired, [kid]: key } },
    });
  });
  return {
    text:
      `seal ${kid} is retired in ${file}: give every node this file and restart them one by one. It opens no row any ` +
      `more; ${sumRows(passwords)} passwords are renewed when their people sign in, and until then it verifies them. ` +
      'It still opens browser and network of events in the log',
    json: { ring: 'seal', kid, file, passwords: sumRows(passwords) },
  };
}

/** Takes a key out of the file for good. */
export async function removeRingKey(
  app: App,
  { name, kid, file }: { name: string; kid: string; file: string },
  record: RecordCommand,
): Promise<CommandOutcome> {
  const ring = readRingName(name);
  const rings = readFileOfNode(app, file);
  const before = rings[ring];
  const { retired = {}, keys } = before;
  if (!Object.hasOwn(keys, kid) && !Object.hasOwn(retired, kid))
    throw new Error(explainMissingKey(ring, kid, before));
  if (ring === 'seal' && Object.hasOwn(keys, kid) && kid !== before.current)
    throw new Error(
      `first: node dist/cli.js keys retire ${kid} ${file}, and every node restarted with that file`,
    );
  const rows = await countAllRows(app);
  await takeOut(app, { ring, kid, rows }, record, () => {
    const { [kid]: _, ...others } = keys;
    const { [kid]: __, ...stillRetired } = retired;
    const hasRetired = Object.keys(stillRetired).length > 0;
    const { retired: ___, ...rest } = before;
    const after = { ...rest, keys: others, ...(hasRetired ? { retired: stillRetired } : {}) };
    writeKeyringFile(file, { ...rings, [ring]: after });
  });
  const lost =
    ring === 'seal' ? '. Browser and network of older events in the log can no longer be read' : '';
  return {
    text: `${ring} ${kid} is gone from ${file}: give every node this file and restart them one by one${lost}`,
    json: { ring, kid, file },
  };
}

/** Refuses while the key is needed; otherwise records it and changes the file, or does neither. */
async function takeOut(
  app: App,
  { ring, kid, rows }: { ring: RingKeyUse; kid: string; rows: readonly RowsOfKey[] },
  record: RecordCommand,
  change: () => void,
): Promise<void> {
  const { keyring } = app.context;
  const ofRing = rows.filter((one) => one.ring === ring);
  const damaged = ofRing.filter((one) => one.kid === null && !isPasswordColumn(one.column));
  const needing = ofRing.filter((one) => one.kid === kid);
  const stays = reasonToStay(keyring, ring, kid, needing);
  if (stays) throw new Error(`${ring} ${kid} stays: ${stays}`);
  if (damaged.length > 0) {
    const names = damaged.map(({ column, examples }) => `${column} ${examples.join(', ')}`).join('; ');
    throw new Error(`${ring} ${kid} stays: the key of damaged rows cannot be read: ${names}`);
  }
  await recordTakenOut(app, { ring, kid }, record, change);
}

async function recordTakenOut(
  { context: { database, keyring } }: App,
  { ring, kid }: { ring: RingKeyUse; kid: string },
  record: RecordCommand,
  change?: () => void,
): Promise<void> {
  await database.transaction(async (db) => {
    // The ring was recognised by its first key: now by the current one.
    await replaceKeyCheck(db, ring, keyring.makeKeyCheck(ring, keyring.currentKid(ring)));
    await record(db, { ring, kid });
    change?.();
  });
}

/** @throws Error when the file is not the one that the node of these settings has */
function readFileOfNode({ context: { keyring } }: App, file: string): KeyringFile {
  const rings = readKeyringFile(file);
  const isSame = RING_KEY_USES.every((ring) => {
    const kids = Object.keys(rings[ring].keys);
    return rings[ring].current === keyring.currentKid(ring) && kids.join() === keyring.listKids(ring).join();
  });
  if (!isSame || !hasSameKeys(keyring, new Keyring(rings)))
    throw new Error(
      `${file} is not the file that this command was started with: NOEGLE_KEYS_FILE names another`,
    );
  return rings;
}

function hasSameKeys(one: Keyring, other: Keyring): boolean {
  return RING_KEY_USES.every((ring) =>
    one.listKids(ring).every((kid) => one.makeKeyCheck(ring, kid) === other.makeKeyCheck(ring, kid)),
  );
}
