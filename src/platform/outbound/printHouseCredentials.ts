/**
 * How Nøgle authenticates to the print house: a bearer token, or a client certificate, each in a file. The
 * files are read again for each letter, so that a new token or certificate takes effect without a restart.
 */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** The files, as the settings name them; null for one that is not set. */
export interface PrintHouseFiles {
  readonly token: string | null;
  readonly certificate: string | null;
  readonly certificateKey: string | null;
  /** The CAs that the print house's certificate may be from, in place of those that Node brings. */
  readonly ca: string | null;
}

export interface PrintHouseCredentials {
  readonly token: string | null;
  /** The options of a TLS connection. */
  readonly tls: { readonly cert?: string; readonly key?: string; readonly ca?: string };
}

/** RFC 6750, 2.1; shorter ones can be guessed. */
const TOKEN = /^[A-Za-z0-9._~+/-]{16,4096}=*$/;

/** @throws Error in words for an operator, with the setting and never with a part of a file */
export function readPrintHouseCredentials(files: PrintHouseFiles): PrintHouseCredentials {
  const token = readCredential('NOEGLE_PRINT_TOKEN_FILE', files.token)?.trim() ?? null;
  if (token !== null && !TOKEN.test(token)) {
    throw new Error('NOEGLE_PRINT_TOKEN_FILE must hold one token of at least 16 letters, digits or -._~+/');
  }
  const cert = readCredential('NOEGLE_PRINT_CERTIFICATE_FILE', files.certificate);
  const key = readCredential('NOEGLE_PRINT_CERTIFICATE_KEY_FILE', files.certificateKey);
  const ca = readCredential('NOEGLE_PRINT_CA_FILE', files.ca);
  if ((cert === null) !== (key === null)) {
    throw new Error('NOEGLE_PRINT_CERTIFICATE_FILE and NOEGLE_PRINT_CERTIFICATE_KEY_FILE go together');
  }
  const tls = { ...(cert && key ? { cert, key } : {}), ...(ca ? { ca } : {}) };
  assertUsable('NOEGLE_PRINT_CA_FILE: it holds no certificate in PEM', ca ? { ca } : {});
  assertUsable(
    'NOEGLE_PRINT_CERTIFICATE_FILE and NOEGLE_PRINT_CERTIFICATE_KEY_FILE: they are no certificate and its key in PEM',
    tls,
  );
  return { token, tls };
}

function readCredential(setting: string, file: string | null): string | null {
  if (file === null) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Error(`${setting}: ${file} cannot be read (${code})`, { cause: error });
  }
}

/** OpenSSL's own message may repeat what it read. */
function assertUsable(fault: string, tls: PrintHouseCredentials['tls']): void {
  if (tls.ca !== undefined && !tls.ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error(fault);
  try {
    createSecureContext(tls);
  } catch {
    throw new Error(fault);
  }
}
