/** Reads the certificate of a server, without a request to it. */
import { isIP, type LookupFunction } from 'node:net';
import { connect } from 'node:tls';

export interface ServerCertificate {
  readonly validTo: Date;
  /** Why this machine does not trust it; null when it does. */
  readonly fault: string | null;
}

/**
 * @param options.lookup how the host name is resolved, where not every address may be called
 * @throws Error when there is no TLS connection within the time
 */
export async function readCertificate(
  url: URL,
  { timeoutMs, lookup }: { readonly timeoutMs: number; readonly lookup?: LookupFunction | undefined },
): Promise<ServerCertificate> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = connect({
    host,
    port: Number(url.port) || 443,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(lookup ? { lookup } : {}),
    // The certificate is wanted, also of a server that is not trusted. Nothing is sent to it.
    rejectUnauthorized: false,
  });
  try {
    return await new Promise<ServerCertificate>((resolve, reject) => {
      socket.setTimeout(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)));
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        const { valid_to: validTo } = socket.getPeerCertificate();
        const reason: unknown = socket.authorizationError;
        const message = reason instanceof Error ? reason.message : String(reason);
        resolve({ validTo: new Date(validTo), fault: socket.authorized ? null : message });
      });
    });
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
