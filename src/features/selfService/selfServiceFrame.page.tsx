import type { ComponentChildren, VNode } from 'preact';
import { SELF_SERVICE_CLIENT } from '../../domain/relyingParty/firstPartyClient.ts';
import { composeIdleTimeout } from '../../ui/courtesy/timeout.tsx';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { type PageName } from '../../ui/pageNames.ts';
import { Notice } from '../../ui/pages/notice.page.tsx';
import { Hidden, SubmitButton } from '../../ui/form.tsx';
import { SelfServiceNav } from './selfServiceNav.page.tsx';

/** The properties of every page of self-service. */
export interface SelfServiceFrame extends PageFrame {
  readonly user: { readonly name: string; readonly csrf: string };
  /**
   * The person signed in again after a form was sent too late; that form had no effect. `late`: the key was
   * no longer recent.
   */
  readonly again: boolean | 'late';
  /** The person authenticated with a key recently: personal data is shown. */
  readonly hasRecentKey: boolean;
}

interface SelfServicePage extends SelfServiceFrame {
  readonly page: PageName;
  readonly title: string;
  readonly hasError?: boolean;
  readonly children: ComponentChildren;
}

/** A page of self-service: the person's name and the sign-out, the navigation, and the content. */
export function SelfServicePage(props: SelfServicePage): VNode {
  const { t, user, again, children } = props;
  const words = t.selfService;
  return (
    <Page {...props} idle={composeIdleTimeout(SELF_SERVICE_CLIENT, user.csrf)} blockAt="/self-service/block">
      <div class="noegle-desk">
        <p>
          <strong>{user.name}</strong>
        </p>
        <nav aria-label={words.nav}>
          <form method="post" action="/self-service/sign-out">
            <input type="hidden" name="csrf" value={user.csrf} />
            <SubmitButton kind="unstyled" text={words.signOut} />
          </form>
        </nav>
        <p class="noegle-desk-idle">{words.idle(SELF_SERVICE_CLIENT.idleMinutes)}</p>
      </div>
      <div class="noegle-self">
        <SelfServiceNav t={t} page={props.page} />
        <div class="noegle-self-page">
          {again ? <Notice text={again === 'late' ? words.late : words.again} kind="warning" /> : null}
          {children}
        </div>
      </div>
    </Page>
  );
}

interface SelfForm extends Pick<SelfServiceFrame, 'user'> {
  readonly action: string;
  readonly hidden?: Readonly<Record<string, string>>;
  /** For the client script. */
  readonly data?: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

/** A form of self-service, posted to the address of its own page. */
export function SelfForm({ user, action, hidden = {}, data = {}, children }: SelfForm): VNode {
  return (
    <form method="post" action={action} {...data}>
      <Hidden values={{ csrf: user.csrf, ...hidden }} />
      {children}
    </form>
  );
}
