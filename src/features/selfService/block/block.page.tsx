import type { VNode } from 'preact';
import type { BlockTarget } from '../../../domain/factors/heldFactors.ts';
import { AppointmentLink } from '../../../ui/borgerservice.tsx';
import { Page, type PageFrame } from '../../../ui/layout.tsx';
import { BlockChoices, BlockConsequences } from '../../../ui/blockChoices.tsx';
import { Actions, SubmitButton } from '../../../ui/form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

const PATH = '/self-service/block';

/** One kind of factor, or the whole ID: nothing is chosen beforehand. */
export function SelfBlockPage(props: SelfServiceFrame): VNode {
  const words = props.t.selfService.block;
  return (
    <SelfServicePage {...props} page="self-block" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <BlockChoices t={props.t} path={PATH} />
    </SelfServicePage>
  );
}

/**
 * What it leads to, and the button. For a signed-in person: it does not ask for the password again, because
 * it has to be quick.
 */
export function SelfBlockCheckPage(props: SelfServiceFrame & { readonly what: BlockTarget }): VNode {
  const { t, what } = props;
  const words = t.block;
  return (
    <SelfServicePage {...props} page="self-block" title={words[what].title}>
      <h1>{words[what].title}</h1>
      <BlockConsequences {...props} path={PATH} />
      <SelfForm user={props.user} action={PATH} hidden={{ what }}>
        <Actions>
          <SubmitButton text={words[what].submit} />
          <a href="/self-service">{words.back}</a>
        </Actions>
      </SelfForm>
    </SelfServicePage>
  );
}

/** After a block no one is signed in: this page requires no session. */
export function SelfBlockedPage(props: PageFrame & { readonly what: BlockTarget }): VNode {
  const words = props.t.selfService.blocked;
  return (
    <Page {...props} page="self-blocked" title={words[props.what]}>
      <h1>{words[props.what]}</h1>
      <p>{words.why}</p>
      <p>
        {words.next[props.what]} <AppointmentLink {...props} />
      </p>
    </Page>
  );
}
