/**
 * Activating an ID with a temporary password from a letter: `/activate`, and the terms, which are confirmed
 * on the way.
 *
 * This feature owns the three steps (temporary password, key, credentials) and the confirmation of an e-mail
 * address after them. As in a sign-in, a step only executes its form and returns with 303; only the
 * dispatcher here reads the state and shows the next page. It leaves issuing an ID to `issuing`, e-mail
 * addresses to `contact`, the verification of keys to `authentication`, and cards and passwords to
 * `identity`.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { cleanNameForPage } from '../../domain/input/nameAndPassword.ts';
import { isLanguage } from '../../domain/language/language.ts';
import { isFreshProbe, PROBE_PARAMETER, makeProbe } from '../../domain/errors/cookieProbe.ts';
import { submitActivationEmail, sendFirstEmailCode, type EmailSubmission } from './submitActivationEmail.ts';
import { chooseCredentials, keepChosenUserId } from './chooseCredentials.ts';
import { csrfOfActivation, drawActivationId } from './activationId.ts';
import { findRepeatedSubmission, submitActivationKey } from './submitActivationKey.ts';
import { submitTemporaryPassword, type TemporaryPasswordResult } from './submitTemporaryPassword.ts';
import { abandonActivation, showActivation, type ActivationView } from './showActivation.ts';
import type { AppContext } from '../appContext.ts';
import {
  isInteractionId,
  readActivationCookie,
  setActivationCookie,
  type ActivationCookie,
} from './activationCookie.ts';
import {
  clearActivationOutcome,
  setActivationOutcome,
  addActivationOutcome,
} from './activationOutcomeCookie.ts';
import { activationPageOf, donePageOf, typedActivationPage } from './activation.page.tsx';
import { sendCookiesNeeded } from '../../http/cookiesNeeded.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { keepActivatedName } from '../signIn/index.ts';
import { requireField, isSameText, readForm, type PostedForm } from '../../http/forms.ts';
import { SWITCH_FIELD } from '../../ui/form.tsx';
import {
  followLanguageSwitch,
  composePageFrame,
  redirectWithGet,
  sendPage,
  setLanguageCookie,
} from '../../ui/page.ts';
import { createConnectionSignal } from '../../http/connection.ts';
import { addActivationKeyRoutes } from './securityKey.routes.ts';
import { ActivateEmailPage } from './email.page.tsx';
import { TermsPage } from '../../ui/terms.tsx';
import { keepTypedForm, HttpError } from '../../ui/httpError.ts';

/**
 * The outcome when a form of a later step arrives and there is no activation: the page states that it has to
 * begin again.
 */
const EXPIRED_PATH = { outcome: { kind: 'over' }, typed: '' } as const;

/**
 * The same address again, with a probe: on that request the cookie is there, if the browser accepts cookies.
 */
function composeProbedAddress({ clock }: AppContext): string {
  return `/activate?${PROBE_PARAMETER}=${makeProbe(clock.now())}`;
}

export const activate: Feature = { mount: addActivateRoutes };

function addActivateRoutes(router: Router, deps: FeatureDeps): void {
  const { context, stylesheet, isSecure } = deps;
  addActivationKeyRoutes(router, deps);
  const outcomeOptions = { context, isSecure };
  const activationFrame = (ctx: Context, cookie: ActivationCookie) => {
    return { ...composePageFrame(ctx, stylesheet), csrf: csrfOfActivation(context, cookie) };
  };

  router.get('/terms', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, TermsPage(composePageFrame(ctx, stylesheet)));
  });

  router.get('/activate', async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const known = readActivationCookie(ctx, isSecure);
    const from = ctx.query['from'];
    if (isInteractionId(from)) {
      const content = known ? await reuseOrDrawActivation(context, known) : drawActivationId(context);
      setActivationCookie(ctx, isSecure, { content, from });
      return redirectWithGet(ctx, composeProbedAddress(context));
    }
    if (!known) {
      if (isFreshProbe(ctx.query[PROBE_PARAMETER], context.clock.now()))
        return sendCookiesNeeded(ctx, stylesheet, '/activate');
      setActivationCookie(ctx, isSecure, { content: drawActivationId(context), from: null });
      return redirectWithGet(ctx, composeProbedAddress(context));
    }
    if (ctx.query[PROBE_PARAMETER] !== undefined) return redirectWithGet(ctx, '/activate');
    const cookie = known;
    setActivationCookie(ctx, isSecure, cookie);
    const frame = activationFrame(ctx, cookie);
    const props = { frame, backTo: composeBackAddress(cookie), nonce: drawActivationId(context) };
    const shown = await showActivation(context, cookie.content);
    sendPage(ctx, activationPageOf(props, addActivationOutcome(ctx, outcomeOptions, cookie.content, shown)));
  });

  router.post('/activate', async (ctx: Context) => {
    const form = await readForm(ctx);
    const known = readActivationCookie(ctx, isSecure);
    if (!known) {
      const content = drawActivationId(context);
      setActivationCookie(ctx, isSecure, { content, from: null });
      setActivationOutcome(ctx, outcomeOptions, content, EXPIRED_PATH);
      return redirectWithGet(ctx, '/activate');
    }
    const hasValidCsrf = isSameText(csrfOfActivation(context, known), form.get('csrf') ?? '');
    if (hasValidCsrf)
      keepTypedForm(ctx, (why) => typedActivationPage(activationFrame(ctx, known), form, why));
    // The second of two clicks: the first has renewed the cookie, and the page shows where that activation
    // is.
    if (await isActivationLate(context, known, form)) return redirectWithGet(ctx, '/activate');
    const cookie = known;
    if (!form.has('csrf')) throw new HttpError(400, 'bad_form');
    if (!hasValidCsrf) throw new HttpError(403, 'bad_form');
    const language = form.get(SWITCH_FIELD);
    if (isLanguage(language)) {
      setLanguageCookie(ctx, language, isSecure);
      await keepTypedName(ctx, cookie, form);
      return redirectWithGet(ctx, '/activate');
    }
    if (form.has('again')) {
      await abandonActivation(context, cookie.content);
      setActivationCookie(ctx, isSecure, { ...cookie, content: drawActivationId(context) });
      return redirectWithGet(ctx, '/activate');
    }
    if (form.get('step') === 'email') return await submitEmailForm(ctx, cookie, form);
    const outcome = await submitActivationStep(context, ctx, cookie, form);
    if (outcome === 'busy') throw new HttpError(503, 'busy');
    if (outcome === 'slowed') throw new HttpError(429, 'slowed');
    if (typeof outcome === 'object' && 'outcome' in outcome) {
      setActivationOutcome(ctx, outcomeOptions, cookie.content, outcome);
      return redirectWithGet(ctx, '/activate');
    }
    clearActivationOutcome(ctx, outcomeOptions);
    if (outcome !== 'processed') setActivationCookie(ctx, isSecure, { ...cookie, content: outcome.renewed });
    if (form.get('step') === 'choose') {
      await sendFirstEmailCode(context, cookie.content, ctx.ip);
      await fillInSignIn(ctx, cookie);
    }
    return redirectWithGet(ctx, '/activate');
  });

  /** Another language is no reason to type a name again; a password is never kept. */
  const keepTypedName = async (ctx: Context, { content }: ActivationCookie, form: PostedForm) => {
    const typed = form.get('userId') ?? '';
    if (typed === '') return;
    if (form.get('step') === 'choose') return await keepChosenUserId(context, content, typed);
    const note = { outcome: null, typed: cleanNameForPage(typed) };
    setActivationOutcome(ctx, outcomeOptions, content, note);
  };

  /** The sign-in that led here has the chosen name in its field. */
  const fillInSignIn = async (ctx: Context, { content, from }: ActivationCookie) => {
    if (from === null) return;
    const shown = await showActivation(context, content);
    if (shown.page !== 'done') return;
    const { userId, idNumber } = shown.identity;
    keepActivatedName({ context, isSecure }, ctx, from, userId ?? idNumber);
  };

  /**
   * Shows faults immediately, with what was typed. Every other outcome is shown by the page after the
   * redirect.
   */
  const submitEmailForm = async (ctx: Context, cookie: ActivationCookie, form: PostedForm) => {
    const fault = await submitActivationEmail(context, cookie.content, readEmailSubmission(form), ctx.ip);
    const shown = fault && (await showActivation(context, cookie.content));
    if (shown?.page !== 'done') return redirectWithGet(ctx, '/activate');
    const frame = { ...activationFrame(ctx, cookie), languageSwitch: null };
    const typed = { code: form.get('code') ?? '', email: form.get('email') ?? '' };
    const { waiting, isFresh } = shown;
    const backTo = composeBackAddress(cookie);
    if (waiting)
      return sendPage(ctx, ActivateEmailPage({ ...frame, waiting, isFresh, fault, backTo, typed }));
    if (fault !== 'another_over') return redirectWithGet(ctx, '/activate');
    sendPage(ctx, donePageOf({ frame, backTo }, shown, typed.email));
  };
}

/** Returns the path of the sign-in that led here. */
function composeBackAddress({ from }: ActivationCookie): string | null {
  return from === null ? null : `/login/${from}`;
}

/** Checks whether a form belongs to a step that is done; only the two steps that renew the cookie. */
async function isActivationLate(
  context: AppContext,
  { content }: ActivationCookie,
  form: PostedForm,
): Promise<boolean> {
  const step = form.get('step');
  if (step !== 'start' && step !== 'key') return false;
  const { page } = await showActivation(context, content);
  return page !== 'start' && (step === 'start' || page === 'choose' || page === 'done');
}

/** A finished activation is not shown to the next person who arrives from a sign-in on this computer. */
async function reuseOrDrawActivation(context: AppContext, { content }: ActivationCookie): Promise<string> {
  const { page } = await showActivation(context, content);
  return page === 'done' || page === 'told' || page === 'locked' ? drawActivationId(context) : content;
}

/** Executes the submitted step if the activation is at that step: a form that was sent twice counts once. */
async function submitActivationStep(
  context: AppContext,
  ctx: Context,
  cookie: ActivationCookie,
  form: PostedForm,
): Promise<TemporaryPasswordResult> {
  const activation = cookie.content;
  const { page } = await showActivation(context, activation);
  const step = readActivationStep(form);
  if (page !== step) {
    const repeated =
      step === 'key' ? await findRepeatedSubmission(context, readActivationKey(form, activation)) : null;
    if (repeated) return repeated;
    return page === 'start' ? EXPIRED_PATH : 'processed';
  }
  switch (step) {
    case 'start':
      return await submitTemporaryPassword(context, {
        activation,
        typedName: requireField(form, 'userId'),
        password: requireField(form, 'password'),
        address: ctx.ip,
        signal: createConnectionSignal(ctx),
      });
    case 'key':
      return await submitActivationKey(context, readActivationKey(form, activation));
    case 'choose':
      return await chooseCredentials(context, {
        activation,
        userId: requireField(form, 'userId'),
        password: requireField(form, 'password'),
        terms: form.has('terms') ? requireField(form, 'version') : null,
        understood: form.has('understood'),
        language: composePageFrame(ctx, '').language,
        from: cookie.from,
        address: ctx.ip,
        signal: createConnectionSignal(ctx),
      });
  }
}

function readEmailSubmission(form: PostedForm): EmailSubmission {
  const what = requireField(form, 'do');
  switch (what) {
    case 'code':
      return { do: what, code: requireField(form, 'code') };
    case 'another':
      return { do: what, email: requireField(form, 'email') };
    case 'again':
    case 'without':
      return { do: what };
    default:
      throw new HttpError(400, 'bad_form');
  }
}

function readActivationKey(form: PostedForm, activation: string) {
  return {
    activation,
    nonce: form.get('nonce') ?? null,
    cardNumber: requireField(form, 'cardNumber'),
    keyNumber: requireField(form, 'keyNumber'),
    key: requireField(form, 'key'),
  };
}

function readActivationStep(form: PostedForm): Extract<ActivationView['page'], 'start' | 'key' | 'choose'> {
  const step = requireField(form, 'step');
  if (step !== 'start' && step !== 'key' && step !== 'choose') throw new HttpError(400, 'bad_form');
  return step;
}
