/** A cookie that belongs to one sign-in: it comes with the forms and the pages of that alone. */
import type { Context } from 'koa';

export interface SignInCookie {
  readonly interactionId: string;
  readonly isSecure: boolean;
  readonly value: string;
  /** 0 takes it away. */
  readonly seconds: number;
}

export function setSignInCookie(
  ctx: Context,
  name: string,
  { interactionId, isSecure, value, seconds }: SignInCookie,
): void {
  ctx.cookies.set(nameOf(name, isSecure), value, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: `/login/${interactionId}`,
    maxAge: seconds * 1000,
  });
}

export function readSignInCookie(ctx: Context, name: string, isSecure: boolean): string | undefined {
  return ctx.cookies.get(nameOf(name, isSecure), { signed: false });
}

function nameOf(name: string, isSecure: boolean): string {
  return isSecure ? `__Secure-${name}` : name;
}
