/**
 * The dispatcher of an activation: as at a sign-in, a step does its one deed and comes back with 303, and
 * only this reads the state and shows what is next. Also the terms, which are agreed to on the way.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isFreshProbe, PROBE, probeOf } from '../core/errors/cookieProbe.ts';
import {
  answerForEmail,
  sendFirstEmailCode,
  type EmailAnswer,
} from '../usecases/activation/answerForEmail.ts';
import { chooseCredentials } from '../usecases/activation/chooseCredentials.ts';
import { drawActivation } from '../usecases/activation/activationKey.ts';
import { findRepeated, giveActivationKey } from '../usecases/activation/giveActivationKey.ts';
import {
  giveTemporaryPassword,
  type TemporaryPasswordAnswer,
} from '../usecases/activation/giveTemporaryPassword.ts';
import {
  leaveActivation,
  showActivation,
  type ActivationShown,
} from '../usecases/activation/showActivation.ts';
import type { World } from '../usecases/world.ts';
import {
  isSignIn,
  readActivationCookie,
  setActivationCookie,
  type ActivationCookie,
} from './activationCookie.ts';
import { forgetActivationNote, keepActivationNote, withActivationNote } from './activationNote.ts';
import { activationPageOf, donePageOf, typedActivationPage } from './pages/activate/activation.tsx';
import { sendCookiesNeeded } from './cookiesNeeded.ts';
import type { Feature, WebContext } from './feature.ts';
import { field, isSameText, readForm, type Form } from './forms.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from './page.ts';
import { connectionSignal } from './protocol/connection.ts';
import { ActivateEmailPage } from './pages/activate/email.tsx';
import { TermsPage } from './pages/terms.tsx';
import { keepTyped, Trouble } from './trouble.ts';

/**
 * A form of a later step came when there is nothing to go on with: the page says that it has to begin
 * again.
 */
const OVER = { outcome: { kind: 'over' }, typed: '' } as const;

/** The same address again, this time with the cookie, if the browser keeps it. */
function probed({ clock }: World): string {
  return `/activate?${PROBE}=${probeOf(clock.now())}`;
}

/** Where an ID is taken into use, by way of a sign-in that waits meanwhile. */
export function activateAt(signIn: string): string {
  return `/activate?from=${encodeURIComponent(signIn)}`;
}

export const activate: Feature = { mount: addActivateRoutes };

function addActivateRoutes(router: Router, { world, stylesheet, isSecure }: WebContext): void {
  const notes = { world, isSecure };
  const activationFrame = (ctx: Context, cookie: ActivationCookie) => {
    return { ...frameOf(ctx, stylesheet), csrf: csrfOf(world, cookie) };
  };

  router.get('/terms', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, TermsPage(frameOf(ctx, stylesheet)));
  });

  router.get('/activate', async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const known = readActivationCookie(ctx, isSecure);
    const from = ctx.query['from'];
    if (isSignIn(from)) {
      const content = known ? await keepOrDraw(world, known) : drawActivation(world);
      setActivationCookie(ctx, isSecure, { content, from });
      return seeOther(ctx, probed(world));
    }
    if (!known) {
      if (isFreshProbe(ctx.query[PROBE], world.clock.now()))
        return sendCookiesNeeded(ctx, stylesheet, '/activate');
      setActivationCookie(ctx, isSecure, { content: drawActivation(world), from: null });
      return seeOther(ctx, probed(world));
    }
    if (ctx.query[PROBE] !== undefined) return seeOther(ctx, '/activate');
    const cookie = known;
    setActivationCookie(ctx, isSecure, cookie);
    const frame = activationFrame(ctx, cookie);
    const around = { frame, backTo: backTo(cookie), nonce: drawActivation(world) };
    const shown = await showActivation(world, cookie.content);
    sendPage(ctx, activationPageOf(around, withActivationNote(ctx, notes, cookie.content, shown)));
  });

  router.post('/activate', async (ctx: Context) => {
    const form = await readForm(ctx);
    const known = readActivationCookie(ctx, isSecure);
    if (!known) {
      const content = drawActivation(world);
      setActivationCookie(ctx, isSecure, { content, from: null });
      keepActivationNote(ctx, notes, content, OVER);
      return seeOther(ctx, '/activate');
    }
    const isOurs = isSameText(csrfOf(world, known), form.get('csrf') ?? '');
    if (isOurs) keepTyped(ctx, (why) => typedActivationPage(activationFrame(ctx, known), form, why));
    // The second of two clicks, when the first has brought the cookie further: it is seen where that stands.
    if (await isLate(world, known, form)) return seeOther(ctx, '/activate');
    const cookie = known;
    if (!form.has('csrf')) throw new Trouble(400, 'bad_form');
    if (!isOurs) throw new Trouble(403, 'bad_form');
    if (form.has('again')) {
      await leaveActivation(world, cookie.content);
      setActivationCookie(ctx, isSecure, { ...cookie, content: drawActivation(world) });
      return seeOther(ctx, '/activate');
    }
    if (form.get('step') === 'email') return await takeEmail(ctx, cookie, form);
    const came = await take(world, ctx, cookie, form);
    if (came === 'busy') throw new Trouble(503, 'busy');
    if (came === 'slowed') throw new Trouble(429, 'slowed');
    if (typeof came === 'object' && 'outcome' in came) {
      keepActivationNote(ctx, notes, cookie.content, came);
      return seeOther(ctx, '/activate');
    }
    forgetActivationNote(ctx, notes);
    if (came !== 'judged') setActivationCookie(ctx, isSecure, { ...cookie, content: came.renewed });
    if (form.get('step') === 'choose') await sendFirstEmailCode(world, cookie.content, ctx.ip);
    return seeOther(ctx, '/activate');
  });

  /** What is to be mended is said at once, with what was typed; everything else by the page that follows. */
  const takeEmail = async (ctx: Context, cookie: ActivationCookie, form: Form) => {
    const fault = await answerForEmail(world, cookie.content, emailAnswerIn(form), ctx.ip);
    const shown = fault && (await showActivation(world, cookie.content));
    if (shown?.page !== 'done') return seeOther(ctx, '/activate');
    const frame = { ...activationFrame(ctx, cookie), languageSwitch: null };
    const typed = { code: form.get('code') ?? '', email: form.get('email') ?? '' };
    const { waiting, isFresh } = shown;
    if (waiting) return sendPage(ctx, ActivateEmailPage({ ...frame, waiting, isFresh, fault, typed }));
    if (fault !== 'another_over') return seeOther(ctx, '/activate');
    sendPage(ctx, donePageOf({ frame, backTo: backTo(cookie) }, shown, typed.email));
  };
}

/** The sign-in that led here, as a path. */
function backTo({ from }: ActivationCookie): string | null {
  return from === null ? null : `/login/${from}`;
}

/** Of the two steps that renew the cookie. */
async function isLate(world: World, { content }: ActivationCookie, form: Form): Promise<boolean> {
  const step = form.get('step');
  if (step !== 'start' && step !== 'key') return false;
  const { page } = await showActivation(world, content);
  return page !== 'start' && (step === 'start' || page === 'choose' || page === 'done');
}

/** What is finished is not shown to the next one who comes from a sign-in on this computer. */
async function keepOrDraw(world: World, { content }: ActivationCookie): Promise<string> {
  const { page } = await showActivation(world, content);
  return page === 'done' || page === 'told' || page === 'locked' ? drawActivation(world) : content;
}

/**
 * The deed of the step whose form was sent, if that is where it stands: a form that was sent twice counts
 * once.
 */
async function take(
  world: World,
  ctx: Context,
  cookie: ActivationCookie,
  form: Form,
): Promise<TemporaryPasswordAnswer> {
  const activation = cookie.content;
  const { page } = await showActivation(world, activation);
  const step = stepIn(form);
  if (page !== step) {
    const repeated = step === 'key' ? await findRepeated(world, keyIn(form, activation)) : null;
    if (repeated) return repeated;
    return page === 'start' ? OVER : 'judged';
  }
  switch (step) {
    case 'start':
      return await giveTemporaryPassword(world, {
        activation,
        typedName: field(form, 'userId'),
        password: field(form, 'password'),
        address: ctx.ip,
        signal: connectionSignal(ctx),
      });
    case 'key':
      return await giveActivationKey(world, keyIn(form, activation));
    case 'choose':
      return await chooseCredentials(world, {
        activation,
        userId: field(form, 'userId'),
        password: field(form, 'password'),
        terms: form.has('terms') ? field(form, 'version') : null,
        understood: form.has('understood'),
        language: frameOf(ctx, '').language,
        from: cookie.from,
        address: ctx.ip,
        signal: connectionSignal(ctx),
      });
  }
}

function emailAnswerIn(form: Form): EmailAnswer {
  const what = field(form, 'do');
  switch (what) {
    case 'code':
      return { do: what, code: field(form, 'code') };
    case 'another':
      return { do: what, email: field(form, 'email') };
    case 'again':
    case 'without':
      return { do: what };
    default:
      throw new Trouble(400, 'bad_form');
  }
}

function keyIn(form: Form, activation: string) {
  return {
    activation,
    nonce: form.get('nonce') ?? null,
    cardNumber: field(form, 'cardNumber'),
    keyNumber: field(form, 'keyNumber'),
    key: field(form, 'key'),
  };
}

function stepIn(form: Form): Extract<ActivationShown['page'], 'start' | 'key' | 'choose'> {
  const step = field(form, 'step');
  if (step !== 'start' && step !== 'key' && step !== 'choose') throw new Trouble(400, 'bad_form');
  return step;
}

/** Bound to what the cookie of this browser holds. */
function csrfOf({ keyring }: World, { content }: ActivationCookie): string {
  return keyring.csrfToken(`activation ${content}`);
}
