/**
 * The page for a request with oversized headers. It is complete in advance, because nothing of the request is
 * known.
 */
import { DEFAULT_LANGUAGE, otherLanguages } from '../domain/language/language.ts';
import { TEXTS_BY_LANGUAGE } from '../ui/language.ts';
import { renderPage } from '../ui/layout.tsx';
import { HeadersTooLargePage } from '../ui/pages/plain.page.tsx';
import { PLAIN_POLICY } from '../ui/styles/plain.ts';

const others = otherLanguages(DEFAULT_LANGUAGE).map((language) => TEXTS_BY_LANGUAGE[language]);

export const HEADERS_TOO_LARGE = {
  policy: PLAIN_POLICY,
  html: renderPage(HeadersTooLargePage({ texts: [TEXTS_BY_LANGUAGE[DEFAULT_LANGUAGE], ...others] })),
};
