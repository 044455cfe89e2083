/**
 * A print house that is given each letter sealed to its own public key. Cards and passwords are sealed to two keys,
 * so that two machines can open them, and no one machine both halves of what signs a person in.
 */
import { CompactEncrypt, type JWK } from 'jose';
import type { Letter, LetterKind } from '../../domain/letter.ts';
import { choosePrintKeyAlgorithm } from './printKey.ts';
import { composePrintedContent, type PrintHouse } from './printHouse.ts';

export interface SealedPrintHouseOptions {
  /** Letters are put to `<url>/<letterId>`. */
  readonly url: string;
  /** Public keys, as `parsePrintKey` returns them: for letters with a temporary password, and for all others. */
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

/** Faults name the letter and what came of it; never the content, and never what the print house wrote back. */
export function createSealedPrintHouse(options: SealedPrintHouseOptions): PrintHouse {
  const base = checkUrl(options.url);
  const { timeoutMs, fetch = globalThis.fetch } = options;
  return {
    async deliver(letter: Letter, pdf: Buffer): Promise<void> {
      const key = options[SEALED_TO[letter.content.kind]];
      const body = await encryptLetter(letter, pdf, key);
      const answer = await fetch(`${base}/${encodeURIComponent(letter.id)}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/jose' },
        body,
        // A letter goes to the address that was set, and to none that an answer names.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      }).then(readStatus, (error: unknown) => describeSilence(error, timeoutMs));
      if (!isAccepted(answer))
        throw new Error(`letter ${letter.id}: the print house ${describeAnswer(answer)}`);
    },
  };
}

async function encryptLetter(letter: Letter, pdf: Buffer, key: JWK): Promise<string> {
  const { id, content, postOn, batch } = letter;
  const plain = JSON.stringify({
    letterId: id,
    kind: content.kind,
    postOn,
    batch,
    content: composePrintedContent(content),
    pdf: pdf.toString('base64url'),
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
  // What it says besides is not waited for, and is no reason to send the letter again.
  void response.body?.cancel().catch(() => undefined);
  return response.status;
}

/** 409: it has a letter with this id, because the answer to an earlier try was lost. */
function isAccepted(answer: number | string): boolean {
  return typeof answer === 'number' && ((answer >= 200 && answer < 300) || answer === 409);
}

function describeAnswer(answer: number | string): string {
  return typeof answer === 'number' ? `answered ${answer}` : answer;
}

/** In words, from the names and codes of errors alone: their messages may repeat what was sent. */
function describeSilence(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return `gave no answer within ${timeoutMs} ms`;
  return `could not be reached${typeof cause?.code === 'string' ? `: ${cause.code}` : ''}`;
}

/** @throws without the address, in which a password may stand by mistake. */
function checkUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error('the print house needs an address, https://…');
  if (url.username || url.password || url.search || url.hash) {
    throw new Error('the address of the print house must have no user, password, query or fragment');
  }
  return url.href.replace(/\/+$/, '');
}
