/** Verifies that what stands for the leaves of erased people is what was signed when they were erased. */
import { ErasureDigest, parseErasureText } from '../../../domain/auditTree/erasure.ts';
import { listErasedEventsOf, listErasures, type StoredErasure } from '../../../db/auditTree/verification.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AuditSigner } from '../../../platform/auditSigner.ts';
import type { AuditFindings } from './auditFinding.rules.ts';

const PAGE_EVENTS = 10_000;

export async function verifyErasures(
  db: Queryable,
  signer: AuditSigner,
  findings: AuditFindings,
): Promise<void> {
  for (const erasure of await listErasures(db))
    if (!(await isAsSigned(db, signer, erasure)))
      findings.add({ kind: 'erasure_changed', identityId: erasure.identityId });
}

async function isAsSigned(
  db: Queryable,
  signer: AuditSigner,
  { identityId, record }: StoredErasure,
): Promise<boolean> {
  const reading = record === null ? null : signer.readNote(record);
  const signed = reading?.kind === 'valid' ? parseErasureText(reading.text) : null;
  if (signed?.identityId !== identityId || signed.origin !== signer.origin) return false;
  const digest = new ErasureDigest();
  let after = '0';
  for (;;) {
    const page = await listErasedEventsOf(db, identityId, { after, limit: PAGE_EVENTS });
    for (const event of page) digest.add(event);
    const last = page.at(-1);
    if (!last) break;
    after = last.id;
  }
  return digest.count === signed.count && digest.finish() === signed.digest;
}
