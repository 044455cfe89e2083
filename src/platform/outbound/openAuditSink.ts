/** Opens the audit sink of the settings. */
import type { AuditSink } from './auditSink.ts';
import { openFolderAuditSink } from './folderAuditSink.ts';
import { openHttpsAuditSink } from './httpsAuditSink.ts';
import { limitAuditSink } from './limitedAuditSink.ts';

/** Longer than a request to an address may take. */
const TIMEOUT_MS = 6_000;

export type AuditSinkSettings =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'address'; readonly url: string; readonly tokenFile: string | null };

export function openAuditSink(settings: AuditSinkSettings): AuditSink {
  const sink =
    settings.kind === 'folder'
      ? openFolderAuditSink(settings.folder)
      : openHttpsAuditSink(settings.url, settings.tokenFile);
  return limitAuditSink(sink, TIMEOUT_MS);
}
