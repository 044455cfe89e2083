/**
 * `/new-password`: a person who forgot the password orders a temporary one by a key of the card in use. It
 * comes in a letter to the registered address, and is used as after the desk ordered it (`activation`).
 *
 * This feature owns the two forms, the key that they ask for, the counters of wrong keys, and one page that
 * states the same to everyone. It leaves cards and password letters to `identity`, and the counting by name
 * and network to `authentication`. Both forms answer without a session and without a cookie of their own: the
 * second has in it what was typed in the first.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { checkNameAndPassword, cleanNameForPage } from '../../domain/input/nameAndPassword.ts';
import { isLanguage } from '../../domain/language/language.ts';
import { createConnectionSignal } from '../../http/connection.ts';
import { readForm, requireField, type PostedForm } from '../../http/forms.ts';
import { readKnownBrowserCookies } from '../../http/knownBrowserCookies.ts';
import { readRequestSource } from '../../http/middleware.ts';
import { SWITCH_FIELD } from '../../ui/form.tsx';
import { HttpError, keepTypedForm } from '../../ui/httpError.ts';
import { TEXTS_BY_LANGUAGE } from '../../ui/language.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import {
  composePageFrame,
  followLanguageSwitch,
  redirectWithGet,
  sendPage,
  setLanguageCookie,
} from '../../ui/page.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import {
  NewPasswordKeyPage,
  NewPasswordPage,
  NewPasswordReceivedPage,
  type NameFault,
} from './newPassword.page.tsx';
import { findKeyNumberToShow } from './findKeyNumberToShow.ts';
import { submitNewPasswordKey } from './submitNewPasswordKey.ts';

export const newPassword: Feature = { mount: addNewPasswordRoutes };

const PATH = '/new-password';
const RECEIVED_PATH = '/new-password/received';
const KEY_NUMBER = /^[0-9]{4}$/;

function addNewPasswordRoutes(router: Router, deps: FeatureDeps): void {
  const { stylesheet, isSecure } = deps;

  router.get(PATH, (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, NewPasswordPage(composeNameProps(deps, composePageFrame(ctx, stylesheet), '', null)));
  });

  router.get(RECEIVED_PATH, (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, NewPasswordReceivedPage(composePageFrame(ctx, stylesheet)));
  });

  router.post(PATH, async (ctx) => {
    const form = await readForm(ctx);
    const step = readStep(form);
    const typedName = requireField(form, 'userId');
    const switchTo = form.get(SWITCH_FIELD);
    const frame = composeFormFrame(ctx, deps, switchTo);
    // The password does not matter here; any that is readable has no fault.
    const fault = checkNameAndPassword(typedName, '-') as NameFault | null;
    if (isLanguage(switchTo) && step === 'name')
      return sendPage(ctx, NewPasswordPage(composeNameProps(deps, frame, typedName, null)));
    if (fault) return sendPage(ctx, NewPasswordPage(composeNameProps(deps, frame, typedName, fault)));
    if (step === 'name' || isLanguage(switchTo)) return await showKeyPage(deps, ctx, { frame, typedName });
    return await submitKeyForm(deps, ctx, { frame, typedName, form });
  });
}

/** @throws HttpError (400) */
function readStep(form: PostedForm): 'name' | 'key' {
  const step = form.get('step') ?? 'name';
  if (step !== 'name' && step !== 'key') throw new HttpError(400, 'bad_form');
  return step;
}

function composeNameProps(
  { context }: FeatureDeps,
  frame: PageFrame,
  typedName: string,
  error: NameFault | null,
) {
  return { ...frame, typedName: cleanNameForPage(typedName), error, form: context.random.uuid() };
}

/** The frame of a page that answers a form, in the language that was just chosen, if one was. */
function composeFormFrame(
  ctx: Context,
  { stylesheet, isSecure }: FeatureDeps,
  switchTo: string | undefined,
): PageFrame {
  const frame = composePageFrame(ctx, stylesheet);
  if (!isLanguage(switchTo)) return frame;
  setLanguageCookie(ctx, switchTo, isSecure);
  return { ...frame, language: switchTo, t: TEXTS_BY_LANGUAGE[switchTo] };
}

interface TypedStep {
  readonly frame: PageFrame;
  readonly typedName: string;
}

async function showKeyPage(deps: FeatureDeps, ctx: Context, { frame, typedName }: TypedStep): Promise<void> {
  const { context } = deps;
  keepTypedForm(ctx, (unseen) =>
    NewPasswordPage({ ...composeNameProps(deps, frame, typedName, null), unseen }),
  );
  const submission = { typedName, address: ctx.ip, signal: createConnectionSignal(ctx) };
  const found = await findKeyNumberToShow(context, submission);
  if (typeof found === 'string') throw toRefusal(found);
  const props = { ...frame, ...found, typedName, error: null, form: context.random.uuid() };
  sendPage(ctx, NewPasswordKeyPage(props));
}

async function submitKeyForm(
  { context, isSecure }: FeatureDeps,
  ctx: Context,
  { frame, typedName, form }: TypedStep & { readonly form: PostedForm },
): Promise<void> {
  const keyNumber = requireField(form, 'keyNumber');
  if (!KEY_NUMBER.test(keyNumber)) throw new HttpError(400, 'bad_form');
  const page = { ...frame, typedName, form: context.random.uuid() };
  const key = requireField(form, 'key');
  // The form keeps its own id: sent again it is the same attempt.
  const sentForm = form.get('form') ?? null;
  const sent = { ...page, keyNumber, typedKey: key, error: null, form: sentForm ?? page.form };
  keepTypedForm(ctx, (unseen) => NewPasswordKeyPage({ ...sent, unseen }));
  const result = await submitNewPasswordKey(context, {
    typedName,
    keyNumber,
    key,
    source: readRequestSource(ctx),
    browsers: readKnownBrowserCookies(ctx, isSecure),
    form: sentForm,
    signal: createConnectionSignal(ctx),
  });
  if (result === 'received') return redirectWithGet(ctx, RECEIVED_PATH);
  if (typeof result === 'string') throw toRefusal(result);
  sendPage(ctx, NewPasswordKeyPage({ ...page, ...result }));
}

function toRefusal(why: 'slowed' | 'busy'): HttpError {
  return why === 'slowed' ? new HttpError(429, 'slowed') : new HttpError(503, 'busy');
}
