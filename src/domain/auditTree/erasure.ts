/**
 * What stays of a person's events when the salt that ties them to their leaves is deleted: the hash of each
 * event under the new salt, and a signed record over all of these hashes. The leaves stay in the tree, and
 * no one can test a guess against them; the events stay in the log, and a change of one is found.
 */
import { createHash } from 'node:crypto';

/** An event that was in the tree when its person was erased. */
export interface ErasedEvent {
  readonly id: string;
  /** Of the event under the person's new salt, computed like a leaf. */
  readonly hash: Buffer;
}

/** Of all hashes, in the order of the ids. */
export class ErasureDigest {
  readonly #hash = createHash('sha256');
  count = 0;

  add({ id, hash }: ErasedEvent): void {
    this.#hash.update(`${id} ${hash.toString('base64')}\n`);
    this.count += 1;
  }

  finish(): string {
    return this.#hash.digest('base64');
  }
}

export interface Erasure {
  readonly origin: string;
  readonly identityId: string;
  readonly count: number;
  readonly digest: string;
}

const HEAD = 'noegle audit erasure v1';

/** The text that is signed. */
export function composeErasureText({ origin, identityId, count, digest }: Erasure): string {
  return [HEAD, origin, identityId, String(count), digest, ''].join('\n');
}

/** @returns null when it is no erasure */
export function parseErasureText(text: string): Erasure | null {
  const [head, origin = '', identityId = '', count = '', digest = ''] = text.split('\n');
  if (head !== HEAD || !/^\d{1,15}$/.test(count)) return null;
  return { origin, identityId, count: Number(count), digest };
}
