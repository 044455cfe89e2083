/**
 * The client's own record of what was acknowledged: keys that were spent, codes that were redeemed, log-outs
 * that a page confirmed. Each line is also in a file, with the time.
 */
import { appendFileSync } from 'node:fs';
import type { FailoverPerson } from '../failover/install.ts';
import type { SignedInPerson } from '../failover/people.ts';

export interface AcknowledgedSignIn extends SignedInPerson {
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly doneAt: number;
}

/** The browser was sent back with a code; whether that is redeemed is another matter. */
export type AcknowledgedSpend = Pick<AcknowledgedSignIn, 'person' | 'keyNumber' | 'code'>;

export class ClientRecord {
  readonly signIns: AcknowledgedSignIn[] = [];
  readonly logouts: AcknowledgedSignIn[] = [];
  /** Those whose code was sent a second time by the verification. */
  readonly triedAgain = new Set<AcknowledgedSignIn>();
  /** Card and key number -> who gave it, and the code that the relying party got for it. */
  readonly spends = new Map<string, AcknowledgedSpend>();
  /** What may never happen, each in a sentence. */
  readonly faults: string[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  #write(line: Record<string, unknown>): void {
    appendFileSync(this.#file, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
  }

  noteChallenge({ cardId }: FailoverPerson, keyNumber: string): void {
    if (this.spends.has(nameKey(cardId, keyNumber)))
      this.noteFault(`card ${cardId}: key ${keyNumber} was accepted, and is asked for again`);
  }

  /** A key was accepted. */
  noteSpend(spend: AcknowledgedSpend): void {
    const { cardId } = spend.person;
    const key = nameKey(cardId, spend.keyNumber);
    const former = this.spends.get(key);
    if (former !== undefined && former.code !== spend.code)
      this.noteFault(`card ${cardId}: key ${spend.keyNumber} was accepted twice`);
    this.spends.set(key, spend);
    this.#write({ spent: spend.keyNumber, card: cardId });
  }

  noteSignIn(signIn: AcknowledgedSignIn): void {
    this.signIns.push(signIn);
    this.#write({ redeemed: signIn.code.slice(0, 8), card: signIn.person.cardId, key: signIn.keyNumber });
  }

  noteLogout(signIn: AcknowledgedSignIn): void {
    this.logouts.push(signIn);
    this.#write({ signedOut: signIn.sid });
  }

  noteFault(fault: string): void {
    this.faults.push(fault);
    this.#write({ fault });
  }
}

function nameKey(cardId: string, keyNumber: string): string {
  return `${cardId} ${keyNumber}`;
}
