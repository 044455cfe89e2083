/**
 * `/activate/security-key`: for a few minutes after an ID is activated, its person may add a security key or
 * a passkey. It waits like one of self-service: the letters may have been another person's.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { readSecurityKeyName } from '../../domain/factors/securityKey.ts';
import { composeCreation, verifyCreation } from '../securityKeys/index.ts';
import type { FeatureDeps } from '../feature.ts';
import { isGuardianNeeded } from '../guardian/index.ts';
import { isSameText, readForm, requireField } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame, redirectWithGet, sendPage } from '../../ui/page.ts';
import { HttpError } from '../../ui/httpError.ts';
import { readActivationCookie, type ActivationCookie } from './activationCookie.ts';
import { csrfOfActivation } from './activationId.ts';
import { addActivationKey, findActivationKey } from './addActivationKey.ts';
import {
  ACTIVATION_KEY_PATH as PATH,
  ActivateSecurityKeyPage,
  type ActivateSecurityKeyPage as PageProps,
} from './securityKey.page.tsx';
import { showActivation, type ActivationView } from './showActivation.ts';

type DoneActivation = Extract<ActivationView, { page: 'done' }>;

export function addActivationKeyRoutes(router: Router, deps: FeatureDeps): void {
  const { context, securityKeys: settings, stylesheet, isSecure } = deps;

  /** Null when it is not offered here, or no longer. */
  const findDone = async (ctx: Context) => {
    const cookie = readActivationCookie(ctx, isSecure);
    if (!cookie) return null;
    const shown = await showActivation(context, cookie.content);
    return shown.page === 'done' && shown.isFresh && !shown.identity.isBlocked ? { cookie, shown } : null;
  };
  const composeOwner = ({ content }: ActivationCookie, { identity }: DoneActivation) =>
    ({ identityId: identity.id, purpose: 'activation', holder: content }) as const;

  const send = async (
    ctx: Context,
    { cookie, shown }: { readonly cookie: ActivationCookie; readonly shown: DoneActivation },
    outcome: Pick<PageProps, 'typed' | 'nameFault' | 'fault'>,
  ) => {
    const csrf = csrfOfActivation(context, cookie);
    const added = await findActivationKey(context, shown);
    const userName = shown.identity.userId ?? '';
    const needsGuardian = await isGuardianNeeded(context, shown.identity.id);
    const person = { userName, displayName: userName };
    const created = needsGuardian
      ? null
      : await composeCreation(context, settings, composeOwner(cookie, shown), person);
    const creation = created && { options: JSON.stringify(created.options), issued: created.issued };
    const frame = composePageFrame(ctx, stylesheet);
    const isFirst = outcome.fault === null && outcome.nameFault === null;
    const page = { ...frame, languageSwitch: isFirst ? frame.languageSwitch : null, csrf, ...outcome };
    sendPage(ctx, ActivateSecurityKeyPage({ ...page, creation, countsFrom: added?.countsFrom ?? null }));
  };

  router.get(PATH, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const done = await findDone(ctx);
    if (!done) return redirectWithGet(ctx, '/activate');
    await send(ctx, done, { typed: '', nameFault: null, fault: null });
  });

  router.post(PATH, async (ctx: Context) => {
    const form = await readForm(ctx);
    const cookie = readActivationCookie(ctx, isSecure);
    if (!cookie) return redirectWithGet(ctx, '/activate');
    if (!isSameText(csrfOfActivation(context, cookie), requireField(form, 'csrf')))
      throw new HttpError(403, 'bad_form');
    const done = await findDone(ctx);
    if (!done) return redirectWithGet(ctx, '/activate');
    // A page that was open on another day, or a form of none. Judged again when it is added.
    if (await isGuardianNeeded(context, done.shown.identity.id))
      return await send(ctx, done, { typed: '', nameFault: null, fault: null });
    const typed = requireField(form, 'name');
    const answer = { issued: requireField(form, 'issued'), credential: requireField(form, 'credential') };
    const read = readSecurityKeyName(typed);
    if ('why' in read) return await send(ctx, done, { typed, nameFault: read.why, fault: null });
    const owner = composeOwner(cookie, done.shown);
    const verified = await verifyCreation(context, settings, owner, answer);
    const fault =
      'fault' in verified
        ? verified.fault
        : await addActivationKey(context, done.shown, { key: verified.key, name: read.name });
    if (fault) return await send(ctx, done, { typed, nameFault: null, fault });
    redirectWithGet(ctx, PATH);
  });
}
