/**
 * `/block`: blocks a card or an ID without a sign-in.
 *
 * This feature owns the choice, the form, the counters of its attempts, and one page that states the same to
 * everyone. It leaves the block itself to `identity` (block.ts), the hashing and the known origins to
 * `authentication`, and blocking by a signed-in person or by staff to `selfService` and `desk`.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { checkNameAndPassword, cleanNameForPage } from '../../domain/input/nameAndPassword.ts';
import {
  BLOCK_TARGETS,
  isBlockTarget,
  leavesCard,
  type BlockTarget,
} from '../../domain/factors/heldFactors.ts';
import { blockByPassword } from './blockByPassword.ts';
import { readKnownBrowserCookies } from '../../http/knownBrowserCookies.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { requireField, readForm, type PostedForm } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame, redirectWithGet, sendPage } from '../../ui/page.ts';
import { createConnectionSignal } from '../../http/connection.ts';
import { BlockChoicePage, BlockPage, BlockReceivedPage } from './block.page.tsx';
import { HttpError } from '../../ui/httpError.ts';

export const block: Feature = { mount: addBlockRoutes };

function addBlockRoutes(router: Router, { context, stylesheet, isSecure }: FeatureDeps): void {
  router.get('/block', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, BlockChoicePage(composePageFrame(ctx, stylesheet)));
  });

  for (const what of BLOCK_TARGETS) {
    router.get(`/block/${what}`, (ctx) => {
      if (followLanguageSwitch(ctx, isSecure)) return;
      const blank = { typedName: '', what, error: null, form: context.random.uuid() };
      sendPage(ctx, BlockPage({ ...composePageFrame(ctx, stylesheet), ...blank }));
    });
  }

  for (const path of new Set(BLOCK_TARGETS.map(receivedPath))) {
    const what = BLOCK_TARGETS.find((one) => receivedPath(one) === path) ?? 'card';
    router.get(path, (ctx) => {
      if (followLanguageSwitch(ctx, isSecure)) return;
      sendPage(ctx, BlockReceivedPage({ ...composePageFrame(ctx, stylesheet), what }));
    });
  }

  router.post('/block', async (ctx: Context) => {
    const postedForm = await readForm(ctx);
    const typedName = requireField(postedForm, 'userId');
    const password = requireField(postedForm, 'password');
    const what = readBlockTarget(postedForm);
    const form = postedForm.get('form') ?? null;
    const error = checkNameAndPassword(typedName, password);
    if (error) {
      const frame = { ...composePageFrame(ctx, stylesheet), languageSwitch: null };
      const typed = { typedName: cleanNameForPage(typedName), what, error };
      return sendPage(ctx, BlockPage({ ...frame, ...typed, form: context.random.uuid() }));
    }
    const browsers = readKnownBrowserCookies(ctx, isSecure);
    const request = {
      typedName,
      password,
      what,
      address: ctx.ip,
      browsers,
      form,
      signal: createConnectionSignal(ctx),
    };
    const outcome = await blockByPassword(context, request);
    if (outcome === 'slowed') throw new HttpError(429, 'slowed');
    if (outcome === 'busy') throw new HttpError(503, 'busy');
    return redirectWithGet(ctx, receivedPath(what));
  });
}

/** What follows differs where the card goes on signing in. It says what was chosen, not what was blocked. */
const receivedPath = (what: BlockTarget) =>
  leavesCard(what) ? `/block/received/${what}` : '/block/received';

/**
 * A form without the field is one of a program: the pages always send it.
 * @throws HttpError (400) for another value: the person must not believe that more was blocked than
 *   was
 */
function readBlockTarget(form: PostedForm): BlockTarget {
  const what = form.get('what') ?? 'card';
  if (!isBlockTarget(what)) throw new HttpError(400, 'bad_form');
  return what;
}
