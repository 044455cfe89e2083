/**
 * Stores the outcome of the first step in a cookie, sealed for the activation: no person is known yet, and
 * anyone may send such forms without end.
 */
import type { Context } from 'koa';
import type { ActivationOutcome } from '../../domain/issuing/activation.ts';
import type { ActivationView } from './showActivation.ts';
import type { AppContext } from '../appContext.ts';
import {
  clearMultiPartCookie,
  readMultiPartCookie,
  setMultiPartCookie,
} from '../../http/multiPartCookies.ts';

export interface ActivationOutcomeCookie {
  /** Null when the person only switched the language. */
  readonly outcome: ActivationOutcome | null;
  /** As the page shows it again. */
  readonly typed: string;
}

interface OutcomeCookieOptions {
  readonly context: AppContext;
  readonly isSecure: boolean;
}

const OUTCOME_SECONDS = 3600;

function composeOutcomeCookie(isSecure: boolean) {
  return { name: 'noegle-activation-note', path: '/activate', seconds: OUTCOME_SECONDS, isSecure };
}

/** @param content of the activation's cookie */
export function setActivationOutcome(
  ctx: Context,
  { context, isSecure }: OutcomeCookieOptions,
  content: string,
  note: ActivationOutcomeCookie,
): void {
  const text = context.keyring
    .seal('records', JSON.stringify(note), composeOutcomeContext(content))
    .toString('base64url');
  setMultiPartCookie(ctx, composeOutcomeCookie(isSecure), text, context.random);
}

export function clearActivationOutcome(ctx: Context, { isSecure }: OutcomeCookieOptions): void {
  clearMultiPartCookie(ctx, composeOutcomeCookie(isSecure));
}

/** Adds the outcome in the browser's cookie to the first step; other steps stay unchanged. */
export function addActivationOutcome(
  ctx: Context,
  options: OutcomeCookieOptions,
  content: string,
  shown: ActivationView,
): ActivationView {
  if (shown.page !== 'start') return shown;
  const note = readActivationOutcome(ctx, options, content);
  return note ? { ...shown, ...note } : shown;
}

function readActivationOutcome(
  ctx: Context,
  { context, isSecure }: OutcomeCookieOptions,
  content: string,
): ActivationOutcomeCookie | null {
  for (const text of readMultiPartCookie(ctx, composeOutcomeCookie(isSecure))) {
    try {
      const json = context.keyring.open(
        'records',
        Buffer.from(text, 'base64url'),
        composeOutcomeContext(content),
      );
      return JSON.parse(json) as ActivationOutcomeCookie;
    } catch {
      // It belongs to another activation, or is forged.
    }
  }
  return null;
}

function composeOutcomeContext(content: string): string {
  return `activation note v1 ${content}`;
}
