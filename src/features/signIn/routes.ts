/**
 * The requests and steps of a sign-in, in their order. Each step executes its form and returns what is left
 * to the dispatcher (dispatcher.ts), which reads the state and shows the next page (domain/signIn/signIn.ts).
 * So a reload, the back button and a double-click are all the same case.
 */
import type Router from '@koa/router';
import type { Context, Next } from 'koa';
import type { Factor } from '../../domain/signIn/levels.ts';
import type { Feature } from '../feature.ts';
import { addAuthorizeRoutes } from './authorize/authorize.routes.ts';
import { admitKnownUnderLoad } from './authorize/overloadGuard.ts';
import { restartWithPassword, signInAsAnotherPerson } from './password/restart.ts';
import { cancelRequest, cancelUnheld } from './cancel.ts';
import { acceptConsent } from './consent/consent.ts';
import { createFormHandler, returnToPage, showFirstPage, showNextPage } from './dispatcher.ts';
import { submitSignInCodeForm } from './signInCode/signInCode.ts';
import { submitKeyForm } from './key/key.ts';
import { skipNewCard, submitNewCardForm } from './newCard/newCard.ts';
import { submitPasswordForm } from './password/password.ts';
import { forgetRememberedUserId, forgetUnheld } from './remember/forget.ts';
import { submitCodeTokenForm } from './codeToken/codeToken.ts';
import { SECURITY_KEY_FACTORS, submitSecurityKeyForm } from './securityKey/securityKey.ts';
import { acceptPublicSites } from './publicSites/publicSites.ts';
import { resumeRequest } from './respond.ts';
import type { FormStep, SignInDeps } from './step.ts';

/** POST `/login/:uid`, form by form: the page that it is on, its name or button, its factors, its handler. */
const STEPS = withEveryFactor([
  { page: 'password', form: 'password', factors: ['password'], handle: submitPasswordForm },
  { page: 'password', button: 'forget', handle: forgetRememberedUserId, handleUnheld: forgetUnheld },
  { page: 'locked', form: 'code', factors: [], handle: submitSignInCodeForm },
  { page: 'refused', button: 'again', handle: restartWithPassword },
  { page: 'key', form: 'key', factors: ['card_key'], handle: submitKeyForm },
  { page: 'key', form: 'code-token', factors: ['code_token'], handle: submitCodeTokenForm },
  { page: 'key', form: 'security-key', factors: SECURITY_KEY_FACTORS, handle: submitSecurityKeyForm },
  { page: 'key', button: 'another', handle: signInAsAnotherPerson },
  { page: 'new-card', form: 'new-card', factors: ['card_key'], handle: submitNewCardForm },
  { page: 'new-card', button: 'skip', handle: skipNewCard },
  { page: 'public-sites', form: 'public-sites', button: 'accept', handle: acceptPublicSites },
  { page: 'consent', form: 'consent', button: 'accept', handle: acceptConsent },
  { page: 'done', button: 'continue', handle: resumeRequest },
  { page: 'every', button: 'cancel', handle: cancelRequest, handleUnheld: cancelUnheld },
]);

type Handler = (deps: SignInDeps, ctx: Context, next: Next) => Promise<void>;

/** The requests, after the posted ones to `/auth` (authorize/authorize.routes.ts). */
const ROUTES: readonly (readonly ['get' | 'post', string, Handler])[] = [
  ['get', '/auth', showFirstPage],
  ['get', '/login/:uid', showNextPage],
  ['post', '/login/:uid', createFormHandler(STEPS)],
  // The provider's own address never responds: only a form ends a sign-in.
  ['get', '/auth/:uid', returnToPage],
];

export const signIn: Feature = { mount: addSignInRoutes };

function addSignInRoutes(router: Router, deps: SignInDeps): void {
  const overloadGuard = admitKnownUnderLoad(deps);
  router.get(['/auth', '/auth/posted/:id'], overloadGuard);
  addAuthorizeRoutes(router, deps);
  // A post that is redirected is guarded as a GET; one that is not redirected is guarded here.
  router.post('/auth', overloadGuard);
  for (const [method, path, handle] of ROUTES) {
    router[method](path, (ctx, next) => handle(deps, ctx, next));
  }
}

type FactorOf<Step> = Step extends { readonly factors: readonly (infer Shown)[] } ? Shown : never;

/** Does not compile while a factor has no form. */
function withEveryFactor<const Steps extends readonly FormStep[]>(
  steps: Exclude<Factor, FactorOf<Steps[number]>> extends never ? Steps : never,
): readonly FormStep[] {
  return steps;
}
