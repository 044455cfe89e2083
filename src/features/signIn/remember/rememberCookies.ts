/**
 * The cookies of a remembered user ID (rememberedUserId.ts), and of the tick until the sign-in is complete.
 * Both have the prefix `__Host-`, so that no other host can fill the page in, or have a person remembered who
 * did not ask for it.
 */
import type { Context } from 'koa';
import type { Identity } from '../../../domain/person/person.ts';
import type { SignInDeps } from '../step.ts';
import { openUserId, sealUserId, type RememberedUserId } from './rememberedUserId.ts';

const YEAR_SECONDS = 365 * 24 * 3600;
/** As long as a sign-in lasts after its last step. */
const TICK_SECONDS = 3600;
const NOT_TICKED = '.off';

type RememberDeps = Pick<SignInDeps, 'context' | 'isSecure'>;

/** Reads the remembered user ID. A cookie that does not open is removed. */
export function readRememberedUserId(deps: RememberDeps, ctx: Context): string | null {
  return readRemembered(deps, ctx)?.userId ?? null;
}

function readRemembered(deps: RememberDeps, ctx: Context): RememberedUserId | null {
  const sealed = readCookie(deps, ctx, 'user');
  if (sealed === null) return null;
  const remembered = openUserId(deps.context.keyring, sealed);
  if (remembered === null) setCookie(deps, ctx, 'user', null);
  return remembered;
}

/** Whether the box is ticked: as it was last sent in this sign-in, or as it took effect in an earlier one. */
export function isRememberTicked(
  deps: RememberDeps,
  ctx: Context,
  interactionId: string,
  isRemembered: boolean,
): boolean {
  const tick = readCookie(deps, ctx, 'remember');
  if (tick === interactionId) return true;
  return tick === interactionId + NOT_TICKED ? false : isRemembered;
}

/** Keeps the choice of a password form until the sign-in is complete. It does not depend on the name. */
export function keepRememberTick(
  deps: RememberDeps,
  ctx: Context,
  interactionId: string,
  isTicked: boolean,
): void {
  const has = (name: CookieName) => readCookie(deps, ctx, name) !== null;
  if (isTicked) setCookie(deps, ctx, 'remember', interactionId);
  else if (has('user') || has('remember')) setCookie(deps, ctx, 'remember', interactionId + NOT_TICKED);
}

/**
 * The sign-in is complete: the choice takes effect for the person who proved to be there. Where another
 * person is remembered, the box was ticked for that one: the name stays, and "Not you?" is the way to
 * another.
 */
export function applyRememberTick(
  deps: RememberDeps,
  ctx: Context,
  interactionId: string,
  { id: identityId, userId, idNumber }: Pick<Identity, 'id' | 'userId' | 'idNumber'>,
): void {
  const tick = readCookie(deps, ctx, 'remember');
  if (tick === interactionId) {
    const remembered = readRemembered(deps, ctx);
    if (remembered === null || remembered.identityId === identityId) {
      const own = { userId: userId ?? idNumber, identityId };
      setCookie(deps, ctx, 'user', sealUserId(deps.context.keyring, own));
    }
  } else if (tick === interactionId + NOT_TICKED) setCookie(deps, ctx, 'user', null);
  if (tick !== null) setCookie(deps, ctx, 'remember', null);
}

export function forgetUserId(deps: RememberDeps, ctx: Context): void {
  setCookie(deps, ctx, 'user', null);
  setCookie(deps, ctx, 'remember', null);
}

type CookieName = 'user' | 'remember';

function readCookie({ isSecure }: RememberDeps, ctx: Context, name: CookieName): string | null {
  return ctx.cookies.get(composeCookieName(isSecure, name), { signed: false }) ?? null;
}

function setCookie({ isSecure }: RememberDeps, ctx: Context, name: CookieName, value: string | null): void {
  ctx.cookies.set(composeCookieName(isSecure, name), value, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: '/',
    ...(value === null ? {} : { maxAge: (name === 'user' ? YEAR_SECONDS : TICK_SECONDS) * 1000 }),
  });
}

function composeCookieName(isSecure: boolean, name: CookieName): string {
  return `${isSecure ? '__Host-' : ''}noegle-${name}`;
}
