/** Reads what a person typed as a code of a device whose seed is opened for it, and not kept. */
import {
  matchCode,
  matchTwoCodes,
  parseCode,
  type CodeMatch,
  type CodeCounter,
  type MatchedCode,
} from '../../domain/factors/codeToken.ts';
import { composeSeedContext } from '../../db/factors/codeTokens.ts';
import type { AppContext } from '../appContext.ts';

/** A device with its sealed seed, of a person or in stock. */
export interface SealedDevice extends CodeCounter {
  readonly id: string;
  readonly seedSealed: Buffer;
}

/** @throws DamagedSeal */
export function openSeed({ keyring }: Pick<AppContext, 'keyring'>, { id, seedSealed }: SealedDevice): Buffer {
  return keyring.openBytes('tokens', seedSealed, composeSeedContext(id));
}

/**
 * What is no code of this device is wrong.
 * @throws DamagedSeal
 */
export function matchTypedCode(
  context: Pick<AppContext, 'keyring' | 'clock'>,
  device: SealedDevice,
  typed: string,
): CodeMatch {
  const code = parseCode(typed, device.digits);
  return code === null
    ? { kind: 'wrong' }
    : matchCode(device, openSeed(context, device), code, context.clock.now());
}

/**
 * @returns null where the codes are not two in a row
 * @throws DamagedSeal
 */
export function matchTwoTypedCodes(
  context: Pick<AppContext, 'keyring' | 'clock'>,
  device: SealedDevice,
  typed: readonly [string, string],
): MatchedCode | null {
  const [first, second] = typed.map((one) => parseCode(one, device.digits));
  if (typeof first !== 'string' || typeof second !== 'string') return null;
  return matchTwoCodes(device, openSeed(context, device), [first, second], context.clock.now());
}
