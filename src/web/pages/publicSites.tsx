import type { VNode } from 'preact';
import type { PublicSitesBar } from '../../core/publicSites.ts';
import { Page, type Frame, type SignInFrame } from '../layout.tsx';
import { BackForm } from './refused.tsx';

/** The ID works at the bank only, and this is a public site: said only after both factors, or to a session. */
export function PublicSitesPage(props: Frame & SignInFrame & { bar: PublicSitesBar | null }): VNode {
  const words = props.t.publicSites[props.bar ?? 'off'];
  return (
    <Page {...props} page="public-sites" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      <BackForm {...props} />
    </Page>
  );
}
