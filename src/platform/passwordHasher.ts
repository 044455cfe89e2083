/**
 * argon2id in a bounded queue: as many hashes at a time as there are cores, a short line behind them, and a
 * plain "come back" when that is full, never a pile-up that takes everybody down. Behind a long line one core is left to
 * everything else: otherwise whoever is to be turned away waits seconds to hear it, and those who were let in as long
 * for their next page.
 */
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import PQueue from 'p-queue';

/** OWASP's first choice for argon2id; changing it rehashes people at their next sign-in. */
const ARGON2ID = 2;
const SETTING = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of the line, behind which nobody new is let in: those who are on their way fill the rest. */
const CROWDED = 0.2;

/** Of the line: half of what is crowded, so that there is room for everything else before anybody is turned away. */
const LONG = 0.1;

/** The queue is full. The person has lost nothing: nothing was judged. */
export class TooBusy extends Error {
  readonly statusCode = 503;
}

export class PasswordHasher {
  readonly #queue: PQueue;
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #setting: typeof SETTING;
  readonly #dummy: Promise<string>;

  /**
   * @param options.atOnce as many as there are cores, if not said.
   * @param options.setting another cost than ours, for histories of many thousand steps.
   */
  constructor(options: { maxWaiting: number; atOnce?: number; setting?: typeof SETTING }) {
    this.#atOnce = options.atOnce ?? availableParallelism();
    this.#queue = new PQueue({ concurrency: this.#atOnce });
    this.#queue.on('next', () => this.#leaveRoom());
    this.#maxWaiting = options.maxWaiting;
    this.#setting = options.setting ?? SETTING;
    this.#dummy = hash('a password that nobody has', this.#setting);
    // Kept from being reported as unhandled; whoever awaits it below gets the failure.
    this.#dummy.catch(() => undefined);
  }

  /** @param password NFC, as `core/password` prepares it. @returns the PHC string. @throws TooBusy */
  hash(password: string): Promise<string> {
    return this.#enqueue(() => hash(password, this.#setting));
  }

  /**
   * Verifies; where there is no hash to verify against, spends the same time on a dummy and says no.
   * @param options.isUrgent from a known browser: no flood of strangers keeps its owner waiting.
   * @throws TooBusy
   */
  verify(
    phc: string | null,
    password: string,
    { isUrgent = false }: { isUrgent?: boolean } = {},
  ): Promise<boolean> {
    return this.#enqueue(async () => {
      const right = await verify(phc ?? (await this.#dummy), password);
      return right && phc !== null;
    }, isUrgent);
  }

  /** Whoever begins now would find the line full, or nearly so, when their password comes. */
  get isCrowded(): boolean {
    return this.#queue.size > CROWDED * this.#maxWaiting;
  }

  /** The urgent go first, and still find room when the line of the others is full. */
  #enqueue<T>(work: () => Promise<T>, isUrgent = false): Promise<T> {
    const room = isUrgent ? 2 * this.#maxWaiting : this.#maxWaiting;
    if (this.#queue.size >= room) return Promise.reject(new TooBusy('the hashing queue is full'));
    const done = this.#queue.add(work, { priority: isUrgent ? 1 : 0 });
    this.#leaveRoom();
    return done;
  }

  /** How many are hashed at a time now. */
  get atOnce(): number {
    return this.#queue.concurrency;
  }

  #leaveRoom(): void {
    const isLong = this.#queue.size > LONG * this.#maxWaiting;
    const atOnce = isLong ? Math.max(1, this.#atOnce - 1) : this.#atOnce;
    if (atOnce !== this.#queue.concurrency) this.#queue.concurrency = atOnce;
  }
}
