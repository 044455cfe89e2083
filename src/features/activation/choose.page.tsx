import type { VNode } from 'preact';
import type { CredentialChoiceFaults } from '../../domain/issuing/activation.ts';
import { TERMS_VERSION } from '../../domain/issuing/terms.ts';
import { Page } from '../../ui/layout.tsx';
import type { Texts } from '../../ui/words/words.da.ts';
import type { UnprocessedKind } from '../../ui/httpError.ts';
import { Field } from '../../ui/stepForm.tsx';
import { UnprocessedNotice } from '../../ui/pages/error.page.tsx';
import { FormPage, TickBox } from '../../ui/form.tsx';
import { ActivationForm, AgainForm, keepTypedInSwitch, type ActivationFrame } from './form.page.tsx';

export interface ActivateChoosePage extends ActivationFrame {
  readonly userId: string;
  /** A person who had a user ID before may keep it. */
  readonly hasUserId: boolean;
  /** The button confirms them; otherwise there are ticks. */
  readonly hasAcceptedTerms: boolean;
  readonly faults: CredentialChoiceFaults | null;
  /** The reason why the form was not processed, and which boxes were ticked in it. */
  readonly unseen?: { readonly why: UnprocessedKind; readonly ticked: readonly string[] } | null;
}

interface ChoosePageFault {
  readonly field: 'userId' | 'password' | 'terms' | 'understood';
  readonly text: string;
}

function listChoiceFaults(
  words: Texts['activate']['choose'],
  faults: CredentialChoiceFaults | null,
): ChoosePageFault[] {
  if (!faults) return [];
  const { userId, password, terms, understood } = faults;
  return [
    ...(userId ? [{ field: 'userId', text: words.faults.userId[userId] } as const] : []),
    {
      field: 'password',
      text: password ? words.faults.password[password] : words.passwordAgain,
    },
    ...(terms ? [{ field: 'terms', text: words.faults.terms } as const] : []),
    ...(understood ? [{ field: 'understood', text: words.faults.understood } as const] : []),
  ];
}

/** Step 3: the credentials, and the terms if they must be accepted. All faults are shown together. */
export function ActivateChoosePage(props: ActivateChoosePage): VNode {
  const { t, hasUserId, hasAcceptedTerms, unseen = null } = props;
  const words = t.activate.choose;
  const title = hasUserId ? words.titleAgain : words.title;
  const submit = hasUserId ? words.submit : words.submitFirst;
  const faults = listChoiceFaults(words, props.faults);
  const textOf = (field: ChoosePageFault['field']) => faults.find((one) => one.field === field)?.text ?? null;
  const ticked = (field: 'terms' | 'understood') =>
    unseen ? unseen.ticked.includes(field) : props.faults !== null && !props.faults[field];
  return (
    <FormPage
      layout={Page}
      frame={keepTypedInSwitch(props, submit)}
      page="activate-choose"
      title={title}
      steps={{ names: t.steps.activate, current: 3 }}
      alert={unseen && <UnprocessedNotice t={t} why={unseen.why} hasPassword />}
      errors={faults}
    >
      <ActivationForm
        {...props}
        step="choose"
        hidden={{
          version: TERMS_VERSION,
          before: hasUserId ? 'yes' : 'no',
          accepted: hasAcceptedTerms ? 'yes' : 'no',
        }}
        submit={submit}
      >
        <Field
          name="userId"
          label={words.userId}
          hint={hasUserId ? `${words.userIdHint} ${words.userIdKeep}` : words.userIdHint}
          hasError={textOf('userId') ?? false}
          autocomplete="username"
          isOptional={props.faults?.userId === 'asked_too_often'}
          value={props.userId}
        />
        <Field
          name="password"
          label={words.password}
          hint={words.passwordHint}
          hasError={textOf('password') ?? false}
          type="password"
          autocomplete="new-password"
        />
        <p class="noegle-first">
          {hasAcceptedTerms ? `${words.confirms} ` : null}
          <a href="/terms" target="_blank" rel="noopener">
            {words.readTerms}
          </a>
        </p>
        {hasAcceptedTerms ? null : (
          <>
            <TickBox
              name="terms"
              label={words.terms}
              value="1"
              fault={textOf('terms')}
              checked={ticked('terms')}
            />
            <TickBox
              name="understood"
              label={words.understood}
              value="1"
              fault={textOf('understood')}
              checked={ticked('understood')}
            />
          </>
        )}
      </ActivationForm>
      <AgainForm {...props} isMain={false} />
    </FormPage>
  );
}
