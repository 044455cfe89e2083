/**
 * The secrets of an installation: one ring of keys per use, so that a key that leaks or is rotated concerns one
 * use alone. Held apart from the database: database and backups without the rings give
 * no key, CPR number, address, session or keyed password; names, birth dates and user IDs are not sealed.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';

/**
 * `cprLookup` and `pairwise` keep one key for the life of the database: rotating them would rename every `sub`
 * and allow two identities for one CPR number.
 */
export const KEY_USES = [
  'cards',
  'seal',
  'letters',
  'records',
  'cprLookup',
  'pairwise',
  'attempts',
  'clientSecrets',
  'cookies',
  'demo',
] as const;
export type KeyUse = (typeof KEY_USES)[number];

const keyPattern = z
  .base64url()
  .refine((text) => Buffer.from(text, 'base64url').length === 32, 'not 32 bytes');
const ringSchema = z
  .strictObject({
    current: z.string(),
    keys: z.record(z.string().regex(/^[a-z][a-z0-9]{0,15}$/), keyPattern),
  })
  .refine((ring) => ring.current in ring.keys, 'the current key is not in the ring');

/** Uses whose key is the one key for good. */
const FOR_GOOD: readonly KeyUse[] = ['cprLookup', 'pairwise'];
const ringForGood = ringSchema.refine(
  (ring) => Object.keys(ring.keys).length === 1,
  'keeps one key for the life of the database',
);

/** The file format: `{ "cards": { "current": "k1", "keys": { "k1": "<32 bytes, base64url>" } }, ... }`. */
export const keyringSchema = z.strictObject(
  Object.fromEntries(
    KEY_USES.map((use) => [use, FOR_GOOD.includes(use) ? ringForGood : ringSchema]),
  ) as Record<KeyUse, typeof ringSchema>,
);
export type KeyringFile = z.infer<typeof keyringSchema>;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** One step of a sign-in asks for its key a dozen times; some hundred are under way at once. */
const MOST_INTERACTION_KEYS = 1_000;

export class Keyring {
  readonly #rings: Map<KeyUse, { current: string; keys: Map<string, KeyObject> }>;
  readonly #interactionKeys = new Map<string, Buffer>();
  readonly #derivedKeys = new Map<string, Buffer>();

  constructor(file: KeyringFile) {
    this.#rings = new Map(
      KEY_USES.map((use) => {
        const { current, keys } = file[use];
        const decoded = Object.entries(keys).map(([kid, key]): [string, KeyObject] => [
          kid,
          createSecretKey(Buffer.from(key, 'base64url')),
        ]);
        return [use, { current, keys: new Map(decoded) }];
      }),
    );
  }

  static generate(): KeyringFile {
    const ring = () => ({ current: 'k1', keys: { k1: randomBytes(32).toString('base64url') } });
    return keyringSchema.parse(Object.fromEntries(KEY_USES.map((use) => [use, ring()])));
  }

  /** Rings for uses that came with a later version; those that are there stay. Null when none is missing. */
  static complete(file: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
    if (KEY_USES.every((use) => use in file)) return null;
    return { ...Keyring.generate(), ...file };
  }

  currentKid(use: KeyUse): string {
    return this.#ring(use).current;
  }

  hasKey(use: KeyUse, kid: string): boolean {
    return this.#ring(use).keys.has(kid);
  }

  /** The key that the ring began with, whatever was added since: the one to know an installation by. */
  oldestKid(use: KeyUse): string {
    const [oldest] = this.#ring(use).keys.keys();
    if (oldest === undefined) throw new Error(`the key ring for ${use} is empty`);
    return oldest;
  }

  /** HMAC-SHA-256 under the current key, or under `kid`. @throws when the ring has no such key. */
  hmac(use: KeyUse, data: string | Buffer, kid = this.currentKid(use)): Buffer {
    return createHmac('sha256', this.#key(use, kid)).update(data).digest();
  }

  /**
   * For a purpose alone, drawn from a key of the ring: no two purposes stand under one key.
   * @throws as `hmac` does
   */
  derivedKey(use: KeyUse, purpose: string, kid = this.currentKid(use)): Buffer {
    const name = `${use} ${kid} ${purpose}`;
    const key = this.#derivedKeys.get(name) ?? this.hmac(use, `key for ${purpose} v1`, kid);
    this.#derivedKeys.set(name, key);
    return key;
  }

  /** What an interaction is called in the database: who reads it there knows no address to go on at. */
  interactionKey(interactionId: string): Buffer {
    const name = `${this.currentKid('records')} ${interactionId}`;
    const known = this.#interactionKeys.get(name);
    if (known) return known;
    const key = this.hmac('records', `sign-in ${interactionId}`);
    this.#interactionKeys.set(name, key);
    for (const oldest of this.#interactionKeys.keys()) {
      if (this.#interactionKeys.size <= MOST_INTERACTION_KEYS) break;
      this.#interactionKeys.delete(oldest);
    }
    return key;
  }

  /** Keys of a ring as text, the current first; for libraries that sign and verify by themselves. */
  exportTexts(use: KeyUse): string[] {
    const { current, keys } = this.#ring(use);
    const older = [...keys.keys()].filter((kid) => kid !== current);
    return [current, ...older].map((kid) => this.#key(use, kid).export().toString('base64url'));
  }

  /**
   * AES-256-GCM. `context` binds the box to its row: moved to another row it does not open.
   * @param salt the key is drawn from it: what is sealed with it is gone for good when the salt is.
   */
  seal(
    use: KeyUse,
    plaintext: string | Buffer,
    context: string | Buffer,
    salt: Buffer | null = null,
  ): Buffer {
    const kid = Buffer.from(this.currentKid(use));
    const nonce = randomBytes(NONCE_BYTES);
    const key = this.#sealingKey(use, this.currentKid(use), salt);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([Buffer.of(kid.length), kid, nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws when the box was changed, belongs to another row, or its key is not in the ring. */
  open(use: KeyUse, box: Buffer, context: string | Buffer, salt: Buffer | null = null): string {
    return this.openBytes(use, box, context, salt).toString('utf8');
  }

  /** @throws as `open` does. */
  openBytes(use: KeyUse, box: Buffer, context: string | Buffer, salt: Buffer | null = null): Buffer {
    const kidLength = box.readUInt8(0);
    let offset = 1;
    const take = (length: number) => box.subarray(offset, (offset += length));
    const kid = take(kidLength).toString();
    const decipher = createDecipheriv('aes-256-gcm', this.#sealingKey(use, kid, salt), take(NONCE_BYTES), {
      // A shorter one, which browsers could send, would be taken and is easier to hit.
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(take(TAG_BYTES));
    return Buffer.concat([decipher.update(box.subarray(offset)), decipher.final()]);
  }

  #sealingKey(use: KeyUse, kid: string, salt: Buffer | null): KeyObject {
    const key = this.#key(use, kid);
    return salt ? createSecretKey(Buffer.from(hkdfSync('sha256', key, salt, 'seal v1', 32))) : key;
  }

  #ring(use: KeyUse) {
    const ring = this.#rings.get(use);
    if (!ring) throw new Error(`no key ring for ${use}`);
    return ring;
  }

  #key(use: KeyUse, kid: string): KeyObject {
    const key = this.#ring(use).keys.get(kid);
    if (!key) throw new Error(`the key ring for ${use} has no key ${kid}`);
    return key;
  }
}
