/** The part of the configuration on the print house: its address, its keys, and what it knows Nøgle by. */
import type { JWK } from 'jose';
import {
  readPrintHouseCredentials,
  type PrintHouseFiles,
} from '../platform/outbound/printHouseCredentials.ts';
import { parsePrintKey } from '../platform/outbound/printKey.ts';
import { readTextFile } from './textFile.ts';

type PrintEnvironment = Readonly<Record<string, string | undefined>>;

export const PRINT_SETTINGS = [
  'NOEGLE_PRINT_CARD_KEY_FILE',
  'NOEGLE_PRINT_CA_FILE',
  'NOEGLE_PRINT_CERTIFICATE_FILE',
  'NOEGLE_PRINT_CERTIFICATE_KEY_FILE',
  'NOEGLE_PRINT_PASSWORD_KEY_FILE',
  'NOEGLE_PRINT_TOKEN_FILE',
  'NOEGLE_PRINT_URL',
];

/** Without TLS the token, and who gets letters and when, could be read on the way. */
export function readPrintUrl(text: string | undefined, faults: string[]): string {
  const url = text ? URL.parse(text) : null;
  const isUsable = url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
  if (!isUsable || url.search || url.hash || url.username || url.password) {
    faults.push(
      'NOEGLE_PRINT_URL is required: where sealed letters are put, https://print.example/letters ' +
        '(http:// only on the loopback; no user, password, query or fragment)',
    );
    return '';
  }
  return url.href;
}

export function readPrintKeys(
  env: PrintEnvironment,
  faults: string[],
): { readonly cardKey: JWK; readonly passwordKey: JWK } {
  const cardKey = readPrintKey(env, 'NOEGLE_PRINT_CARD_KEY_FILE', faults);
  const passwordKey = readPrintKey(env, 'NOEGLE_PRINT_PASSWORD_KEY_FILE', faults);
  const isOne =
    cardKey.kty !== undefined && composeKeyThumbprint(cardKey) === composeKeyThumbprint(passwordKey);
  if (isOne) {
    faults.push(
      'NOEGLE_PRINT_CARD_KEY_FILE and NOEGLE_PRINT_PASSWORD_KEY_FILE hold one key: nobody may open both kinds of letter',
    );
  }
  return { cardKey, passwordKey };
}

/**
 * A print house that does not know its sender prints what anyone on its network puts there: it has to know
 * Nøgle, by a token or a certificate, unless it is on this machine.
 */
export function readPrintFiles(env: PrintEnvironment, printUrl: string, faults: string[]): PrintHouseFiles {
  const files = {
    token: env['NOEGLE_PRINT_TOKEN_FILE'] || null,
    certificate: env['NOEGLE_PRINT_CERTIFICATE_FILE'] || null,
    certificateKey: env['NOEGLE_PRINT_CERTIFICATE_KEY_FILE'] || null,
    ca: env['NOEGLE_PRINT_CA_FILE'] || null,
  };
  const url = URL.parse(printUrl);
  if (url && !isLoopback(url) && files.token === null && files.certificate === null) {
    faults.push(
      'NOEGLE_PRINT_TOKEN_FILE, or NOEGLE_PRINT_CERTIFICATE_FILE with NOEGLE_PRINT_CERTIFICATE_KEY_FILE, is required: ' +
        'what the print house knows Nøgle by',
    );
  }
  try {
    readPrintHouseCredentials(files);
  } catch (error) {
    faults.push((error as Error).message);
  }
  return files;
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.[0-9.]+$/.test(hostname);
}

function readPrintKey(env: PrintEnvironment, name: string, faults: string[]): JWK {
  const file = env[name];
  const text = file ? readTextFile(file) : 'it is not set';
  if (typeof text === 'string') {
    faults.push(`${name} is required (${text}): a public key of the print house, as a JWK in a file`);
    return {};
  }
  try {
    return parsePrintKey(text.content);
  } catch (error) {
    faults.push(`${name}: ${error instanceof Error ? error.message : 'it is no JWK'}`);
    return {};
  }
}

function composeKeyThumbprint({ x, y, n }: JWK): string {
  return JSON.stringify([x, y, n]);
}
