/**
 * Signed notes and checkpoints as C2SP defines them (signed-note, tlog-checkpoint), so that witnesses and
 * tools of other transparency logs read them. A note is lines of text, an empty line, and a line for each
 * signature: `— <name> <base64 of 4 bytes of the key's id and the Ed25519 signature>`.
 */
import { hash } from 'node:crypto';

const ED25519 = 1;
const KEY_ID_BYTES = 4;

/** A key that verifies notes: the name of the signer, and the 32 bytes of its Ed25519 key. */
export interface NoteVerifier {
  readonly name: string;
  readonly publicKey: Buffer;
}

/** The first bytes of the hash of name and key; tells keys of one signer apart. */
export function computeKeyId({ name, publicKey }: NoteVerifier): Buffer {
  const text = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), publicKey]);
  return hash('sha256', text, 'buffer').subarray(0, KEY_ID_BYTES);
}

/** The verifier as tools read it: `name+id+key`. */
export function composeVerifierKey(verifier: NoteVerifier): string {
  const key = Buffer.concat([Buffer.of(ED25519), verifier.publicKey]).toString('base64');
  return `${verifier.name}+${computeKeyId(verifier).toString('hex')}+${key}`;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

export interface SignedNote {
  /** With the newline at its end: what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export function composeNote(text: string, verifier: NoteVerifier, signature: Buffer): string {
  const signed = Buffer.concat([computeKeyId(verifier), signature]).toString('base64');
  return `${text}\n— ${verifier.name} ${signed}\n`;
}

const SIGNATURE_LINE = /^— ([^ +]+) ([A-Za-z0-9+/]+=*)$/;

/** @returns null when it is no signed note */
export function parseNote(note: string): SignedNote | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const lines = note.slice(end + 2, -1).split('\n');
  const signatures = lines.map((line) => {
    const [, name, text] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = Buffer.from(text ?? '', 'base64');
    if (name === undefined || bytes.length <= KEY_ID_BYTES) return null;
    return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
  });
  if (signatures.length === 0 || signatures.includes(null)) return null;
  return { text: note.slice(0, end + 1), signatures: signatures as NoteSignature[] };
}

/** The state of a log: its origin, how many leaves it has, and their root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

export function composeCheckpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** @param text of a note. @returns null when it is no checkpoint */
export function parseCheckpointText(text: string): Checkpoint | null {
  const [origin = '', size = '', root = ''] = text.split('\n');
  const bytes = Buffer.from(root, 'base64');
  if (origin === '' || !/^(0|[1-9][0-9]{0,15})$/.test(size) || bytes.length !== 32) return null;
  return { origin, size: Number(size), root: bytes };
}
