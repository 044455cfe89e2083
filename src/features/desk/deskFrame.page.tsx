import type { ComponentChildren, VNode } from 'preact';
import { DESK_CLIENT } from '../../domain/relyingParty/firstPartyClient.ts';
import type { StaffRole } from '../../domain/staff/staff.ts';
import { composeIdleTimeout } from '../../ui/courtesy/timeout.tsx';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { type PageName } from '../../ui/pageNames.ts';
import type { Texts } from '../../ui/words/words.da.ts';
import { Notice } from '../../ui/pages/notice.page.tsx';
import { SubmitButton } from '../../ui/form.tsx';

/** The properties of every page of the desk. */
export interface DeskFrame extends PageFrame {
  readonly staff: { readonly name: string; readonly role: StaffRole; readonly csrf: string };
  /** The user signed in again after a form was sent too late; that form had no effect. */
  readonly again: boolean;
}

interface DeskPage extends DeskFrame {
  readonly page: PageName;
  readonly title: string;
  readonly hasError?: boolean;
  readonly children: ComponentChildren;
}

/** A page of the desk: the signed-in user with their role, the sign-out, and then the content. */
export function DeskPage(props: DeskPage): VNode {
  const { t, staff, again, children } = props;
  return (
    <Page {...props} idle={composeIdleTimeout(DESK_CLIENT, staff.csrf)}>
      <div class="noegle-desk">
        <p>
          <strong>{staff.name}</strong>
          <span>{t.desk.roles[staff.role]}</span>
        </p>
        <nav aria-label={t.desk.nav}>
          {props.page === 'desk-home' ? null : <a href="/desk">{t.desk.home}</a>}
          <SignOut t={t} csrf={staff.csrf} />
        </nav>
        <p class="noegle-desk-idle">{t.desk.idle(DESK_CLIENT.idleMinutes)}</p>
      </div>
      {again ? <Notice text={t.desk.again} kind="warning" /> : null}
      {children}
    </Page>
  );
}

/** A form rather than a link, because it changes state. */
export function SignOut({ t, csrf, isPrimary }: { t: Texts; csrf: string; isPrimary?: boolean }): VNode {
  return (
    <form method="post" action="/desk/sign-out">
      <input type="hidden" name="csrf" value={csrf} />
      <SubmitButton kind={isPrimary ? 'primary' : 'unstyled'} text={t.desk.signOut} />
    </form>
  );
}
