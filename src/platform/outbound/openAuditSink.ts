/** Opens the audit sink of the settings. */
import type { AuditSink } from './auditSink.ts';
import { openFolderAuditSink } from './folderAuditSink.ts';
import { openHttpsAuditSink } from './httpsAuditSink.ts';

export type AuditSinkSettings =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'address'; readonly url: string; readonly tokenFile: string | null };

export function openAuditSink(settings: AuditSinkSettings): AuditSink {
  return settings.kind === 'folder'
    ? openFolderAuditSink(settings.folder)
    : openHttpsAuditSink(settings.url, settings.tokenFile);
}
