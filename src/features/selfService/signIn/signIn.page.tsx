import type { VNode } from 'preact';
import type { PasswordFault } from '../../../domain/signIn/password.ts';
import type { CurrentPasswordRefusal } from './currentPassword.rules.ts';
import type { UserIdFault } from '../../../domain/person/userId.ts';
import type { UnprocessedKind } from '../../../ui/httpError.ts';
import { Field } from '../../../ui/stepForm.tsx';
import { UnprocessedNotice } from '../../../ui/pages/error.page.tsx';
import { FormPage, Submit } from '../../../ui/form.tsx';
import { CurrentPassword, describeCurrentPasswordFault } from './currentPassword.page.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

type SignInFormName = 'user-id' | 'password';

/** A fault in one of the page's forms. */
export type SelfSignInFault =
  | { readonly field: 'userId'; readonly why: UserIdFault | 'same' }
  | { readonly field: 'password'; readonly why: PasswordFault }
  | { readonly field: 'currentPassword'; readonly of: SignInFormName; readonly why: CurrentPasswordRefusal };

export interface SelfSignInPage extends SelfServiceFrame {
  readonly userId: string | null;
  /** The new user ID as typed. */
  readonly typed: string;
  readonly fault: SelfSignInFault | null;
  /** The form was not processed. */
  readonly unseen?: UnprocessedKind | null;
}

const ACTION = '/self-service/sign-in';

/** User ID and password in two forms, because one is changed at a time. */
export function SelfSignInPage(props: SelfSignInPage): VNode {
  const { t, user, userId, typed, fault, unseen = null } = props;
  const words = t.selfService.signIn;
  const errorEntry = fault && { field: findSignInFieldId(fault), text: composeSignInFaultText(props, fault) };
  const errorAt = (id: string) => (errorEntry?.field === id ? errorEntry.text : null);
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-sign-in"
      title={words.title}
      alert={unseen && <UnprocessedNotice t={t} why={unseen} hasPassword />}
      errors={errorEntry ? [errorEntry] : []}
    >
      <p>{userId === null ? words.userIdNone : words.userIdNow(userId)}</p>
      <p>{words.endsOthers}</p>
      <h2>{words.userIdHeading}</h2>
      <SelfForm user={user} action={ACTION} hidden={{ do: 'user-id' }}>
        <Field
          name="userId"
          label={words.userId}
          hint={words.userIdHint}
          hasError={errorAt('userId') ?? false}
          autocomplete="username"
          value={typed}
        />
        <CurrentPassword t={t} id={CURRENT['user-id']} fault={errorAt(CURRENT['user-id'])} />
        <Submit text={words.userIdSubmit} isMain={false} />
      </SelfForm>
      <h2>{words.passwordHeading}</h2>
      <SelfForm user={user} action={ACTION} hidden={{ do: 'password' }}>
        {/* For password managers: whose password it is. */}
        {userId === null ? null : (
          <input type="text" name="username" value={userId} autocomplete="username" readonly hidden />
        )}
        <CurrentPassword t={t} id={CURRENT.password} fault={errorAt(CURRENT.password)} />
        <Field
          name="password"
          label={words.password}
          hint={words.passwordHint}
          hasError={errorAt('password') ?? false}
          type="password"
          autocomplete="new-password"
        />
        <Submit text={words.passwordSubmit} isMain={false} />
      </SelfForm>
    </FormPage>
  );
}

const CURRENT = { 'user-id': 'currentPassword', password: 'currentPassword-2' } as const;

function findSignInFieldId(fault: SelfSignInFault): string {
  return fault.field === 'currentPassword' ? CURRENT[fault.of] : fault.field;
}

function composeSignInFaultText({ t, language }: SelfSignInPage, fault: SelfSignInFault): string {
  const { faults } = t.selfService.signIn;
  switch (fault.field) {
    case 'userId':
      return faults.userId[fault.why];
    case 'password':
      return faults.password[fault.why];
    case 'currentPassword':
      return describeCurrentPasswordFault(t, language, fault.why);
  }
}
