/**
 * A code token: a small device that shows a code, for people without a telephone. HOTP (RFC 4226) shows the
 * next code when its button is pressed; TOTP (RFC 6238) shows one for each time step. `step` is the counter
 * of the one and the time step of the other.
 */
import { timingSafeEqual } from 'node:crypto';
import { HOTP, Secret } from 'otpauth';
import { dropGrouping } from '../input/typedText.ts';

export const CODE_TOKEN_KINDS = ['hotp', 'totp'] as const;
export type CodeTokenKind = (typeof CODE_TOKEN_KINDS)[number];

export const CODE_TOKEN_ALGORITHMS = ['SHA-1', 'SHA-256'] as const;
export type CodeTokenAlgorithm = (typeof CODE_TOKEN_ALGORITHMS)[number];

export const CODE_DIGITS = [6, 8] as const;
export type CodeDigits = (typeof CODE_DIGITS)[number];

/** Seconds. */
export const PERIOD_RANGE = { least: 15, most: 300 } as const;
/** Bytes. RFC 4226, 4, R6 asks for 16 at least; longer than a block of SHA-256 gives nothing. */
export const SEED_RANGE = { least: 16, most: 64 } as const;

/** How a device computes its codes. */
export interface CodeAlgorithm {
  readonly kind: CodeTokenKind;
  readonly digits: CodeDigits;
  readonly algorithm: CodeTokenAlgorithm;
  /** Null for HOTP. */
  readonly periodSeconds: number | null;
}

/** What decides whether a code is accepted. */
export interface CodeCounter extends CodeAlgorithm {
  /** The step of the last accepted code; -1 before the first of a counter that begins with 0. */
  readonly lastStep: number;
  /** Steps by which the device's clock is ahead; 0 for HOTP. */
  readonly driftSteps: number;
}

export const CODE_TOKEN_STATES = [
  'in_stock',
  'ordered',
  'sent',
  'active',
  'blocked',
  'replaced',
  'void',
] as const;
export type CodeTokenState = (typeof CODE_TOKEN_STATES)[number];

/** A code token that a person has, or had. */
export interface CodeToken extends CodeCounter {
  readonly id: string;
  readonly identityId: string;
  readonly serialNumber: string;
  readonly state: CodeTokenState;
  /** Its first code was given, and it counts from then on. Otherwise null. */
  readonly activatesAt: Date | null;
}

/**
 * How long a code token waits that a key of the card activated: a key can be tricked out of a person, who has
 * this time to stop it. At the desk it does not wait.
 */
export const CODE_TOKEN_WAIT_MS = 24 * 60 * 60_000;

/**
 * Steps around the expected one. TOTP: one on each side, for a code that was read before it changed
 * (RFC 6238, 5.2). HOTP: the button was pressed so many times without a sign-in (RFC 4226, 7.4).
 */
const WINDOW = { hotp: { before: 0, after: 10 }, totp: { before: 1, after: 1 } } as const;
const RESYNC_HOTP_STEPS = 100;
const RESYNC_TOTP_SECONDS = 20 * 60;

/** A code that the device shows: its step, and the drift that the device has then. */
export interface MatchedCode {
  readonly step: number;
  readonly driftSteps: number;
}

/**
 * `far`: the code is right at a step that two codes in a row could bring it back to, and is refused.
 * `beyond`: it is right for a device that is followed no further: it has to be exchanged.
 * `spent`: the code of the last accepted step, or of one before it.
 */
export type CodeMatch =
  | { readonly kind: 'right'; readonly code: MatchedCode }
  | { readonly kind: Exclude<CodeMiss, 'spent'> }
  | { readonly kind: 'spent' };
export type CodeMiss = 'wrong' | 'far' | 'beyond' | 'spent';

/** @param at when the code was typed */
export function matchCode(counter: CodeCounter, seed: Buffer, code: string, at: Date): CodeMatch {
  const expected = expectedStep(counter, at);
  const { before, after } = WINDOW[counter.kind];
  const range = farRange(counter, at);
  const near = findSteps(counter, seed, code, { from: expected - before, to: expected + after });
  const fresh = near.filter((step) => step > counter.lastStep);
  const accepted = fresh.find((step) => step >= range.from && step <= range.to);
  if (accepted !== undefined)
    return { kind: 'right', code: { step: accepted, driftSteps: driftAt(counter, accepted, at) } };
  if (isLastCode(counter, seed, code) || near.length > fresh.length) return { kind: 'spent' };
  // Learned by one step at a time, a drift would have no end.
  if (fresh.length > 0) return { kind: 'beyond' };
  const isFar = findSteps(counter, seed, code, range).some((step) => step > counter.lastStep);
  return { kind: isFar ? 'far' : 'wrong' };
}

/**
 * Two codes that follow each other bring back a device whose clock or counter has run away (RFC 4226, 7.4).
 * @returns the second of them; null when they are not two in a row within the range
 */
export function matchTwoCodes(
  counter: CodeCounter,
  seed: Buffer,
  [first, second]: readonly [string, string],
  at: Date,
): MatchedCode | null {
  const { from, to } = farRange(counter, at);
  // A clock is brought back to the second of them, which is within the range too.
  const steps = findSteps(counter, seed, first, { from, to: counter.kind === 'hotp' ? to : to - 1 });
  const step = steps.find(
    (one) => one > counter.lastStep && isSameCode(generateCode(counter, seed, one + 1), second),
  );
  return step === undefined ? null : { step: step + 1, driftSteps: driftAt(counter, step + 1, at) };
}

/** @param step at least 0 */
export function generateCode({ digits, algorithm }: CodeAlgorithm, seed: Buffer, step: number): string {
  const secret = new Secret({ buffer: new Uint8Array(seed).buffer });
  return HOTP.generate({ secret, algorithm: algorithm.replace('-', ''), digits, counter: step });
}

/** The step of a time without drift. @throws Error for HOTP, which has no clock */
export function stepAt({ periodSeconds }: Pick<CodeAlgorithm, 'periodSeconds'>, at: Date): number {
  if (periodSeconds === null) throw new Error('a counter has no time step');
  return Math.floor(at.getTime() / 1_000 / periodSeconds);
}

/** Seconds by which the device's clock is ahead; negative when it is behind. */
export function driftSeconds({ driftSteps, periodSeconds }: CodeCounter): number {
  return driftSteps * (periodSeconds ?? 0);
}

/** A serial number in the form in which two are compared: without spaces and hyphens, in capitals. */
export function foldSerialNumber(serialNumber: string): string {
  return dropGrouping(serialNumber).toUpperCase();
}

/**
 * The digits of a typed code, without spaces and hyphens.
 * @returns null for anything but as many digits as the device shows
 */
export function parseCode(typed: string, digits: CodeDigits): string | null {
  const code = dropGrouping(typed);
  return /^[0-9]+$/.test(code) && code.length === digits ? code : null;
}

function expectedStep(counter: CodeCounter, at: Date): number {
  return counter.kind === 'hotp' ? counter.lastStep + 1 : stepAt(counter, at) + counter.driftSteps;
}

function driftAt(counter: CodeCounter, step: number, at: Date): number {
  return counter.kind === 'hotp' ? 0 : step - stepAt(counter, at);
}

/** Around the clock without the drift that was learned: a device is never followed further away than that. */
function farRange(counter: CodeCounter, at: Date): StepRange {
  const { kind, lastStep, periodSeconds } = counter;
  if (kind === 'hotp' || periodSeconds === null)
    return { from: lastStep + 1, to: lastStep + RESYNC_HOTP_STEPS };
  const steps = Math.floor(RESYNC_TOTP_SECONDS / periodSeconds);
  const now = stepAt(counter, at);
  return { from: now - steps, to: now + steps };
}

interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** All steps are compared, so that the time says nothing of which one matched. */
function findSteps(counter: CodeCounter, seed: Buffer, code: string, { from, to }: StepRange): number[] {
  const steps = Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((step) => step >= 0);
  return steps.filter((step) => isSameCode(generateCode(counter, seed, step), code));
}

function isLastCode(counter: CodeCounter, seed: Buffer, code: string): boolean {
  return counter.lastStep >= 0 && isSameCode(generateCode(counter, seed, counter.lastStep), code);
}

function isSameCode(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
