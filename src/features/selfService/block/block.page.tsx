import type { VNode } from 'preact';
import { Page, type PageFrame } from '../../../ui/layout.tsx';
import { BlockChoices } from '../../../ui/blockChoices.tsx';
import { Submit } from '../../../ui/form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

/** For a signed-in person: it does not ask for the password again, because it has to be quick. */
export function SelfBlockPage(props: SelfServiceFrame): VNode {
  const words = props.t.selfService.block;
  return (
    <SelfServicePage {...props} page="self-block" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <SelfForm user={props.user} action="/self-service/block">
        <BlockChoices words={words} chosen="card" />
        <Submit text={words.submit} />
      </SelfForm>
    </SelfServicePage>
  );
}

/** After a block no one is signed in: this page requires no session. */
export function SelfBlockedPage(props: PageFrame & { readonly what: 'card' | 'identity' }): VNode {
  const words = props.t.selfService.blocked;
  return (
    <Page {...props} page="self-blocked" title={words[props.what]}>
      <h1>{words[props.what]}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
    </Page>
  );
}
