/**
 * argon2id behind a bounded queue (hashingQueue.ts): when it is full, a request is refused immediately
 * instead of slowing down everyone. No person, network or known browser can fill it, because each may have
 * only a few hashes in flight, waiting or running. A refused request counts as no attempt and may be sent
 * again.
 */
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { HashingSetting } from '../../domain/rules.ts';
import { ARGON2ID, DummyHashes, composeHashParameters, type HashSettingShares } from './dummyHashes.ts';
import {
  HashingQueue,
  HashingQueueFull,
  type HashingPriority,
  type HashingRefusal,
  type QueueObserver,
} from './hashingQueue.ts';
import { InFlightCounter, type InFlightLimit } from '../inFlight.ts';
import { NetworkTurns } from './networkTurns.ts';

export { HashingAborted, HashingQueueFull, type HashingRefusal } from './hashingQueue.ts';

/** Follows the hashes of persons: their wait, their time, and those that were refused. */
export interface HashingObserver extends QueueObserver {
  readonly observeHash: (ms: number) => void;
}

/**
 * Limits for hashes in flight on this node. A person uses a computer and a phone; a network may be a library
 * at nine o'clock. A /48 contains 65,536 such networks: this many of its forms are read and verified
 * concurrently, too few to make the queue long.
 */
const IN_FLIGHT_LIMITS = { identity: 2, knownBrowser: 2, network: 8, formsOfWideNetwork: 16 };

/** Hashes that may wait behind those that run: two to five seconds of work for one core. */
const MAX_WAITING = 250;

/** From the call until the hash starts. After that a person has given up, or retried. */
const DEADLINE_MS = 2_500;

/** No one waits for a rehash. One that is dropped is made at the next sign-in. */
const REHASH_DEADLINE_MS = 30_000;
const MAX_REHASHES_WAITING = 20;

/** The share of the queue above which no new sign-in begins: sign-ins that have begun fill the rest. */
const CROWDED_SHARE = 0.2;

/**
 * The share of the queue above which it counts as long: half of the crowded share, so that everything else
 * has room before anyone is refused.
 */
const LONG_QUEUE_SHARE = 0.1;

export interface HasherOptions {
  /** The cost of new hashes: `hashing` of the rules. */
  readonly setting: HashingSetting;
  readonly maxWaiting?: number;
  /** The number of cores by default. */
  readonly maxConcurrent?: number;
  /** Limits for hashes in flight. */
  readonly bounds?: Partial<typeof IN_FLIGHT_LIMITS>;
  readonly deadlineMs?: number;
}

/** For whom a hash is computed; the limits depend on it. */
export interface HashingOptions {
  /**
   * Identifies an identity or an unknown name: both have the same limits, so that a limit reveals nothing. A
   * keyed hash, where there may be no identity: it distributes names over the settings (dummyHashes.ts).
   */
  readonly identity?: string | null;
  /** Null where the network does not count, as for known browsers. */
  readonly network?: string | null;
  /**
   * True for a browser that the person trusts: it has priority, and is counted separately from all other
   * browsers.
   */
  readonly isKnown?: boolean;
  /** Aborted when no one waits for the response any longer. */
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
  readonly #observers: HashingObserver[] = [];

  constructor({
    setting,
    maxWaiting = MAX_WAITING,
    maxConcurrent: atOnce,
    bounds,
    deadlineMs,
  }: HasherOptions) {
    this.#queue = new HashingQueue({
      cores: atOnce ?? availableParallelism(),
      long: LONG_QUEUE_SHARE * maxWaiting,
      observer: {
        observeWait: (ms) => {
          for (const one of this.#observers) one.observeWait(ms);
        },
        observeRefusal: (reason) => this.#reportRefusal(reason),
      },
    });
    this.#maxWaiting = maxWaiting;
    this.#bounds = { ...IN_FLIGHT_LIMITS, ...bounds };
    // The wait for a network's turn comes before that for a hash, which alone is reported.
    this.#turns = new NetworkTurns(this.#bounds.formsOfWideNetwork, {
      observeWait: () => undefined,
      observeRefusal: (reason) => this.#reportRefusal(reason),
    });
    this.#deadlineMs = deadlineMs ?? DEADLINE_MS;
    this.#setting = { ...setting, algorithm: ARGON2ID };
    this.#dummies = new DummyHashes(setting);
  }

  /**
   * @param password NFC, as domain/signIn/password.ts prepares it.
   * @returns the PHC string.
   * @throws HashingQueueFull, HashingAborted
   */
  async hash(password: string, options: HashingOptions = {}): Promise<string> {
    return await this.#enqueue(() => hash(password, this.#setting), options);
  }

  /**
   * Verifies a password. Without a hash to verify against it spends the same time on a dummy and returns
   * false.
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
   * Runs everything for a form that costs a hash, from the first read: forms that are locked or throttled,
   * and never hashed, would otherwise fill a node.
   * @param wideNetwork the /24 or the /48 of the client.
   * @throws HashingQueueFull, HashingAborted
   */
  async runInNetworkTurn<T>(wideNetwork: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return await this.#turns.run(wideNetwork, work, { deadlineMs: this.#deadlineMs, signal });
  }

  /** Whether this hash was made with another setting than the current one. */
  isRehashNeeded(phc: string): boolean {
    return !phc.startsWith(`$argon2id$v=19$${composeHashParameters(this.#setting)}$`);
  }

  /** From now on unknown names cost what persons' hashes cost. */
  imitate(shares: HashSettingShares): void {
    this.#dummies.imitate(shares);
  }

  /** Like `hash`, but never delays anyone who waits. @throws HashingQueueFull, HashingAborted */
  async rehash(password: string, signal?: AbortSignal): Promise<string> {
    if (this.#queue.rehashesWaiting >= MAX_REHASHES_WAITING)
      throw new HashingQueueFull('too many rehashes wait');
    const options = { priority: 'rehash', deadlineMs: REHASH_DEADLINE_MS, signal } as const;
    return await this.#queue.run(() => hash(password, this.#setting), options);
  }

  /** Is called for every hash of a person from now on. */
  follow(observer: HashingObserver): void {
    this.#observers.push(observer);
  }

  /** The number of hashes that wait for their turn. */
  get queueLength(): number {
    return this.#queue.size;
  }

  /** A person who begins now would find the queue full, or nearly so, when they send their password. */
  get isCrowded(): boolean {
    return this.#queue.size > CROWDED_SHARE * this.#maxWaiting;
  }

  /** The number of hashes that run concurrently now. */
  get atOnce(): number {
    return this.#queue.atOnce;
  }

  /** The number of identities, known browsers and networks with something in flight. */
  get keysInFlight(): number {
    return this.#inFlight.size;
  }

  /** Known browsers have priority, and still find room when the queue is full for the others. */
  async #enqueue<T>(work: () => Promise<T>, options: HashingOptions): Promise<T> {
    const priority: HashingPriority = options.isKnown ? 'known' : 'usual';
    const room = options.isKnown ? 2 * this.#maxWaiting : this.#maxWaiting;
    if (this.#queue.size >= room) {
      this.#reportRefusal('queue_full');
      throw new HashingQueueFull('the hashing queue is full');
    }
    const leave = this.#inFlight.enter(this.#readBounds(options));
    if (!leave) {
      this.#reportRefusal('in_flight');
      throw new HashingQueueFull('too much of this person or network is in flight');
    }
    try {
      const { signal } = options;
      const timed = async () => await this.#measure(work);
      return await this.#queue.run(timed, { priority, deadlineMs: this.#deadlineMs, signal });
    } finally {
      leave();
    }
  }

  async #measure<T>(work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    const ms = performance.now() - startedAt;
    for (const observer of this.#observers) observer.observeHash(ms);
    return result;
  }

  #reportRefusal(reason: HashingRefusal): void {
    for (const observer of this.#observers) observer.observeRefusal(reason);
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
