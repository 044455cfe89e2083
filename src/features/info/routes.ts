/** What everybody may read: the start page, services, help, and how accessible all of it is. Nobody is signed in here. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { readLine } from '../../domain/input/typedText.ts';
import { findServices } from '../../domain/relyingParty/services.ts';
import type { Language } from '../../domain/person/person.ts';
import { readServiceDirectory, type ServiceListSnapshot } from './readServices.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { renderPage, type PageFrame } from '../../ui/layout.tsx';
import {
  followLanguageSwitch,
  composePageFrame,
  redirectWithGet,
  sendPage,
  sendRendered,
} from '../../ui/page.ts';
import { AccessibilityPage } from './accessibility.page.tsx';
import { HELP_TOPICS, HelpPage, HelpTopicPage } from '../../ui/help.tsx';
import { ServicesPage } from './services.page.tsx';
import { StartPage } from './start.page.tsx';
import { HttpError } from '../../ui/httpError.ts';

/** More of what was typed is not looked for. */
const MAX_QUERY_LENGTH = 100;

export const info: Feature = { mount: addInfoRoutes };

function addInfoRoutes(router: Router, { context, stylesheet, isSecure }: FeatureDeps): void {
  const addPage = (path: string, page: (frame: PageFrame, ctx: Context) => VNode | Promise<VNode>) => {
    router.get(path, async (ctx) => {
      if (followLanguageSwitch(ctx, isSecure)) return;
      sendPage(ctx, await page(composePageFrame(ctx, stylesheet), ctx));
    });
  };

  addPage('/', StartPage);
  addPage('/help', HelpPage);
  addPage('/accessibility', AccessibilityPage);

  addPage('/help/:topic', (frame, ctx) => {
    const topic = HELP_TOPICS.find((one) => ctx.path === `/help/${one}`);
    if (!topic) throw new HttpError(404, 'not_found');
    return HelpTopicPage({ ...frame, topic });
  });

  /** With the whole list as it is shown in a language: the longest page of all, and the same for everybody. */
  let last: { readonly services: ServiceListSnapshot; readonly whole: Map<Language, string> } | null = null;

  router.get('/services', async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const { q } = ctx.query;
    const asked = typeof q === 'string' ? readLine(q.slice(0, MAX_QUERY_LENGTH)).trim() : '';
    if (asked === '' && q !== undefined) return redirectWithGet(ctx, '/services');
    const before = last;
    const services = await readServiceDirectory(context, before?.services ?? null);
    // Pages belong to the list that they were made of, whichever request comes back first.
    const current = before?.services === services ? before : { services, whole: new Map<Language, string>() };
    last = current;
    const frame = composePageFrame(ctx, stylesheet);
    const found = findServices(services.directory, asked, frame.language);
    const render = () => renderPage(ServicesPage({ ...frame, services: found, asked }));
    if (asked !== '') return sendRendered(ctx, render());
    const html = current.whole.get(frame.language) ?? render();
    current.whole.set(frame.language, html);
    sendRendered(ctx, html);
  });
}
