import type { VNode } from 'preact';
import type { PageName } from '../../ui/pageNames.ts';
import type { Texts } from '../../ui/words/words.da.ts';

type LinkName = keyof Texts['selfService']['overview']['links'];

/** The pages of self-service, in the order of the navigation, each with its path below `/self-service/`. */
export const LINKS: readonly (readonly [link: LinkName, path: string])[] = [
  ['card', 'card'],
  ['codeToken', 'code-token'],
  ['signIn', 'sign-in'],
  ['securityKeys', 'security-keys'],
  ['contact', 'contact'],
  ['publicSites', 'public-sites'],
  ['activity', 'activity'],
  ['access', 'access'],
  ['browsers', 'browsers'],
  ['block', 'block'],
  ['data', 'data'],
  ['close', 'close'],
] as const;

/** The link under which a page is found, where its name is not `self-` and the path. */
const PARENTS: Readonly<Partial<Record<PageName, string>>> = {
  'self-email': 'contact',
  'self-security-key-add': 'security-keys',
  'self-concern': 'activity',
  'self-data-read': 'data',
};

interface SelfServiceNav {
  readonly t: Texts;
  readonly page: PageName;
}

/**
 * The navigation: beside the page where there is room, else in a menu that opens without script. Only one of
 * the two is displayed, and so the other does not exist for screen readers.
 */
export function SelfServiceNav({ t, page }: SelfServiceNav): VNode {
  const words = t.selfService;
  return (
    <>
      <nav class="noegle-self-nav noegle-self-wide" aria-label={words.pages}>
        <PageLinks t={t} page={page} />
      </nav>
      <details class="noegle-self-nav noegle-self-menu">
        <summary>{words.menu}</summary>
        <nav aria-label={words.menu}>
          <PageLinks t={t} page={page} />
        </nav>
      </details>
    </>
  );
}

function PageLinks({ t, page }: SelfServiceNav): VNode {
  const { overview } = t.selfService;
  const here = PARENTS[page] ?? page.replace(/^self-/, '');
  const current = (path: string) => {
    if (path !== here) return undefined;
    return page in PARENTS ? ('true' as const) : ('page' as const);
  };
  return (
    <ul>
      <li>
        <a href="/self-service" aria-current={current('home')}>
          {overview.title}
        </a>
      </li>
      {LINKS.map(([link, path]) => (
        <li key={path}>
          <a href={`/self-service/${path}`} aria-current={current(path)}>
            {overview.links[link].label}
          </a>
        </li>
      ))}
    </ul>
  );
}
