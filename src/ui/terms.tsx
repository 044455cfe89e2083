import type { VNode } from 'preact';
import { TERMS_VERSION } from '../domain/issuing/terms.ts';
import { AppointmentNote } from './borgerservice.tsx';
import { Page, type PageFrame } from './layout.tsx';

/** The terms of use, in full, as people accept them. */
export function TermsPage(props: PageFrame): VNode {
  const words = props.t.terms;
  return (
    <Page {...props} page="terms" title={words.title}>
      <h1>{words.title}</h1>
      <p class="noegle-step">{words.version(TERMS_VERSION)}</p>
      <p>{words.intro}</p>
      {words.sections.map(({ heading, points }, i) => (
        <section key={heading}>
          <h2>{`${i + 1}. ${heading}`}</h2>
          <ul class="noegle-list">
            {points.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
        </section>
      ))}
      <p>
        <a href="/privacy">{words.privacy}</a>
      </p>
      <AppointmentNote {...props} />
      <p class="noegle-screen">{words.print}</p>
    </Page>
  );
}
