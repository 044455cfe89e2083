import type { VNode } from 'preact';
import { Actions, SubmitButton } from '../../../ui/form.tsx';
import { AppointmentLink } from '../../../ui/borgerservice.tsx';
import { HelpLinks } from '../../../ui/help.tsx';
import type { PublicSitesFacts } from '../../../domain/signIn/publicSites.ts';
import { Page, type PageFrame, type SignInFrame } from '../../../ui/layout.tsx';
import { FormProof } from '../../../ui/stepForm.tsx';
import { BackForm } from '../refused.page.tsx';

/**
 * Asks whether the ID shall work here too: it works only at banks, and this is a public site. Both factors
 * have just been given. A person who may not switch public sites on, or has given no key, is shown why.
 */
export function PublicSitesPage(
  props: PageFrame & SignInFrame & { blocker: PublicSitesFacts | null },
): VNode {
  const { t, blocker } = props;
  const words = t.publicSites[blocker ?? 'off'];
  return (
    <Page {...props} page="public-sites" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>
        {words.next} {blocker === 'no_cpr' ? <AppointmentLink {...props} /> : null}
      </p>
      {blocker === null ? (
        <form method="post" action={props.formsGoTo}>
          <FormProof {...props} step="public-sites" />
          <Actions>
            <SubmitButton name="accept" value="1" text={t.publicSites.accept} />
            <SubmitButton kind="unstyled" name="cancel" value="1" text={t.publicSites.refuse} />
          </Actions>
        </form>
      ) : (
        <>
          {blocker === 'needs_key' ? (
            <Actions>
              <a class="button button-primary" href="/order/sign-in">
                {t.publicSites.switchOn}
              </a>
            </Actions>
          ) : null}
          <BackForm {...props} isSecond={blocker === 'needs_key'} />
        </>
      )}
      <HelpLinks t={t} topics={['public-sites']} />
    </Page>
  );
}
