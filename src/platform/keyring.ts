/**
 * The secrets of an installation: one key ring for each use, so that a key that leaks or is rotated affects
 * only that use. Stored separately from the database: database and backups without the rings reveal no key,
 * CPR number, address, session or keyed password; names, birth dates and user IDs are not sealed.
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
import { DamagedSeal, MissingRingKey } from '../domain/damagedSeal.ts';
import { keyringSchema, RING_KEY_USES, type KeyringFile, type RingKeyUse } from './keyringSchema.ts';

export { keyringSchema, RING_KEY_USES, type KeyringFile, type RingKeyUse } from './keyringSchema.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/**
 * A box sealed under a drawn key has this bit set in its first byte, which otherwise contains only the length
 * of the key's id, at most 16.
 */
const IS_DRAWN_FLAG = 0x80;
const DRAW_BYTES = 8;
/**
 * AES-GCM allows 2^32 random nonces of 96 bits under one key (NIST SP 800-38D, 8.3). Each process draws its
 * own key, and another one after this many seals, so that no number of requests or nodes reaches the limit.
 */
const MAX_SEALS = 2 ** 30;
/** Limit for cached keys of other processes; one is derived again in some microseconds. */
const MAX_SEALING_KEYS = 2_000;
/** One step of a sign-in derives its key a dozen times; some hundred sign-ins run concurrently. */
const MAX_INTERACTION_KEYS = 1_000;

export class Keyring {
  /**
   * Whether seals are made under drawn keys: true once every node can open them. They can always be opened.
   */
  drawsSealingKeys = false;
  readonly #rings: Map<RingKeyUse, { current: string; lookup: string; keys: Map<string, KeyObject> }>;
  /** Of the ring `seal`. */
  readonly #retired: ReadonlyMap<string, KeyObject>;
  readonly #interactionKeys = new Map<string, Buffer>();
  readonly #derivedKeys = new Map<string, Buffer>();
  readonly #sealingKeys = new Map<string, KeyObject>();
  readonly #draws = new Map<RingKeyUse, { draw: Buffer; seals: number }>();
  readonly #mostSeals: number;

  constructor(file: KeyringFile, { mostSeals = MAX_SEALS }: { readonly mostSeals?: number } = {}) {
    this.#mostSeals = mostSeals;
    this.#rings = new Map(
      RING_KEY_USES.map((use) => {
        const { current, lookup = current, keys } = file[use];
        return [use, { current, lookup, keys: decodeKeys(keys) }];
      }),
    );
    this.#retired = decodeKeys(file.seal.retired ?? {});
  }

  /** One key, as the file holds it: 32 random bytes in base64url. */
  static generateKey(): string {
    return randomBytes(32).toString('base64url');
  }

  static generate(): KeyringFile {
    const ring = () => ({ current: 'k1', keys: { k1: Keyring.generateKey() } });
    return keyringSchema.parse(Object.fromEntries(RING_KEY_USES.map((use) => [use, ring()])));
  }

  /**
   * Adds rings for uses that a later version introduced; existing rings stay unchanged. Returns null when
   * none is missing.
   */
  static complete(file: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
    if (RING_KEY_USES.every((use) => use in file)) return null;
    return { ...Keyring.generate(), ...file };
  }

  currentKid(use: RingKeyUse): string {
    return this.#ring(use).current;
  }

  hasKey(use: RingKeyUse, kid: string): boolean {
    return this.#ring(use).keys.has(kid);
  }

  listKids(use: RingKeyUse): string[] {
    return [...this.#ring(use).keys.keys()];
  }

  /** The keys of the ring `seal` that open no row and make no MAC valid. */
  listRetiredKids(): string[] {
    return [...this.#retired.keys()];
  }

  /**
   * The key that passwords are keyed by, under a key of the ring `seal` or one of its retired ones.
   * @returns null when the ring has no such key
   */
  derivePasswordKey(kid: string): Buffer | null {
    if (this.hasKey('seal', kid)) return this.deriveKey('seal', 'passwords', kid);
    const retired = this.#retired.get(kid);
    return retired ? deriveForPurpose(retired, 'passwords') : null;
  }

  /**
   * A value by which a key is recognised and that does not reveal it.
   * @throws Error when the ring has no such key
   */
  makeKeyCheck(use: RingKeyUse, kid: string): string {
    return this.hmac(use, 'key check v1', kid).toString('base64url');
  }

  /** Whether the check value was made with a key of this ring: the ring belongs to the database. */
  hasKeyOfCheck(use: RingKeyUse, check: string): boolean {
    return this.listKids(use).some((kid) => this.makeKeyCheck(use, kid) === check);
  }

  /** The first key of the ring, regardless of later ones; it identifies an installation. */
  oldestKid(use: RingKeyUse): string {
    const [oldest] = this.#ring(use).keys.keys();
    if (oldest === undefined) throw new Error(`the key ring for ${use} is empty`);
    return oldest;
  }

  /** The key by which rows are found: it stays the same when the ring gets a new current key. */
  lookupKid(use: RingKeyUse): string {
    return this.#ring(use).lookup;
  }

  /** HMAC-SHA-256 under the lookup key, or under `kid`. @throws Error when the ring has no such key */
  hmac(use: RingKeyUse, data: string | Buffer, kid = this.lookupKid(use)): Buffer {
    return createHmac('sha256', this.#key(use, kid)).update(data).digest();
  }

  /**
   * A key for one purpose, derived from a key of the ring: no two purposes share a key.
   * @throws Error as `hmac` does
   */
  deriveKey(use: RingKeyUse, purpose: string, kid = this.currentKid(use)): Buffer {
    const name = `${use} ${kid} ${purpose}`;
    const key = this.#derivedKeys.get(name) ?? deriveForPurpose(this.#key(use, kid), purpose);
    this.#derivedKeys.set(name, key);
    return key;
  }

  /**
   * The hash of an interaction's id in the database: someone who reads it there cannot continue the
   * interaction.
   */
  hashInteractionId(interactionId: string): Buffer {
    const known = this.#interactionKeys.get(interactionId);
    if (known) return known;
    const key = this.hmac('records', `sign-in ${interactionId}`);
    cacheValue(this.#interactionKeys, interactionId, key, MAX_INTERACTION_KEYS);
    return key;
  }

  /**
   * The CSRF token of a form, bound to what only its browser has; nothing has to be stored. Derived from the
   * oldest key, which all nodes have while a newer one is rolled out.
   */
  csrfToken(of: string): string {
    return this.hmac('cookies', `csrf v1 ${of}`, this.oldestKid('cookies')).toString('base64url');
  }

  /** The keys of a ring as text, the current one first; for libraries that sign and verify themselves. */
  exportTexts(use: RingKeyUse): string[] {
    const { current, keys } = this.#ring(use);
    const older = [...keys.keys()].filter((kid) => kid !== current);
    return [current, ...older].map((kid) => this.#key(use, kid).export().toString('base64url'));
  }

  /**
   * Encrypts with AES-256-GCM. `context` binds the box to its row: moved to another row it does not open.
   * @param salt the key is derived from it: what is sealed with it is lost permanently when the salt is
   *   deleted.
   */
  seal(
    use: RingKeyUse,
    plaintext: string | Buffer,
    context: string | Buffer,
    salt: Buffer | null = null,
  ): Buffer {
    const current = this.currentKid(use);
    const kid = Buffer.from(current);
    const draw = salt === null && this.drawsSealingKeys ? this.#draw(use) : null;
    const nonce = randomBytes(NONCE_BYTES);
    const key = this.#sealingKey(use, current, { salt, draw });
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
    const head = draw ? [Buffer.of(IS_DRAWN_FLAG | kid.length), kid, draw] : [Buffer.of(kid.length), kid];
    return Buffer.concat([...head, nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws DamagedSeal when the box was changed, belongs to another row, or its key is not in the ring. */
  open(use: RingKeyUse, box: Buffer, context: string | Buffer, salt: Buffer | null = null): string {
    return this.openBytes(use, box, context, salt).toString('utf8');
  }

  /** @throws DamagedSeal as `open` does */
  openBytes(use: RingKeyUse, box: Buffer, context: string | Buffer, salt: Buffer | null = null): Buffer {
    try {
      return this.#openBox(use, box, context, salt);
    } catch (error) {
      // Contexts of the ring `seal` are ids of rows; those of others may be secrets of a browser.
      throw new DamagedSeal(use, use === 'seal' && typeof context === 'string' ? context : null, error);
    }
  }

  #openBox(use: RingKeyUse, box: Buffer, context: string | Buffer, salt: Buffer | null): Buffer {
    const first = box.readUInt8(0);
    let offset = 1;
    const take = (length: number) => box.subarray(offset, (offset += length));
    const kid = take(first & ~IS_DRAWN_FLAG).toString();
    const draw = first & IS_DRAWN_FLAG ? take(DRAW_BYTES) : null;
    const key = this.#sealingKey(use, kid, { salt, draw });
    const decipher = createDecipheriv('aes-256-gcm', key, take(NONCE_BYTES), {
      // Without a fixed length Node would accept a shorter tag, which a browser could send and which is
      // easier to forge.
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(take(TAG_BYTES));
    return Buffer.concat([decipher.update(box.subarray(offset)), decipher.final()]);
  }

  #draw(use: RingKeyUse): Buffer {
    const before = this.#draws.get(use);
    if (before && before.seals < this.#mostSeals) {
      before.seals += 1;
      return before.draw;
    }
    const draw = randomBytes(DRAW_BYTES);
    this.#draws.set(use, { draw, seals: 1 });
    return draw;
  }

  #sealingKey(use: RingKeyUse, kid: string, from: { salt: Buffer | null; draw: Buffer | null }): KeyObject {
    // Only details of the log are sealed under a salt of their person in the ring `seal`.
    const retired = use === 'seal' && from.salt ? this.#retired.get(kid) : undefined;
    const key = retired ?? this.#key(use, kid);
    if (from.salt) return deriveRingKey(key, from.salt, 'seal v1');
    if (!from.draw) return key;
    const name = `${use} ${kid} ${from.draw.toString('hex')}`;
    const known = this.#sealingKeys.get(name);
    if (known) return known;
    const drawn = deriveRingKey(key, from.draw, `seal v2 ${use}`);
    cacheValue(this.#sealingKeys, name, drawn, MAX_SEALING_KEYS);
    return drawn;
  }

  #ring(use: RingKeyUse) {
    const ring = this.#rings.get(use);
    if (!ring) throw new Error(`no key ring for ${use}`);
    return ring;
  }

  #key(use: RingKeyUse, kid: string): KeyObject {
    const key = this.#ring(use).keys.get(kid);
    if (!key) throw new MissingRingKey(use, kid);
    return key;
  }
}

function decodeKeys(keys: Readonly<Record<string, string>>): Map<string, KeyObject> {
  return new Map(
    Object.entries(keys).map(([kid, key]) => [kid, createSecretKey(Buffer.from(key, 'base64url'))]),
  );
}

function deriveForPurpose(key: KeyObject, purpose: string): Buffer {
  return createHmac('sha256', key).update(`key for ${purpose} v1`).digest();
}

function deriveRingKey(key: KeyObject, salt: Buffer, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, salt, info, 32)));
}

/** Evicts the oldest entries, which are computed again when needed. */
function cacheValue<T>(cache: Map<string, T>, name: string, value: T, most: number): void {
  cache.set(name, value);
  for (const oldest of cache.keys()) {
    if (cache.size <= most) break;
    cache.delete(oldest);
  }
}
