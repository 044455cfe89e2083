/**
 * `/self-service/security-keys`: the person's security keys and passkeys, with forms to rename and remove
 * them, and the page that adds one. A new one takes a key of the card for that alone; removing one takes
 * none, and ends all other sessions.
 */
import type { Context } from 'koa';
import type Router from '@koa/router';
import {
  MAX_SECURITY_KEYS,
  packSecurityKey,
  readSecurityKeyName,
} from '../../../domain/factors/securityKey.ts';
import {
  composeCreation,
  readSecurityKeys,
  renameSecurityKeyOf,
  verifyCreation,
} from '../../securityKeys/index.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { isGuardianNeeded } from '../../guardian/index.ts';
import { requireField } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { HttpError } from '../../../ui/httpError.ts';
import { isUuid } from '../../../domain/input/uuid.ts';
import { redirectToConfirmation } from '../confirm/routes.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';
import { removeSecurityKey } from './removeSecurityKey.ts';
import {
  SECURITY_KEYS_PATH as PATH,
  SelfSecurityKeyAddPage,
  SelfSecurityKeysPage,
  type SelfSecurityKeysPage as SelfSecurityKeysProps,
  type SelfSecurityKeyAddPage as SelfSecurityKeyAddProps,
} from './securityKeys.page.tsx';

export function addSecurityKeyRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site, securityKeys: settings } = selfService;

  const sendList = async (
    ctx: Context,
    user: FirstPartyUser,
    { done = null, renaming = null }: Partial<Pick<SelfSecurityKeysProps, 'done' | 'renaming'>>,
  ) => {
    const keys = await readSecurityKeys(context, user.identityId);
    const needsGuardian = await isGuardianNeeded(context, user.identityId);
    const frame = composeSelfServiceFrame(selfService, ctx, user);
    const now = context.clock.now();
    sendPage(ctx, SelfSecurityKeysPage({ ...frame, keys, needsGuardian, now, done, renaming }));
  };
  const sendAdd = async (
    ctx: Context,
    user: FirstPartyUser,
    shown: Pick<SelfSecurityKeyAddProps, 'typed' | 'nameFault' | 'fault'>,
  ) => {
    const person = { userName: user.name, displayName: user.name };
    const { options, issued } = await composeCreation(context, settings, composeOwner(user), person);
    const frame = composeSelfServiceFrame(selfService, ctx, user);
    const creation = { options: JSON.stringify(options), issued };
    const isFirst = shown.fault === null && shown.nameFault === null;
    const languageSwitch = isFirst ? frame.languageSwitch : null;
    sendPage(ctx, SelfSecurityKeyAddPage({ ...frame, languageSwitch, creation, ...shown }));
  };

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const { done } = ctx.query;
      const isDone = done === 'removed' || done === 'stopped' || done === 'renamed';
      await sendList(ctx, user, { done: isDone ? done : null });
    }),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      const id = requireField(form, 'key');
      if (!isUuid(id)) throw new HttpError(400, 'bad_form');
      switch (requireField(form, 'do')) {
        case 'rename': {
          const typed = requireField(form, 'name');
          const read = readSecurityKeyName(typed);
          if ('why' in read) return await sendList(ctx, user, { renaming: { id, typed, fault: read.why } });
          const outcome = await renameSecurityKeyOf(context, user.identityId, { id, name: read.name });
          return redirectWithGet(ctx, outcome === 'renamed' ? `${PATH}?done=renamed` : PATH);
        }
        case 'remove': {
          // Sent twice, or too late: the page that follows shows the present state.
          const ended = await removeSecurityKey(context, user, id);
          return redirectWithGet(ctx, ended === null ? PATH : `${PATH}?done=${ended}`);
        }
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );

  router.get(
    `${PATH}/add`,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      if (await isGuardianNeeded(context, user.identityId)) return redirectWithGet(ctx, PATH);
      await sendAdd(ctx, user, { typed: '', nameFault: null, fault: null });
    }),
  );

  router.post(
    `${PATH}/add`,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      // The list says why, and what to do. Judged again when it is added.
      if (await isGuardianNeeded(context, user.identityId)) return redirectWithGet(ctx, PATH);
      const typed = requireField(form, 'name');
      const answer = { issued: requireField(form, 'issued'), credential: requireField(form, 'credential') };
      const read = readSecurityKeyName(typed);
      if ('why' in read) return await sendAdd(ctx, user, { typed, nameFault: read.why, fault: null });
      const verified = await verifyCreation(context, settings, composeOwner(user), answer);
      if ('fault' in verified)
        return await sendAdd(ctx, user, { typed, nameFault: null, fault: verified.fault });
      // Judged again when it is added; here before a key of the card is asked for.
      const existing = await readSecurityKeys(context, user.identityId);
      if (existing.length >= MAX_SECURITY_KEYS)
        return await sendAdd(ctx, user, { typed, nameFault: null, fault: 'too_many' });
      await redirectToConfirmation(selfService, ctx, user, {
        kind: 'add_security_key',
        ...packSecurityKey(verified.key),
        name: read.name,
      });
    }),
  );
}

/** A challenge serves one session of one person. */
function composeOwner({ identityId, session }: FirstPartyUser) {
  return { identityId, purpose: 'self_service', holder: session.toString('base64url') } as const;
}
