/**
 * MACs of rows: HMAC-SHA-256 under a key derived from the ring `seal`, whose older keys are kept as long as
 * anything is sealed with them. The MAC names its key, so that keys can be rotated.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { BindingMode, RowMac, BoundRowKind, RowFacts, RowAuthenticator } from '../domain/rowMac.ts';
import type { Keyring } from './keyring.ts';

export class KeyedRowAuthenticator implements RowAuthenticator {
  /** Set once, before anything is read or written. */
  mode: BindingMode;
  readonly #keyring: Keyring;

  constructor(keyring: Keyring, mode: BindingMode) {
    this.#keyring = keyring;
    this.mode = mode;
  }

  make(row: BoundRowKind, facts: RowFacts): Buffer {
    const kid = this.#keyring.currentKid('seal');
    const name = Buffer.from(kid);
    return Buffer.concat([Buffer.of(name.length), name, this.#hmac(kid, row, facts)]);
  }

  isValid(row: BoundRowKind, { facts, mac }: RowMac): boolean {
    const kid = mac && readKid(mac);
    if (!mac || kid === null || !this.#keyring.hasKey('seal', kid)) return false;
    const expected = this.#hmac(kid, row, facts);
    const actual = mac.subarray(1 + kid.length);
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  }

  isCurrent(mac: Buffer): boolean {
    return readKid(mac) === this.#keyring.currentKid('seal');
  }

  #hmac(kid: string, row: BoundRowKind, facts: RowFacts): Buffer {
    return createHmac('sha256', this.#keyring.deriveKey('seal', 'row macs', kid))
      .update(JSON.stringify([row, ...facts]))
      .digest();
  }
}

function readKid(mac: Buffer): string | null {
  const length = mac[0] ?? 0;
  return mac.length > length + 1 ? mac.subarray(1, 1 + length).toString('latin1') : null;
}
