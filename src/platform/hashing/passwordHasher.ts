/**
 * argon2id in a bounded line (platform/hashingLine): a plain "come back" when that is full, never a pile-up
 * that takes everybody down. No person, network or known browser can fill it: each may have but a few hashes
 * in flight, waiting or running. What is refused counts for nothing, and the same may be sent again.
 */
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { HashingSetting } from '../../domain/rules.ts';
import { ARGON2ID, DummyHashes, composeHashParameters, type HashSettingShares } from './dummyHashes.ts';
import { HashingQueue, HashingQueueFull, type HashingPriority } from './hashingQueue.ts';
import { InFlightCounter, type InFlightLimit } from '../inFlight.ts';
import { NetworkTurns } from './networkTurns.ts';

export { HashingAborted, HashingQueueFull } from './hashingQueue.ts';

/**
 * Hashes in flight on this node. A person has two hands and a mobile; a network may be a library at nine
 * o'clock. A /48 has 65,536 of those: of its forms so many are read, compared and judged at a time, too few to
 * make the line long.
 */
const IN_FLIGHT_LIMITS = { identity: 2, knownBrowser: 2, network: 8, formsOfWideNetwork: 16 };

/** Hashes that may wait behind those that run: two to five seconds of work for one core. */
const MAX_WAITING = 250;

/** From the call until the hash begins. After that a person has given up, or asked again. */
const DEADLINE_MS = 2_500;

/** Nobody waits for a rehash. What is left out is made at the next sign-in. */
const REHASH_DEADLINE_MS = 30_000;
const MAX_REHASHES_WAITING = 20;

/** Of the line, behind which nobody new is let in: those who are on their way fill the rest. */
const CROWDED_COUNT = 0.2;

/** Of the line: half of what is crowded, so that there is room for everything else before anybody is turned away. */
const LONG_PASSWORD = 0.1;

export interface HasherOptions {
  /** What new hashes cost: `hashing` of the rules. */
  readonly setting: HashingSetting;
  readonly maxWaiting?: number;
  /** As many as there are cores, if not given. */
  readonly maxConcurrent?: number;
  /** How many may be in flight. */
  readonly bounds?: Partial<typeof IN_FLIGHT_LIMITS>;
  readonly deadlineMs?: number;
}

/** On whose account a hash is made. */
export interface HashingOptions {
  /**
   * Of an identity or of a name that nobody has: both are bounded alike, so that the bound tells nothing. A keyed
   * hash, where there may be no identity: by it names are spread over the settings (platform/dummyHashes).
   */
  readonly identity?: string | null;
  /** Null where the network does not count, as for known browsers. */
  readonly network?: string | null;
  /**
   * In a browser that the person had called their own: it goes first, and counts apart from all other
   * browsers.
   */
  readonly isKnown?: boolean;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

export class PasswordHasher {
  readonly #queue: HashingQueue;
  readonly #inFlight = new InFlightCounter();
  readonly #turns: NetworkTurns;
  readonly #bounds: typeof IN_FLIGHT_LIMITS;
  readonly #deadlineMs: number;
  readonly #maxWaiting: number;
  readonly #setting: HashingSetting & { algorithm: number };
  readonly #dummies: DummyHashes;

  constructor({
    setting,
    maxWaiting = MAX_WAITING,
    maxConcurrent: atOnce,
    bounds,
    deadlineMs,
  }: HasherOptions) {
    this.#queue = new HashingQueue({
      cores: atOnce ?? availableParallelism(),
      long: LONG_PASSWORD * maxWaiting,
    });
    this.#maxWaiting = maxWaiting;
    this.#bounds = { ...IN_FLIGHT_LIMITS, ...bounds };
    this.#turns = new NetworkTurns(this.#bounds.formsOfWideNetwork);
    this.#deadlineMs = deadlineMs ?? DEADLINE_MS;
    this.#setting = { ...setting, algorithm: ARGON2ID };
    this.#dummies = new DummyHashes(setting);
  }

  /**
   * @param password NFC, as `core/password` prepares it.
   * @returns the PHC string. @throws HashingQueueFull, HashingAborted
   */
  async hash(password: string, options: HashingOptions = {}): Promise<string> {
    return await this.#enqueue(() => hash(password, this.#setting), options);
  }

  /**
   * Verifies; where there is no hash to verify against, spends the time of one on a dummy and says no.
   * @throws HashingQueueFull, HashingAborted
   */
  async verify(phc: string | null, password: string, options: HashingOptions = {}): Promise<boolean> {
    return await this.#enqueue(async () => {
      const dummy = phc === null ? await this.#dummies.find(options.identity ?? null) : null;
      const right = await verify(phc ?? dummy ?? '', password);
      return right && phc !== null;
    }, options);
  }

  /**
   * All that is done for a form that costs a hash, from the first reading: also what is locked or slowed, and
   * never hashed, would fill a node otherwise.
   * @param wideNetwork the /24 or the /48 that it comes from. @throws HashingQueueFull, HashingAborted
   */
  async runInNetworkTurn<T>(wideNetwork: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return await this.#turns.run(wideNetwork, work, { deadlineMs: this.#deadlineMs, signal });
  }

  /** Whether this hash was made by another setting than that of now. */
  isRehashNeeded(phc: string): boolean {
    return !phc.startsWith(`$argon2id$v=19$${composeHashParameters(this.#setting)}$`);
  }

  /** From now on names that nobody has cost what people's hashes cost. */
  imitate(shares: HashSettingShares): void {
    this.#dummies.imitate(shares);
  }

  /** As `hash`, never in the way of anybody who waits. @throws HashingQueueFull, HashingAborted */
  async rehash(password: string, signal?: AbortSignal): Promise<string> {
    if (this.#queue.rehashesWaiting >= MAX_REHASHES_WAITING)
      throw new HashingQueueFull('too many rehashes wait');
    const options = { priority: 'rehash', deadlineMs: REHASH_DEADLINE_MS, signal } as const;
    return await this.#queue.run(() => hash(password, this.#setting), options);
  }

  /** A person who begins now would find the line full, or nearly so, when their password comes. */
  get isCrowded(): boolean {
    return this.#queue.size > CROWDED_COUNT * this.#maxWaiting;
  }

  /** How many are hashed at a time now. */
  get atOnce(): number {
    return this.#queue.atOnce;
  }

  /** How many identities, known browsers and networks have something in flight. */
  get keysInFlight(): number {
    return this.#inFlight.size;
  }

  /** Known browsers go first, and still find room when the line of the others is full. */
  async #enqueue<T>(work: () => Promise<T>, options: HashingOptions): Promise<T> {
    const priority: HashingPriority = options.isKnown ? 'known' : 'usual';
    const room = options.isKnown ? 2 * this.#maxWaiting : this.#maxWaiting;
    if (this.#queue.size >= room) throw new HashingQueueFull('the hashing line is full');
    const leave = this.#inFlight.enter(this.#readBounds(options));
    if (!leave) throw new HashingQueueFull('too much of this person or network is in flight');
    try {
      const { signal } = options;
      return await this.#queue.run(work, { priority, deadlineMs: this.#deadlineMs, signal });
    } finally {
      leave();
    }
  }

  #readBounds({ identity, network, isKnown }: HashingOptions): InFlightLimit[] {
    const { identity: ofIdentity, knownBrowser, network: ofNetwork } = this.#bounds;
    const bounds: InFlightLimit[] = [];
    if (identity && isKnown) bounds.push({ key: `known browser of ${identity}`, limit: knownBrowser });
    else if (identity) bounds.push({ key: `identity ${identity}`, limit: ofIdentity });
    if (network) bounds.push({ key: `network ${network}`, limit: ofNetwork });
    return bounds;
  }
}
