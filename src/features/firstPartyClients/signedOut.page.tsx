import type { VNode } from 'preact';
import type { FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Actions } from '../../ui/form.tsx';

interface FirstPartyPageProps extends PageFrame {
  readonly site: FirstPartyClient;
}

/**
 * Shown when the browser returns without a sign-in. It does not start again automatically: the person may
 * have cancelled.
 */
export function NotSignedInPage(props: FirstPartyPageProps): VNode {
  const { t, language, site } = props;
  const words = t.firstParty.notSignedIn;
  const name = site.names[language];
  return (
    <Page {...props} page="site-not-signed-in" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why(name)}</p>
      <WayIn {...props} label={words.again} />
    </Page>
  );
}

/**
 * Shown after a log-out. Another person may be signed in to Nøgle with this browser, and have answered no.
 */
export function SignedOutPage(props: FirstPartyPageProps & { isStillSignedIn: boolean }): VNode {
  const { t, language, site, isStillSignedIn } = props;
  const words = t.firstParty.signedOut;
  const name = site.names[language];
  return (
    <Page {...props} page="site-signed-out" title={words.title(name)}>
      <h1>{words.title(name)}</h1>
      {isStillSignedIn ? (
        <p>
          {words.stillSignedIn} <a href="/session">{t.logout.where}</a>
        </p>
      ) : null}
      <p>{words.next}</p>
      <p>
        {words.elsewhere} <a href="/self-service/access">{words.seeWhere}</a>
      </p>
      <WayIn {...props} label={words.again} />
    </Page>
  );
}

/**
 * Replaces a page that was idle for too long. Another tab may have prolonged the session: the page states
 * that too, and shows nothing of the former page before someone asks for it.
 */
export function TimedOutPage(props: FirstPartyPageProps & { backTo: string; isSignedIn: boolean }): VNode {
  const { t, backTo, isSignedIn } = props;
  const words = isSignedIn ? t.courtesy.closed : t.courtesy.timeout;
  return (
    <Page {...props} page="site-timed-out" title={words.over}>
      <h1>{words.over}</h1>
      <p>{words.overWhy}</p>
      <WayIn {...props} href={backTo} label={words.again} />
    </Page>
  );
}

function WayIn({
  site,
  href = site.path,
  label,
}: {
  site: FirstPartyClient;
  href?: string;
  label: string;
}): VNode {
  return (
    <Actions>
      <a class="button button-primary" href={href}>
        {label}
      </a>
    </Actions>
  );
}
