/**
 * Seals older records again with the facts of their rows. A node that saves a record concurrently has done
 * the same.
 */
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import type { MacBackfillReport } from '../../db/binding/rowMacBackfill.ts';
import { listLiveRecords, replacePayload } from '../../db/oidc/oidcRecords.ts';
import { openIfIntact } from '../../domain/damagedSeal.ts';
import { hasMatchingFacts, openRecord, sealRecord, type OpenedRecord } from './recordFacts.ts';

const BATCH_SIZE = 200;
const MAX_EXAMPLES = 20;

export async function backfillRecordFacts(
  { database, keyring }: { readonly database: Database; readonly keyring: Keyring },
  { onlyLook }: { onlyLook: boolean },
): Promise<MacBackfillReport> {
  const mayBind = !onlyLook && database.rowAuthenticator.mode === 'write';
  const examples: string[] = [];
  let [seen, bound, wrong] = [0, 0, 0];
  for (let after: Buffer = Buffer.alloc(0); ; ) {
    const records = await listLiveRecords(database, after, BATCH_SIZE);
    for (const { id, payload, facts } of records) {
      seen += 1;
      const opened = openUnlessDamaged(keyring, payload, id);
      if (opened && hasMatchingFacts(opened, facts)) continue;
      if (mayBind && opened) {
        const sealed = sealRecord(keyring, { ...opened, facts }, id);
        if (await replacePayload(database, id, payload, sealed)) bound += 1;
        continue;
      }
      wrong += 1;
      if (examples.length < MAX_EXAMPLES) examples.push(id.toString('hex'));
    }
    const last = records.at(-1);
    if (!last) return { row: 'record', seen, bound, wrong, examples };
    after = last.id;
  }
}

/** A damaged record counts as wrong, and the others are bound. */
function openUnlessDamaged(keyring: Keyring, payload: Buffer, id: Buffer): OpenedRecord | null {
  return openIfIntact(() => openRecord(keyring, payload, id));
}
