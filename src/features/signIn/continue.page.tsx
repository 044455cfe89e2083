import type { VNode } from 'preact';
import { Page, type PageFrame, type SignInFrame } from '../../ui/layout.tsx';
import { Actions, SubmitButton } from '../../ui/form.tsx';
import { CancelButton, FormProof } from '../../ui/stepForm.tsx';

/**
 * Shown when all factors were given and the response was lost: an address never answers a request, only a
 * form does.
 */
export function ContinuePage(props: PageFrame & SignInFrame): VNode {
  const { t, formsGoTo } = props;
  return (
    <Page {...props} page="continue" title={t.goOn.title}>
      <h1>{t.goOn.title}</h1>
      <p>{t.goOn.next}</p>
      <form method="post" action={formsGoTo}>
        <FormProof {...props} step="continue" />
        <Actions>
          <SubmitButton name="continue" value="1" text={t.goOn.submit} />
          <CancelButton t={t} />
        </Actions>
      </form>
    </Page>
  );
}
