/**
 * The commands that change key rings in their file: `keys complete`, `keys add`, `keys use`. A key comes in
 * two steps, so that at no time one node seals what another cannot open: every node has it, then it is
 * current.
 */
import { completeKeyring, parseKeyring } from '../../config/config.ts';
import { RING_POLICIES } from '../../domain/ringKeys.ts';
import { Keyring, RING_KEY_USES, type KeyringFile, type RingKeyUse } from '../../platform/keyring.ts';
import type { CommandOutcome } from '../keys.ts';
import { readOperatorFile } from '../operatorFile.ts';
import { replaceSecretFile } from '../writeSecretFile.ts';

export type Ring = KeyringFile[RingKeyUse];

export function completeKeys(file: string): CommandOutcome {
  const text = readOperatorFile(file);
  const completed = completeKeyring(text);
  const parsed = completed ?? parseKeyring(text);
  if (typeof parsed === 'string') throw new Error(`${file}: ${parsed}`);
  if (!completed) return { text: 'nothing is missing', json: { file, completed: false } };
  writeKeyringFile(file, completed);
  return { text: `completed ${file}; the same file for every node`, json: { file, completed: true } };
}

/** Adds a new key to a ring; it is not current yet. */
export function addRingKey(name: string, file: string): CommandOutcome {
  const ring = readRingName(name);
  const rings = readKeyringFile(file);
  const before = rings[ring];
  const kid = nameNextKey(before);
  const lookup = before.lookup ?? (RING_POLICIES[ring].pinsLookup ? before.current : undefined);
  const after: Ring = {
    ...before,
    ...(lookup === undefined ? {} : { lookup }),
    keys: { ...before.keys, [kid]: Keyring.generateKey() },
  };
  writeKeyringFile(file, { ...rings, [ring]: after });
  return {
    text:
      `${ring}: ${kid} was added to ${file}; ${before.current} is still current. Give every node this file and restart ` +
      `them one by one. When all of them have it: node dist/cli.js keys use ${ring} ${kid} ${file}`,
    json: { file, ring, kid, current: before.current },
  };
}

/** Makes a key of the ring current, once every node has it. */
export function useRingKey(name: string, kid: string, file: string): CommandOutcome {
  const ring = readRingName(name);
  const rings = readKeyringFile(file);
  const before = rings[ring];
  if (!Object.hasOwn(before.keys, kid)) throw new Error(explainMissingKey(ring, kid, before));
  if (before.current === kid) return { text: `${ring}: ${kid} is current`, json: { file, ring, kid } };
  writeKeyringFile(file, { ...rings, [ring]: { ...before, current: kid } });
  return {
    text:
      `${ring}: ${kid} is current in ${file}, and ${before.current} stays. ${composeNextStep(ring)} ` +
      `When ${before.current} may be taken out: ${RING_POLICIES[ring].oldKey}`,
    json: { file, ring, kid, before: before.current },
  };
}

function composeNextStep(ring: RingKeyUse): string {
  if (ring === 'letters')
    return 'Stop all nodes when no letter and no code waits (node dist/cli.js status), give all of them this file, and start them.';
  const restart = 'Give every node this file and restart them one by one.';
  return ring === 'seal' ? `${restart} Then: node dist/cli.js keys reseal.` : restart;
}

/** @throws Error for a ring that does not exist, and for one that keeps its one key, with the reason */
export function readRingName(name: string): RingKeyUse {
  const ring = RING_KEY_USES.find((use) => use === name);
  if (!ring) throw new Error(`there is no ring "${name}"; the rings are ${RING_KEY_USES.join(', ')}`);
  const { keepsOneKey } = RING_POLICIES[ring];
  if (keepsOneKey) throw new Error(`${ring} keeps its one key for the life of the database: ${keepsOneKey}`);
  return ring;
}

export function readKeyringFile(file: string): KeyringFile {
  const parsed = parseKeyring(readOperatorFile(file));
  if (typeof parsed === 'string') throw new Error(`${file}: ${parsed}`);
  return parsed;
}

export function writeKeyringFile(file: string, rings: KeyringFile): void {
  replaceSecretFile(file, `${JSON.stringify(rings, null, 2)}\n`);
}

export function explainMissingKey(ring: RingKeyUse, kid: string, { keys }: Ring): string {
  return `${ring} has no key ${kid}; it has ${Object.keys(keys).join(', ')}`;
}

/** `k2` after `k1`; never the id of a key that was retired, which passwords and the log still name. */
function nameNextKey({ keys, retired = {} }: Ring): string {
  const numbers = [...Object.keys(keys), ...Object.keys(retired)].map((kid) =>
    Number(/^k(\d+)$/.exec(kid)?.[1] ?? 0),
  );
  return `k${Math.max(...numbers) + 1}`;
}
