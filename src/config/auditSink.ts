/** The part of the configuration on the audit sink: the second place of the audit log. */
import { isLoopback } from './printHouse.ts';
import { readTextFile } from './textFile.ts';
import { isSettingGiven } from './secretFiles.ts';
import type { AuditSinkSettings } from '../platform/outbound/openAuditSink.ts';

type SinkEnvironment = Readonly<Record<string, string | undefined>>;

export const AUDIT_SINK_SETTINGS = ['NOEGLE_AUDIT_SINK', 'NOEGLE_AUDIT_SINK_TOKEN_FILE'];

/** Null where none is set. Faults are appended to `faults`. */
export function readAuditSink(env: SinkEnvironment, faults: string[]): AuditSinkSettings | null {
  const text = env['NOEGLE_AUDIT_SINK'];
  const tokenFile = env['NOEGLE_AUDIT_SINK_TOKEN_FILE'] || null;
  if (!text) {
    if (tokenFile !== null)
      faults.push('NOEGLE_AUDIT_SINK_TOKEN_FILE is for a NOEGLE_AUDIT_SINK that is an address');
    return null;
  }
  if (text.startsWith('/')) {
    if (isSettingGiven(env, 'NOEGLE_AUDIT_SINK_TOKEN_FILE'))
      faults.push('NOEGLE_AUDIT_SINK_TOKEN_FILE is for a NOEGLE_AUDIT_SINK that is an address');
    return { kind: 'folder', folder: text };
  }
  const url = URL.parse(text);
  const isUsable = url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
  if (!isUsable || url.search || url.hash || url.username || url.password) {
    faults.push(
      'NOEGLE_AUDIT_SINK must be the absolute path of a folder, or https://audit.example/noegle ' +
        '(http:// only on the loopback; no user, password, query or fragment)',
    );
    return null;
  }
  if (tokenFile !== null) {
    const token = readTextFile(tokenFile);
    if (typeof token === 'string')
      faults.push(`NOEGLE_AUDIT_SINK_TOKEN_FILE: ${tokenFile} cannot be read: ${token}`);
  }
  return { kind: 'address', url: url.href, tokenFile };
}
