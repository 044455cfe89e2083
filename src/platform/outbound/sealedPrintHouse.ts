/**
 * A print house that receives each letter sealed to its own public key. Letters with a password and all
 * others are sealed to two keys, so that two machines can open them and no single machine sees both factors
 * of a person.
 */
import { CompactEncrypt, type JWK } from 'jose';
import type { Letter, LetterKind } from '../../domain/letter.ts';
import { choosePrintKeyAlgorithm } from './printKey.ts';
import { assertEmbossed, composePrintedContent, type PrintHouse } from './printHouse.ts';

export interface SealedPrintHouseOptions {
  /** Letters are sent with PUT to `<url>/<letterId>`. */
  readonly url: string;
  /**
   * Public keys, as `parsePrintKey` returns them: for letters with a temporary password, and for all others.
   */
  readonly passwordKey: JWK;
  readonly cardKey: JWK;
  readonly timeoutMs: number;
  readonly fetch?: typeof globalThis.fetch;
}

const SEALED_TO: Readonly<Record<LetterKind, 'passwordKey' | 'cardKey'>> = {
  welcome: 'cardKey',
  card: 'cardKey',
  password: 'passwordKey',
  notice: 'cardKey',
};

/** Errors name the letter and the outcome; never the content, and never the print house's response body. */
export function createSealedPrintHouse(options: SealedPrintHouseOptions): PrintHouse {
  const base = checkUrl(options.url);
  const { timeoutMs, fetch = globalThis.fetch } = options;
  return {
    async deliver(letter: Letter, pdf: Buffer, brf?: Buffer): Promise<void> {
      assertEmbossed(letter, brf);
      const key = options[SEALED_TO[letter.content.kind]];
      const body = await encryptLetter(letter, { pdf, brf }, key);
      const outcome = await fetch(`${base}/${encodeURIComponent(letter.id)}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/jose' },
        body,
        // A letter is sent only to the configured address, never to the target of a redirect.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      }).then(readStatus, (error: unknown) => describeNoResponse(error, timeoutMs));
      if (!isAccepted(outcome))
        throw new PrintHouseError(`letter ${letter.id}: the print house ${describeOutcome(outcome)}`);
    },
  };
}

class PrintHouseError extends Error {
  override readonly name = 'PrintHouseError';
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

function readStatus(response: Response): number {
  // The response body is not awaited, and is no reason to send the letter again.
  void response.body?.cancel().catch(() => undefined);
  return response.status;
}

/**
 * 409: the print house already has a letter with this id, because the response to an earlier attempt was
 * lost.
 */
function isAccepted(outcome: number | string): boolean {
  return typeof outcome === 'number' && ((outcome >= 200 && outcome < 300) || outcome === 409);
}

function describeOutcome(outcome: number | string): string {
  return typeof outcome === 'number' ? `answered ${outcome}` : outcome;
}

/** Uses only the names and codes of errors: their messages may repeat what was sent. */
function describeNoResponse(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return `gave no answer within ${timeoutMs} ms`;
  return `could not be reached${typeof cause?.code === 'string' ? `: ${cause.code}` : ''}`;
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
