/**
 * The key card: its contents, how its keys are derived, and which key is asked for.
 *
 * Nothing that reveals a key is stored. A card is a salt and the name of the ring key; its key numbers and
 * keys are derived when they are needed. This answers NIST SP 800-63B-4, 3.1.2 (look-up secrets: made by an
 * approved generator, used once, stored so that the database alone is of no use) and OWASP ASVS 5.0,
 * 6.5.1-6.5.3.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Day } from '../calendar.ts';
import type { Random } from '../random.ts';
import { dropGrouping } from '../input/typedText.ts';
import type { CardFormat } from './cardFormat.ts';

export const KEYS_ON_CARD = 148;

/** A card as stored. `spent` has one character, `0` or `1`, for each key in printed order. */
export interface KeyCard {
  readonly id: string;
  readonly identityId: string;
  readonly cardNumber: string;
  readonly salt: Buffer;
  /** The name of the key in the `cards` ring that this card was derived with. */
  readonly kid: string;
  readonly spent: string;
  /** The position (0-147 in printed order) of the key that is now asked for; null until one is drawn. */
  readonly challenge: number | null;
  /** The format in which it was printed, or will be. */
  readonly format: CardFormat;
}

/** A card that was ordered and is not in use yet. A person has at most one on the way. */
export interface ComingCard extends KeyCard {
  readonly state: 'ordered' | 'sent';
  /** Known once it was sent. */
  readonly expected: { readonly from: Day; readonly to: Day } | null;
  /** Its first key was given without a key of an old card: it can be used from this time. Otherwise null. */
  readonly activatesAt: Date | null;
}

/** The printed contents: 148 key numbers in ascending order, each with the key printed next to it. */
export interface CardContents {
  readonly keyNumbers: readonly string[];
  readonly keys: readonly string[];
}

/**
 * The input of the HMAC (SHA-256) that the ring key `kid` computes once for a card; the result is the card's
 * secret. The identity id and card id are part of it, so that a writer in the database cannot move a card to
 * another identity. All parts have a fixed length, so no two cards share an input.
 *
 * @param identityId UUID in text form
 * @param cardId UUID in text form
 * @param salt 32 bytes
 */
export function composeCardSecretInput(identityId: string, cardId: string, salt: Buffer): Buffer {
  return Buffer.concat([Buffer.from('card v1'), uuidToBytes(identityId), uuidToBytes(cardId), salt]);
}

/**
 * Derives the contents of a card from its 32-byte secret: HMAC-SHA-256 in counter mode makes two streams, one
 * of 16-bit numbers for the key numbers and one of 32-bit numbers for the keys. Values from the largest
 * multiple of the range on are rejected, which keeps the draw uniform (no modulo bias). Test vectors:
 * docs/reference/key-card.md.
 */
export function deriveCardContents(secret: Buffer): CardContents {
  const keyStream = deriveKeyStream(secret);
  return { keyNumbers: deriveKeyNumbers(secret), keys: Array.from({ length: KEYS_ON_CARD }, keyStream) };
}

/** Only the key numbers, in printed order: all that a page needs. */
export function deriveKeyNumbers(secret: Buffer): string[] {
  const numbers = new Set<number>();
  const numberStream = deriveUniformNumbers(secret, 'key numbers', 2, 10_000);
  while (numbers.size < KEYS_ON_CARD) numbers.add(numberStream());
  return [...numbers].sort((a, b) => a - b).map((number) => String(number).padStart(4, '0'));
}

/** The key at a position (0-147 in printed order). */
export function deriveKey(secret: Buffer, position: number): string {
  const keyStream = deriveKeyStream(secret);
  for (let before = 0; before < position; before += 1) keyStream();
  return keyStream();
}

function deriveKeyStream(secret: Buffer): () => string {
  const keyStream = deriveUniformNumbers(secret, 'keys', 4, 1_000_000);
  return () => String(keyStream()).padStart(6, '0');
}

function deriveUniformNumbers(secret: Buffer, label: string, bytes: 2 | 4, range: number): () => number {
  const hmac = deriveShortHmac(secret);
  const limit = Math.floor(2 ** (8 * bytes) / range) * range;
  let counter = 0;
  let block: Buffer = Buffer.alloc(0);
  let offset = 0;
  return () => {
    for (;;) {
      if (offset === block.length) {
        const message = Buffer.alloc(label.length + 4);
        message.write(label, 'latin1');
        message.writeUInt32BE(counter++, label.length);
        block = hmac(message);
        offset = 0;
      }
      const value = block.readUIntBE(offset, bytes);
      offset += bytes;
      if (value < limit) return value % range;
    }
  };
}

/**
 * HMAC-SHA-256 (RFC 2104) under a key of at most 64 bytes, as two hashes. A card takes some thirty HMACs, and
 * an Hmac object for each takes Node three times as long.
 */
function deriveShortHmac(key: Buffer): (message: Buffer) => Buffer {
  const padded = (byte: number) => Buffer.alloc(64, byte).map((pad, i) => pad ^ (key[i] ?? 0));
  const [inner, outer] = [padded(0x36), padded(0x5c)];
  const sha256 = (...parts: Uint8Array[]) => hash('sha256', Buffer.concat(parts), 'buffer');
  return (message) => sha256(outer, sha256(inner, message));
}

/** Draws the position of the next challenge uniformly among the keys not spent; null when none is left. */
export function drawChallenge(spent: string, random: Random): number | null {
  const unspent = [...spent].flatMap((bit, position) => (bit === '0' ? [position] : []));
  return unspent[random.below(unspent.length || 1)] ?? null;
}

export function countKeysLeft(spent: string): number {
  return [...spent].filter((bit) => bit === '0').length;
}

/** Compares in constant time: nothing about a 6-digit key may leak through timing. */
export function isRightKey(typed: string, key: string): boolean {
  const a = Buffer.from(typed);
  const b = Buffer.from(key);
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Parses a key as typed or pasted: grouped or not, in the digits of any script. Returns null unless it is six
 * digits.
 */
export function parseKey(typed: string): string | null {
  const digits = dropGrouping(typed);
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}

/** Display form of a card number: `A123456789` becomes `A123-456-789`. */
export function formatCardNumber(cardNumber: string): string {
  return `${cardNumber.slice(0, 4)}-${cardNumber.slice(4, 7)}-${cardNumber.slice(7)}`;
}

/** Letters that are unambiguous over the telephone: no I, O or Q. */
const CARD_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const CARD_NUMBER = new RegExp(`^[${CARD_LETTERS}][0-9]{9}$`);

/** Parses a card number as typed, grouped or not. Returns null unless it is a letter and nine digits. */
export function parseCardNumber(typed: string): string | null {
  const cardNumber = dropGrouping(typed).toUpperCase();
  return CARD_NUMBER.test(cardNumber) ? cardNumber : null;
}

export function drawCardNumber(random: Random): string {
  const letter = CARD_LETTERS.charAt(random.below(CARD_LETTERS.length));
  return letter + String(random.below(1_000_000_000)).padStart(9, '0');
}

function uuidToBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
