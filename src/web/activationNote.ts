/**
 * What the first step of an activation has to mention is carried by the browser, sealed for what its cookie
 * holds: nobody is known yet, and anybody may send such forms without end.
 */
import type { Context } from 'koa';
import type { ActivationOutcome } from '../core/issuing/activation.ts';
import type { ActivationShown } from '../usecases/activation/showActivation.ts';
import type { World } from '../usecases/world.ts';
import { forgetCarried, readCarried, setCarried } from './carriedCookies.ts';

export interface ActivationNote {
  readonly outcome: ActivationOutcome;
  /** As the page shows it again. */
  readonly typed: string;
}

interface NoteOptions {
  readonly world: World;
  readonly isSecure: boolean;
}

const SECONDS = 3600;

function cookieOf(isSecure: boolean) {
  return { name: 'noegle-activation-note', path: '/activate', seconds: SECONDS, isSecure };
}

/** @param content of the activation's cookie */
export function keepActivationNote(
  ctx: Context,
  { world, isSecure }: NoteOptions,
  content: string,
  note: ActivationNote,
): void {
  const text = world.keyring.seal('records', JSON.stringify(note), contextOf(content)).toString('base64url');
  setCarried(ctx, cookieOf(isSecure), text, world.dice);
}

export function forgetActivationNote(ctx: Context, { isSecure }: NoteOptions): void {
  forgetCarried(ctx, cookieOf(isSecure));
}

/** The first step with what the browser carries of the form that was sent; any other as it is. */
export function withActivationNote(
  ctx: Context,
  options: NoteOptions,
  content: string,
  shown: ActivationShown,
): ActivationShown {
  if (shown.page !== 'start') return shown;
  const note = read(ctx, options, content);
  return note ? { ...shown, ...note } : shown;
}

function read(ctx: Context, { world, isSecure }: NoteOptions, content: string): ActivationNote | null {
  for (const text of readCarried(ctx, cookieOf(isSecure))) {
    try {
      const json = world.keyring.open('records', Buffer.from(text, 'base64url'), contextOf(content));
      return JSON.parse(json) as ActivationNote;
    } catch {
      // Of another activation, or made up.
    }
  }
  return null;
}

function contextOf(content: string): string {
  return `activation note v1 ${content}`;
}
