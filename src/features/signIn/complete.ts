/** What a browser keeps of a sign-in that is over: where it was for, how it ended, and whom to remember. */
import { isTwoFactor, kindsOf, type Factors } from '../../domain/signIn/levels.ts';
import type { Identity } from '../../domain/person/person.ts';
import { setSiteCookie } from './over/siteCookie.ts';
import { applyRememberTick } from './remember/rememberCookies.ts';
import type { Submission } from './step.ts';

type Over = Pick<Submission, 'deps' | 'ctx' | 'request'>;

/** This browser has the code. */
export function keepCompletion(
  { deps, ctx, request }: Over,
  { identity, factors }: { readonly identity: Identity; readonly factors: Factors },
): void {
  setSiteCookie(ctx, deps.isSecure, request.id, { clientId: request.clientId, progress: 'signed_in' });
  if (isTwoFactor(kindsOf(factors))) applyRememberTick(deps, ctx, request.id, identity);
}

/** This browser has an error: the person cancelled, or was refused. */
export function keepCancellation({ deps, ctx, request }: Over): void {
  setSiteCookie(ctx, deps.isSecure, request.id, { clientId: request.clientId, progress: 'ended' });
}
