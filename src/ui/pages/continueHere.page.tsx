import type { VNode } from 'preact';
import type { FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import { Page, type PageFrame } from '../layout.tsx';
import { Actions, SubmitButton } from '../form.tsx';

export interface ContinueHerePage extends PageFrame {
  readonly site: FirstPartyClient;
  /** The name of the person who is signed in with the browser. */
  readonly name: string;
  readonly action: string;
}

/** Shown when the person is already signed in elsewhere: a mere link must not sign them in here. */
export function ContinueHerePage(props: ContinueHerePage): VNode {
  const { t, language, site, name, action } = props;
  const words = t.firstParty.continue;
  return (
    <Page {...props} page="site-continue" title={words.title}>
      <h1>{words.title}</h1>
      <p>
        {words.who} <strong>{name}</strong>
      </p>
      <p>{words.why}</p>
      <form method="post" action={action}>
        <Actions>
          <SubmitButton text={words.submit(site.names[language])} />
          <a href="/session">{words.other}</a>
        </Actions>
      </form>
    </Page>
  );
}
