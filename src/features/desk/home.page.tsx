import type { VNode } from 'preact';
import type { Texts } from '../../ui/words/words.da.ts';
import { DeskPage, type DeskFrame } from './deskFrame.page.tsx';

export interface DeskHomePage extends DeskFrame {
  readonly links: readonly {
    readonly href: string;
    readonly words: (t: Texts) => { readonly label: string; readonly what: string };
  }[];
}

/** The first page after the sign-in: what this role may do. */
export function DeskHomePage(props: DeskHomePage): VNode {
  const { t, links } = props;
  return (
    <DeskPage {...props} page="desk-home" title={t.desk.title}>
      <h1>{t.desk.title}</h1>
      {links.length === 0 ? <p>{t.desk.nothing}</p> : null}
      <ul class="noegle-links">
        {links.map(({ href, words }) => (
          <li key={href}>
            <a href={href}>{words(t).label}</a>
            <span>{words(t).what}</span>
          </li>
        ))}
      </ul>
    </DeskPage>
  );
}
