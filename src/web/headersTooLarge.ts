/** The answer to a request whose headers were too much to read: whole, for nothing of the request is known. */
import { TEXTS } from './language.ts';
import { renderPage } from './layout.tsx';
import { HeadersTooLargePage } from './pages/plain.tsx';
import { PLAIN_POLICY } from './styles/plain.ts';

export const HEADERS_TOO_LARGE = {
  policy: PLAIN_POLICY,
  html: renderPage(HeadersTooLargePage({ texts: [TEXTS.da, TEXTS.en] })),
};
