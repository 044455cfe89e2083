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
export const RING_KEY_USES = [
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
export type RingKeyUse = (typeof RING_KEY_USES)[number];

const keyPattern = z
  .base64url()
  .refine((text) => Buffer.from(text, 'base64url').length === 32, 'not 32 bytes');
const ringSchema = z
  .strictObject({
    current: z.string(),
    /** The key that hashes are made under, where it is not the current one: what was found by it is still found. */
    lookup: z.string().optional(),
    keys: z.record(z.string().regex(/^[a-z][a-z0-9]{0,15}$/), keyPattern),
  })
  .refine((ring) => ring.current in ring.keys, 'the current key is not in the ring')
  .refine(({ lookup, keys }) => lookup === undefined || lookup in keys, 'the lookup key is not in the ring');

/** Uses whose key is the one key for good. */
const PERMANENT_RINGS: readonly RingKeyUse[] = ['cprLookup', 'pairwise'];
const permanentRingSchema = ringSchema.refine(
  (ring) => Object.keys(ring.keys).length === 1,
  'keeps one key for the life of the database',
);

/** The file format: `{ "cards": { "current": "k1", "keys": { "k1": "<32 bytes, base64url>" } }, ... }`. */
export const keyringSchema = z.strictObject(
  Object.fromEntries(
    RING_KEY_USES.map((use) => [use, PERMANENT_RINGS.includes(use) ? permanentRingSchema : ringSchema]),
  ) as Record<RingKeyUse, typeof ringSchema>,
);
export type KeyringFile = z.infer<typeof keyringSchema>;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A box whose key was drawn says so in its first byte, where others have the length of the key's id, at most 16. */
const IS_DRAWN_FLAG = 0x80;
const DRAW_BYTES = 8;
/**
 * Random nonces of 96 bits under one key: 2^32 at most (NIST SP 800-38D, 8.3). A process draws a key of its own, and
 * another after so many: whoever makes us seal, on however many nodes, never gets there.
 */
const MAX_SEALS = 2 ** 30;
/** Keys of other processes, which are drawn again in some microseconds. */
const MAX_SEALING_KEYS = 2_000;
/** One step of a sign-in asks for its key a dozen times; some hundred are under way at once. */
const MAX_INTERACTION_KEYS = 1_000;

export class Keyring {
  /** Seals are made under drawn keys: once no node is left that cannot open them. They are always opened. */
  drawsSealingKeys = false;
  readonly #rings: Map<RingKeyUse, { current: string; lookup: string; keys: Map<string, KeyObject> }>;
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
        const decoded = Object.entries(keys).map(([kid, key]): [string, KeyObject] => [
          kid,
          createSecretKey(Buffer.from(key, 'base64url')),
        ]);
        return [use, { current, lookup, keys: new Map(decoded) }];
      }),
    );
  }

  static generate(): KeyringFile {
    const ring = () => ({ current: 'k1', keys: { k1: randomBytes(32).toString('base64url') } });
    return keyringSchema.parse(Object.fromEntries(RING_KEY_USES.map((use) => [use, ring()])));
  }

  /** Rings for uses that came with a later version; those that are there stay. Null when none is missing. */
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

  /** The key that the ring began with, whatever was added since: the one to know an installation by. */
  oldestKid(use: RingKeyUse): string {
    const [oldest] = this.#ring(use).keys.keys();
    if (oldest === undefined) throw new Error(`the key ring for ${use} is empty`);
    return oldest;
  }

  /** The key that rows are found by: a ring gets a new current key without anything being lost. */
  lookupKid(use: RingKeyUse): string {
    return this.#ring(use).lookup;
  }

  /** HMAC-SHA-256 under the lookup key, or under `kid`. @throws when the ring has no such key. */
  hmac(use: RingKeyUse, data: string | Buffer, kid = this.lookupKid(use)): Buffer {
    return createHmac('sha256', this.#key(use, kid)).update(data).digest();
  }

  /**
   * For a purpose alone, drawn from a key of the ring: no two purposes stand under one key.
   * @throws as `hmac` does
   */
  deriveKey(use: RingKeyUse, purpose: string, kid = this.currentKid(use)): Buffer {
    const name = `${use} ${kid} ${purpose}`;
    const key = this.#derivedKeys.get(name) ?? this.hmac(use, `key for ${purpose} v1`, kid);
    this.#derivedKeys.set(name, key);
    return key;
  }

  /** What an interaction is called in the database: who reads it there knows no address to go on at. */
  hashInteractionId(interactionId: string): Buffer {
    const known = this.#interactionKeys.get(interactionId);
    if (known) return known;
    const key = this.hmac('records', `sign-in ${interactionId}`);
    cacheValue(this.#interactionKeys, interactionId, key, MAX_INTERACTION_KEYS);
    return key;
  }

  /**
   * The proof that a form is ours, bound to what its browser alone has: nothing has to be kept. Under the key that
   * all nodes have, also while a newer one is on its way to them.
   */
  csrfToken(of: string): string {
    return this.hmac('cookies', `csrf v1 ${of}`, this.oldestKid('cookies')).toString('base64url');
  }

  /** Keys of a ring as text, the current first; for libraries that sign and verify by themselves. */
  exportTexts(use: RingKeyUse): string[] {
    const { current, keys } = this.#ring(use);
    const older = [...keys.keys()].filter((kid) => kid !== current);
    return [current, ...older].map((kid) => this.#key(use, kid).export().toString('base64url'));
  }

  /**
   * AES-256-GCM. `context` binds the box to its row: moved to another row it does not open.
   * @param salt the key is drawn from it: what is sealed with it is gone for good when the salt is.
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

  /** @throws when the box was changed, belongs to another row, or its key is not in the ring. */
  open(use: RingKeyUse, box: Buffer, context: string | Buffer, salt: Buffer | null = null): string {
    return this.openBytes(use, box, context, salt).toString('utf8');
  }

  /** @throws as `open` does. */
  openBytes(use: RingKeyUse, box: Buffer, context: string | Buffer, salt: Buffer | null = null): Buffer {
    const first = box.readUInt8(0);
    let offset = 1;
    const take = (length: number) => box.subarray(offset, (offset += length));
    const kid = take(first & ~IS_DRAWN_FLAG).toString();
    const draw = first & IS_DRAWN_FLAG ? take(DRAW_BYTES) : null;
    const key = this.#sealingKey(use, kid, { salt, draw });
    const decipher = createDecipheriv('aes-256-gcm', key, take(NONCE_BYTES), {
      // A shorter one, which browsers could send, would be taken and is easier to hit.
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
    const key = this.#key(use, kid);
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
    if (!key) throw new Error(`the key ring for ${use} has no key ${kid}`);
    return key;
  }
}

function deriveRingKey(key: KeyObject, salt: Buffer, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, salt, info, 32)));
}

/** The oldest ones give way: what is asked for again is made again. */
function cacheValue<T>(remaining: Map<string, T>, name: string, value: T, most: number): void {
  remaining.set(name, value);
  for (const oldest of remaining.keys()) {
    if (remaining.size <= most) break;
    remaining.delete(oldest);
  }
}
