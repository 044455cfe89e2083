import type { VNode } from 'preact';
import type { PasswordFault } from '../../../core/password.ts';
import type { UserIdFault } from '../../../core/userId.ts';
import { ErrorSummary } from '../../layout.tsx';
import { Field } from '../stepForm.tsx';
import { SelfForm, SelfServicePage, Submit, type SelfServiceFrame } from './frame.tsx';

export interface SelfSignInPage extends SelfServiceFrame {
  readonly userId: string | null;
  /** What was typed and what is wrong with it; of one form at a time. */
  readonly fault:
    | { readonly field: 'userId'; readonly why: UserIdFault | 'same' | 'taken'; readonly typed: string }
    | { readonly field: 'password'; readonly why: PasswordFault }
    | null;
}

const ACTION = '/self-service/sign-in';

/** What somebody signs in with: two forms, for one is changed at a time. */
export function SelfSignInPage(props: SelfSignInPage): VNode {
  const { t, visitor, userId, fault } = props;
  const words = t.selfService.signIn;
  const text =
    fault && (fault.field === 'userId' ? words.faults.userId[fault.why] : words.faults.password[fault.why]);
  return (
    <SelfServicePage {...props} page="self-sign-in" title={words.title} hasError={fault !== null}>
      <h1>{words.title}</h1>
      {fault && text ? <ErrorSummary t={t} text={text} field={fault.field} /> : null}
      <p>{userId === null ? words.userIdNone : words.userIdNow(userId)}</p>
      <p>{words.endsOthers}</p>
      <h2>{words.userIdHeading}</h2>
      <SelfForm visitor={visitor} action={ACTION} hidden={{ do: 'user-id' }}>
        <Field
          name="userId"
          label={words.userId}
          hint={words.userIdHint}
          hasError={(fault?.field === 'userId' && text) || false}
          autocomplete="username"
          value={fault?.field === 'userId' ? fault.typed : ''}
        />
        <Submit text={words.userIdSubmit} isMain={false} />
      </SelfForm>
      <h2>{words.passwordHeading}</h2>
      <SelfForm visitor={visitor} action={ACTION} hidden={{ do: 'password' }}>
        <Field
          name="password"
          label={words.password}
          hint={words.passwordHint}
          hasError={(fault?.field === 'password' && text) || false}
          type="password"
          autocomplete="new-password"
        />
        <Submit text={words.passwordSubmit} isMain={false} />
      </SelfForm>
    </SelfServicePage>
  );
}
