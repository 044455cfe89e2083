/**
 * A print house that receives each letter sealed to its own public key. Letters with a password and all
 * others are sealed to two keys, so that two machines can open them and no single machine sees both factors
 * of a person.
 */
import { CompactEncrypt, type JWK } from 'jose';
import type { Letter, LetterKind } from '../../domain/letter.ts';
import { choosePrintKeyAlgorithm } from './printKey.ts';
import { assertEmbossed, composePrintedContent, PrintHouseRefusal, type PrintHouse } from './printHouse.ts';
import {
  readPrintHouseCredentials,
  type PrintHouseCredentials,
  type PrintHouseFiles,
} from './printHouseCredentials.ts';
import { requestPrintHouse, type PrintHouseOutcome } from './printHouseRequest.ts';

export interface SealedPrintHouseOptions {
  /** Letters are sent with PUT to `<url>/<letterId>`. */
  readonly url: string;
  /**
   * Public keys, as `parsePrintKey` returns them: for letters with a temporary password, and for all others.
   */
  readonly passwordKey: JWK;
  readonly cardKey: JWK;
  readonly timeoutMs: number;
  /** What the print house knows Nøgle by; nothing for one on the loopback. */
  readonly files?: PrintHouseFiles;
}

const SEALED_TO: Readonly<Record<LetterKind, 'passwordKey' | 'cardKey'>> = {
  welcome: 'cardKey',
  card: 'cardKey',
  token: 'cardKey',
  password: 'passwordKey',
  notice: 'cardKey',
};

const NO_FILES: PrintHouseFiles = { token: null, certificate: null, certificateKey: null, ca: null };

const MEND =
  'it does not know this Nøgle by NOEGLE_PRINT_TOKEN_FILE or NOEGLE_PRINT_CERTIFICATE_FILE. Letters wait until it does';

/** Errors name the letter and the outcome; never the content, and never the print house's response body. */
export function createSealedPrintHouse(options: SealedPrintHouseOptions): PrintHouse {
  const base = checkUrl(options.url);
  const { timeoutMs, files = NO_FILES } = options;
  return {
    async deliver(letter: Letter, pdf: Buffer, brf?: Buffer): Promise<void> {
      assertEmbossed(letter, brf);
      const key = options[SEALED_TO[letter.content.kind]];
      const body = await encryptLetter(letter, { pdf, brf }, key);
      const credentials = readCredentials(files, letter.id);
      const url = new URL(`${base}/${encodeURIComponent(letter.id)}`);
      const outcome = await requestPrintHouse(url, { method: 'PUT', body }, credentials, timeoutMs);
      if (isAccepted(outcome)) return;
      throw isRefusal(outcome)
        ? new PrintHouseRefusal(`letter ${letter.id}: the print house ${describeOutcome(outcome)}: ${MEND}`)
        : new PrintHouseError(`letter ${letter.id}: the print house ${describeOutcome(outcome)}`);
    },
  };
}

class PrintHouseError extends Error {
  override readonly name = 'PrintHouseError';
}

/** Files that were changed while the node runs can be wrong: a fault of the set-up, not of the letter. */
function readCredentials(files: PrintHouseFiles, letterId: string): PrintHouseCredentials {
  try {
    return readPrintHouseCredentials(files);
  } catch (error) {
    throw new PrintHouseRefusal(`letter ${letterId}: ${(error as Error).message}`, { cause: error });
  }
}

interface PrintedFiles {
  readonly pdf: Buffer;
  readonly brf: Buffer | undefined;
}

async function encryptLetter(letter: Letter, { pdf, brf }: PrintedFiles, key: JWK): Promise<string> {
  const { id, content, format, postOn, batch } = letter;
  const plain = JSON.stringify({
    letterId: id,
    kind: content.kind,
    postOn,
    batch,
    format,
    content: composePrintedContent(content),
    pdf: pdf.toString('base64url'),
    ...(brf ? { brf: brf.toString('base64url') } : {}),
  });
  return await new CompactEncrypt(Buffer.from(plain))
    .setProtectedHeader({
      alg: choosePrintKeyAlgorithm(key),
      enc: 'A256GCM',
      cty: 'json',
      ...(key.kid === undefined ? {} : { kid: key.kid }),
    })
    .encrypt(key);
}

/**
 * 409: the print house already has a letter with this id, because the response to an earlier attempt was
 * lost.
 */
function isAccepted(outcome: PrintHouseOutcome): boolean {
  return 'status' in outcome && ((outcome.status >= 200 && outcome.status < 300) || outcome.status === 409);
}

function isRefusal(outcome: PrintHouseOutcome): boolean {
  return 'status' in outcome ? outcome.status === 401 || outcome.status === 403 : outcome.isRefusal;
}

function describeOutcome(outcome: PrintHouseOutcome): string {
  return 'status' in outcome ? `answered ${outcome.status}` : outcome.fault;
}

/** @throws Error without the address, which may contain a password by mistake. */
function checkUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error('the print house needs an address, https://…');
  if (url.username || url.password || url.search || url.hash) {
    throw new Error('the address of the print house must have no user, password, query or fragment');
  }
  return url.href.replace(/\/+$/, '');
}
