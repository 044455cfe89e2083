import type { VNode } from 'preact';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Actions, SubmitButton } from '../../ui/form.tsx';

export interface LogoutPage extends PageFrame {
  /** The provider's own form, with its CSRF token; its id is `op.logoutForm`. */
  readonly form: string;
  /** Passed on to the page that follows the form. */
  readonly uiLocales: string;
}

export function LogoutPage(props: LogoutPage): VNode {
  const words = props.t.logout;
  return (
    <Page {...props} page="logout" title={words.title}>
      <h1>{words.heading}</h1>
      <p>
        {words.why} <a href="/session">{words.where}</a>
      </p>
      <div dangerouslySetInnerHTML={{ __html: props.form }} />
      <input type="hidden" name="ui_locales" value={props.uiLocales} form="op.logoutForm" />
      <Actions>
        <SubmitButton form="op.logoutForm" name="logout" value="yes" text={words.submit} />
        <SubmitButton kind="unstyled" form="op.logoutForm" text={words.stay} />
      </Actions>
    </Page>
  );
}

export function LoggedOutPage(props: PageFrame): VNode {
  const words = props.t.loggedOut;
  return (
    <Page {...props} page="logged-out" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>
        {props.t.firstParty.signedOut.elsewhere}{' '}
        <a href="/self-service/access">{props.t.firstParty.signedOut.seeWhere}</a>
      </p>
      <Actions>
        <a class="button button-secondary" href="/self-service">
          {words.again}
        </a>
        <a href="/">{props.t.errorParts.ways.home}</a>
      </Actions>
    </Page>
  );
}

/** Shown after a "no" to a log-out that has no relying party to return to. */
export function StillSignedInPage(props: PageFrame): VNode {
  const words = props.t.stillSignedIn;
  return (
    <Page {...props} page="still-signed-in" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <Actions>
        <a class="button button-primary" href="/session/end">
          {words.signOut}
        </a>
        <a href="/">{props.t.errorParts.ways.home}</a>
      </Actions>
    </Page>
  );
}
