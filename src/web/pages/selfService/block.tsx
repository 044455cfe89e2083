import type { VNode } from 'preact';
import { Page, type Frame } from '../../layout.tsx';
import { WhatToBlock } from '../whatToBlock.tsx';
import { Submit } from '../form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from './frame.tsx';

/** For whoever is signed in: no password again, it has to be quick. */
export function SelfBlockPage(props: SelfServiceFrame): VNode {
  const words = props.t.selfService.block;
  return (
    <SelfServicePage {...props} page="self-block" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <SelfForm visitor={props.visitor} action="/self-service/block">
        <WhatToBlock words={words} chosen="card" />
        <Submit text={words.submit} />
      </SelfForm>
    </SelfServicePage>
  );
}

/** After a block nobody is signed in any more: this page asks for nobody. */
export function SelfBlockedPage(props: Frame & { readonly what: 'card' | 'identity' }): VNode {
  const words = props.t.selfService.blocked;
  return (
    <Page {...props} page="self-blocked" title={words[props.what]}>
      <h1>{words[props.what]}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
    </Page>
  );
}
