import type { VNode } from 'preact';
import { DESK_CLIENT } from '../../domain/relyingParty/firstPartyClient.ts';
import { composeIdleTimeout } from '../../ui/courtesy/timeout.tsx';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Actions } from '../../ui/form.tsx';
import { DeskPage, SignOut, type DeskFrame } from './deskFrame.page.tsx';

/** For a person who has no role here, or no longer: their sign-in succeeded all the same. */
export function NoRolePage(props: PageFrame & { name: string; csrf: string; isPaused: boolean }): VNode {
  const { t, name, csrf, isPaused } = props;
  const words = isPaused ? t.deskControl.paused : t.desk.noRole;
  return (
    <Page {...props} page="no-role" title={words.title} idle={composeIdleTimeout(DESK_CLIENT, csrf)}>
      <h1>{words.title}</h1>
      <p>{words.why(name)}</p>
      <p>{words.next}</p>
      <Actions>
        <SignOut t={t} csrf={csrf} isPrimary />
      </Actions>
    </Page>
  );
}

/** For a member of staff whose role may not see the page. */
export function NotYourRolePage(props: DeskFrame): VNode {
  const { t, staff } = props;
  const words = t.desk.notYourRole;
  return (
    <DeskPage {...props} page="not-your-role" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why(t.desk.roles[staff.role])}</p>
      <p>{words.next}</p>
      <Actions>
        <a class="button button-primary" href="/desk">
          {t.desk.home}
        </a>
      </Actions>
    </DeskPage>
  );
}
