/** The audit sink: whether there is one, whether it can be read, and whether it is this log's. */
import type { ServerConfig } from '../../config/config.ts';
import type { Inspector } from '../../db/operations/inspection.ts';
import { AuditSinkFault, readSegment, readSinkState } from '../../features/auditLog/index.ts';
import { AuditSigner } from '../../platform/auditSigner.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { openAuditSink } from '../../platform/outbound/openAuditSink.ts';
import { readAuditLogStatus } from '../restore/auditSinkStatus.ts';
import { fault, passed, warning, type Finding } from './finding.ts';

const NAME = 'audit-sink';
const RESTORE = 'docs/how-to/restore.md';

export async function checkAuditSink(
  inspector: Inspector,
  { auditSink, issuer }: Pick<ServerConfig, 'auditSink' | 'issuer'>,
  keyring: Keyring,
): Promise<Finding[]> {
  const { attention, text } = await readAuditLogStatus(inspector, auditSink);
  if (attention.length > 0) return [fault(NAME, attention.join('; '), RESTORE)];
  if (auditSink === null) {
    const message = 'none is set: a database that was restored revives what had ended, and nothing notices';
    return [warning(NAME, message, `set NOEGLE_AUDIT_SINK: ${RESTORE}`)];
  }
  const sink = openAuditSink(auditSink);
  const signer = new AuditSigner(keyring, issuer);
  try {
    const state = await readSinkState(sink, signer);
    if (state && state.lastSegment >= 0) await readSegment(sink, signer, state.lastSegment);
  } catch (error) {
    if (!(error instanceof AuditSinkFault)) throw error;
    return [fault(NAME, error.message, `${RESTORE}, "When the sink is not right"`)];
  }
  return [passed(NAME, text)];
}
