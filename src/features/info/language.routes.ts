/**
 * Stores a language and returns to where the person was. For pages whose own URL knows no language: errors,
 * and pages of the provider, whose parameters are a relying party's.
 */
import type Router from '@koa/router';
import { isLanguage } from '../../domain/language/language.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { redirectWithGet, setLanguageCookie } from '../../ui/page.ts';

export const languageChoice: Feature = { mount: addLanguageRoute };

function addLanguageRoute(router: Router, { issuer, isSecure }: FeatureDeps): void {
  const { origin } = new URL(issuer);
  router.get('/language', (ctx) => {
    const { language, to } = ctx.query;
    if (isLanguage(language)) setLanguageCookie(ctx, language, isSecure);
    const target = typeof to === 'string' && to.startsWith('/') ? URL.parse(to, origin) : null;
    // `//elsewhere` and `/\elsewhere` name another host; so does the path that is left of `/.//elsewhere`.
    const isHere = target?.origin === origin && !target.pathname.startsWith('//');
    const isElsewhere = !isHere || target.pathname === '/language';
    redirectWithGet(ctx, isElsewhere ? '/' : `${target.pathname}${target.search}`);
  });
}
