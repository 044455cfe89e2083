/**
 * The pages for requests that never reach the app, by status: with oversized headers, or too slow. They are
 * complete in advance and in every language, because nothing of the request is known.
 */
import { DEFAULT_LANGUAGE, otherLanguages } from '../domain/language/language.ts';
import { TEXTS_BY_LANGUAGE } from '../ui/language.ts';
import { renderPage } from '../ui/layout.tsx';
import { UnreadablePage, type UnreadableKind } from '../ui/pages/plain.page.tsx';
import { PLAIN_POLICY } from '../ui/styles/plain.ts';

const others = otherLanguages(DEFAULT_LANGUAGE).map((language) => TEXTS_BY_LANGUAGE[language]);

const composePage = (kind: UnreadableKind) => ({
  policy: PLAIN_POLICY,
  html: renderPage(UnreadablePage({ kind, texts: [TEXTS_BY_LANGUAGE[DEFAULT_LANGUAGE], ...others] })),
});

export const UNREADABLE_PAGES: Readonly<Record<number, ReturnType<typeof composePage>>> = {
  431: composePage('headersTooLarge'),
  408: composePage('tooSlow'),
};
