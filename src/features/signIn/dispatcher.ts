/**
 * The dispatcher of a sign-in: it reads the state and shows the next page, and passes a form to its step
 * (routes.ts). Every step returns to it.
 */
import type { Context, Next } from 'koa';
import { isTwoFactor, kindsOf } from '../../domain/signIn/levels.ts';
import { drawSecret } from '../../domain/random.ts';
import type { PendingRequest } from '../../domain/signIn/pendingRequest.ts';
import { drawPageNonce, readSubmittedForm } from './holder/holder.ts';
import { moveHolder } from './holder/moveHolder.ts';
import { showSignIn } from './showSignIn.ts';
import { showCookieOutcome } from './holder/outcomeOfCookie.ts';
import { composeActivateAddress } from '../../ui/addresses.ts';
import { requireField, isSameText, readForm, type PostedForm } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame, redirectWithGet, sendPage } from '../../ui/page.ts';
import { signInPage, type SignInPageShown } from './signInPage.ts';
import { HttpError } from '../../ui/httpError.ts';
import { readHolderCookie } from './holder/holderCookie.ts';
import { refuseRequest, sendOver } from './over/sendOver.ts';
import { setSiteCookie } from './over/siteCookie.ts';
import { isRememberTicked, readRememberedUserId } from './remember/rememberCookies.ts';
import { readLastWay } from './remember/lastWayCookie.ts';
import { respond } from './respond.ts';
import type { ButtonStep, FactorStep, FormStep, SignInDeps, Submission } from './step.ts';
import { readOutcomeCookie } from './holder/signInOutcomeCookie.ts';

/**
 * GET `/auth`: sends the first page instead of the redirect to it. A reload begins another request, which
 * does no harm.
 */
export async function showFirstPage(deps: SignInDeps, ctx: Context, next: Next): Promise<void> {
  await next();
  const request = await deps.interactions.findStarted(ctx);
  if (!request) return;
  const shown = await showSignIn(deps.context, request, null);
  if (shown.page === 'expired') return;
  const pageAt = ctx.response.get('Location');
  ctx.remove('Location');
  ctx.status = 200;
  sendStep(deps, ctx, request, shown, pageAt);
}

/** GET `/login/:uid` */
export async function showNextPage(deps: SignInDeps, ctx: Context): Promise<void> {
  const request = await deps.interactions.find(ctx, readUid(ctx));
  if (!request) return await refuseRequest(deps, ctx, deps.interactions.isNewInteraction(ctx));
  if (followLanguageSwitch(ctx, deps.isSecure)) return;
  const shown = await showSignIn(deps.context, request, readHolderCookie(ctx, deps.isSecure));
  if (shown.page === 'expired') return await sendOver(deps, ctx, shown.isAnswered ? 'ended' : 'timed_out');
  sendStep(deps, ctx, request, showOutcomeOfBrowser(deps, ctx, request, shown));
}

/** GET `/auth/:uid` */
export async function returnToPage({ interactions }: SignInDeps, ctx: Context): Promise<void> {
  const request = await interactions.find(ctx, readUid(ctx));
  if (!request) throw new HttpError(400, 'expired');
  redirectWithGet(ctx, `/login/${request.id}`);
}

/**
 * POST `/login/:uid`: verifies the form's CSRF token and executes its step.
 * @throws HttpError (400, 403)
 */
export function createFormHandler(steps: readonly FormStep[]) {
  return async (deps: SignInDeps, ctx: Context, next: Next): Promise<void> => {
    const form = await readForm(ctx);
    const request = await deps.interactions.find(ctx, readUid(ctx));
    const hasValidCsrf = isSameText(deps.context.keyring.csrfToken(readUid(ctx)), form.get('csrf') ?? '');
    if (!request) return await refuseRequest(deps, ctx, hasValidCsrf);
    if (!form.has('csrf')) throw new HttpError(400, 'bad_form');
    if (!hasValidCsrf) throw new HttpError(403, 'bad_form');
    const nonce = readNonce(deps, form);
    const submission: Submission = {
      deps,
      ctx,
      next,
      request,
      form,
      sent: readSubmittedForm(deps.context, request.id, { nonce, typed: listTypedValues(form) }),
      secret: readHolderCookie(ctx, deps.isSecure),
    };
    const step = findStep(steps, form);
    if ('button' in step) await processButton(step, submission);
    else await processFactor(step, submission);
  };
}

/**
 * A button takes precedence over the form that it is in.
 * @throws HttpError (400) for a form without a step
 */
function findStep(steps: readonly FormStep[], form: PostedForm): FormStep {
  const isForm = (step: FormStep) => step.form === undefined || step.form === form.get('step');
  const pressed = steps.find((step) => 'button' in step && form.has(step.button) && isForm(step));
  // The form of a security key names itself by its answer: a page has it beside the form of another factor.
  const name = pressed ? '' : form.get('credential') ? 'security-key' : readStep(form);
  const found = pressed ?? steps.find((step) => !('button' in step) && step.form === name);
  if (!found) throw new HttpError(400, 'bad_form');
  return found;
}

/**
 * A key of the card and a code are typed into one form: the field that was filled says which step it is.
 * Where none or both are, the button does.
 */
function readStep(form: PostedForm): string {
  const step = requireField(form, 'step');
  if (step !== 'key' && step !== 'code-token') return step;
  const [hasKey, hasCode] = [form.get('key'), form.get('code')].map(Boolean);
  if (hasKey !== hasCode) return hasKey ? 'key' : 'code-token';
  const way = form.get('way') ?? step;
  return way === 'code-token' ? way : 'key';
}

/**
 * Ignores forms of steps that this request does not have: a key when only the password is required, or
 * another person's password when someone is signed in already.
 */
async function processFactor({ factors, handle }: FactorStep, submission: Submission): Promise<void> {
  const { signIn, requiredKinds } = submission.request;
  const given = kindsOf(new Set(factors));
  const isAsked = signIn && (factors.length === 0 || [...given].some((kind) => requiredKinds.has(kind)));
  await respond(submission, isAsked ? await handle(submission) : { next: 'same-page' });
}

/**
 * A form without a factor also renews the holder's secret: an earlier copy of the cookie is no longer valid.
 */
async function processButton(step: ButtonStep, submission: Submission): Promise<void> {
  const { deps, request, sent, secret } = submission;
  const sessionUid = request.stepUp?.sessionUid ?? null;
  const held = await moveHolder(deps.context, request.id, { sent, secret, sessionUid });
  if (held === 'answered') return await respond(submission, { next: 'repeat', holds: false });
  const unheld = await step.handleUnheld?.(submission, held);
  if (unheld) return await respond(submission, unheld);
  if (held === 'foreign' || held === 'over') return await respond(submission, { next: 'same-page' });
  // Without a row, the response creates one, held by this form.
  const heldSubmission = { ...submission, secret: held === 'held' ? sent.secret : null };
  await respond(heldSubmission, await step.handle(heldSubmission));
}

/** A page of the previous version has no nonce: its form is then like no other. */
function readNonce({ context }: SignInDeps, form: PostedForm): string {
  return form.get('form') ?? drawSecret(context.random);
}

function listTypedValues(form: PostedForm): string[] {
  return [...form].filter(([name]) => name !== 'csrf' && name !== 'form').flat();
}

function readUid(ctx: Context): string {
  return String((ctx['params'] as Record<string, string>)['uid']);
}

/** Shows the outcome in the browser's cookie, if no form was recorded in the row. */
function showOutcomeOfBrowser(
  deps: SignInDeps,
  ctx: Context,
  request: PendingRequest,
  shown: SignInPageShown,
): SignInPageShown {
  if (shown.page !== 'password' || (shown.outcome && shown.outcome.kind !== 'begin_again')) return shown;
  const cookieOutcome = readOutcomeCookie(deps, ctx, request.id);
  const step = cookieOutcome ? showCookieOutcome(deps.context, request, cookieOutcome) : shown;
  return step.page === 'password' ? { ...step, webAuthn: shown.webAuthn } : step;
}

/** @param pageAt the address of the page in the other language, if it differs from the requested one */
function sendStep(
  deps: SignInDeps,
  ctx: Context,
  request: PendingRequest,
  shown: SignInPageShown,
  pageAt: string | null = null,
): void {
  const { context, stylesheet, isSecure } = deps;
  const frame = composePageFrame(ctx, stylesheet, { uiLocales: request.uiLocales });
  const remembered = shown.page === 'password' ? readRememberedUserId(deps, ctx) : null;
  setSiteCookie(ctx, isSecure, request.id, { clientId: request.clientId, progress: 'pending' });
  const options = {
    frame: {
      ...frame,
      languageSwitch: pageAt || frame.languageSwitch,
      relyingParty: request.names[frame.language],
      logo: request.logo,
      csrf: context.keyring.csrfToken(request.id),
      formsGoTo: request.formOrigins,
      // Identifies this rendering of the page, so that the same form is recognised when it is sent again.
      form: drawPageNonce(context.random, readHolderCookie(ctx, isSecure)),
    },
    loginHint: request.loginHint,
    purpose: request.purposes[frame.language],
    remembered,
    isRememberTicked: isRememberTicked(deps, ctx, request.id, remembered !== null),
    lastWay: readLastWay(ctx, isSecure),
    passwordAlone: !isTwoFactor(request.requiredKinds),
    waitHours: context.rules.waitHours,
    activateAt: composeActivateAddress(request.id),
  };
  sendPage(ctx, signInPage(options, shown));
}
