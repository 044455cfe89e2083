/**
 * Signs the states of the audit log, and verifies what was signed. The Ed25519 keys (RFC 8032) are derived
 * from the ring `audit`, which is stored apart from the database: a writer in the database cannot sign
 * a state that hides it.
 */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { composeNote, computeKeyId, parseNote, type NoteVerifier } from '../domain/auditTree/signedNote.ts';
import type { Keyring } from './keyring.ts';

/** The head of a private Ed25519 key of 32 bytes in PKCS #8 (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

interface NoteKey extends NoteVerifier {
  readonly privateKey: KeyObject;
  readonly key: KeyObject;
}

/** What a note was signed by, and whether it may be believed. */
export type NoteReading =
  | { readonly kind: 'valid'; readonly text: string }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'another_key'; readonly name: string; readonly keyId: string }
  | { readonly kind: 'changed' };

export class AuditSigner {
  /** The name of the log: the host of the issuer. */
  readonly origin: string;
  readonly #current: NoteKey;
  readonly #keys: readonly NoteKey[];

  constructor(keyring: Keyring, issuer: string) {
    this.origin = `${new URL(issuer).host}/audit`;
    const current = keyring.currentKid('audit');
    this.#current = this.#deriveKey(keyring, current);
    const older = keyring.listKids('audit').filter((kid) => kid !== current);
    this.#keys = [this.#current, ...older.map((kid) => this.#deriveKey(keyring, kid))];
  }

  #deriveKey(keyring: Keyring, kid: string): NoteKey {
    const seed = keyring.deriveKey('audit', 'signed notes', kid);
    const privateKey = createPrivateKey({
      key: Buffer.concat([PKCS8_HEAD, seed]),
      format: 'der',
      type: 'pkcs8',
    });
    const key = createPublicKey(privateKey);
    const publicKey = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
    return { name: this.origin, publicKey, privateKey, key };
  }

  /** The keys that verify notes of this log, the current one first. */
  get verifiers(): readonly NoteVerifier[] {
    return this.#keys;
  }

  /** @param text lines, each with its newline */
  signNote(text: string): string {
    return composeNote(text, this.#current, sign(null, Buffer.from(text), this.#current.privateKey));
  }

  readNote(note: string): NoteReading {
    const parsed = parseNote(note);
    if (!parsed) return { kind: 'malformed' };
    for (const { name, keyId, signature } of parsed.signatures) {
      const known = this.#keys.find((one) => one.name === name && computeKeyId(one).equals(keyId));
      if (!known) continue;
      const isRight = verify(null, Buffer.from(parsed.text), known.key, signature);
      return isRight ? { kind: 'valid', text: parsed.text } : { kind: 'changed' };
    }
    const [first] = parsed.signatures;
    return { kind: 'another_key', name: first?.name ?? '', keyId: first?.keyId.toString('hex') ?? '' };
  }
}
