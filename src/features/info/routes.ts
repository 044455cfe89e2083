/**
 * Public information, for which no one is signed in: the start page, the services, help, privacy, the
 * accessibility statement, and the addresses that programs know in advance (wellKnown.routes.ts). This
 * feature owns these pages and their texts. It leaves the registrations behind the list of services to
 * features/relyingParties and db/oidc, and the texts of help to src/ui.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { readLine } from '../../domain/input/typedText.ts';
import { findServices } from '../../domain/relyingParty/services.ts';
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
import { PrivacyPage } from './privacy.page.tsx';
import { ServicesPage } from './services.page.tsx';
import { StartPage } from './start.page.tsx';
import { HttpError } from '../../ui/httpError.ts';

/** Characters of a query beyond this number are ignored. */
const MAX_QUERY_LENGTH = 100;

export const info: Feature = { mount: addInfoRoutes };

function addInfoRoutes(router: Router, { context, stylesheet, isSecure, demo }: FeatureDeps): void {
  const addPage = (path: string, page: (frame: PageFrame, ctx: Context) => VNode | Promise<VNode>) => {
    router.get(path, async (ctx) => {
      if (followLanguageSwitch(ctx, isSecure)) return;
      sendPage(ctx, await page(composePageFrame(ctx, stylesheet), ctx));
    });
  };

  addPage('/', (frame) => StartPage({ ...frame, playground: demo ? '/developers' : null }));
  addPage('/help', HelpPage);
  addPage('/accessibility', AccessibilityPage);
  addPage('/privacy', PrivacyPage);

  addPage('/help/:topic', (frame, ctx) => {
    const topic = HELP_TOPICS.find((one) => ctx.path === `/help/${one}`);
    if (!topic) throw new HttpError(404, 'not_found');
    return HelpTopicPage({ ...frame, topic });
  });

  /** The whole list in each language and with the status line: the longest page, and the same for all. */
  let last: { readonly services: ServiceListSnapshot; readonly whole: Map<string, string> } | null = null;

  router.get('/services', async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const { q } = ctx.query;
    const query = typeof q === 'string' ? readLine(q.slice(0, MAX_QUERY_LENGTH)).trim() : '';
    if (query === '' && q !== undefined) return redirectWithGet(ctx, '/services');
    const before = last;
    const services = await readServiceDirectory(context, before?.services ?? null);
    // Rendered pages belong to the list that they were made of, regardless of the order in which requests
    // finish.
    const current = before?.services === services ? before : { services, whole: new Map<string, string>() };
    last = current;
    const frame = composePageFrame(ctx, stylesheet);
    const found = findServices(services.directory, query, frame.language);
    const render = () => renderPage(ServicesPage({ ...frame, services: found, query }));
    if (query !== '') return sendRendered(ctx, render());
    const key = `${frame.language} ${frame.statusLine ?? ''}`;
    const html = current.whole.get(key) ?? render();
    current.whole.set(key, html);
    sendRendered(ctx, html);
  });
}
