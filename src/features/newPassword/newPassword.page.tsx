import type { VNode } from 'preact';
import type { CredentialInputFault } from '../../domain/input/nameAndPassword.ts';
import { AppointmentLink } from '../../ui/borgerservice.tsx';
import { CHALLENGE_ID } from '../../ui/challenge.tsx';
import {
  Actions,
  FormOnce,
  FormPage,
  Hidden,
  LanguageButtons,
  listFault,
  SubmitButton,
} from '../../ui/form.tsx';
import { HelpLinks } from '../../ui/help.tsx';
import type { UnprocessedKind } from '../../ui/httpError.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { UnprocessedNotice } from '../../ui/pages/error.page.tsx';
import { Notice } from '../../ui/pages/notice.page.tsx';
import { Field, KeyField } from '../../ui/stepForm.tsx';

const PATH = '/new-password';
/** The id of the form: the buttons for another language are outside of it. */
const STEP_FORM = 'step-form';

export type NameFault = Exclude<CredentialInputFault, 'password_unreadable'>;

interface NewPasswordFrame extends PageFrame {
  readonly typedName: string;
  /** Drawn at random for each page, so that a double-click is recognised. */
  readonly form: string;
  /** The reason why the form was not processed. */
  readonly unseen?: UnprocessedKind | null;
}

export interface NewPasswordPage extends NewPasswordFrame {
  readonly error: NameFault | null;
}

/** Step 1: what follows, and the name. */
export function NewPasswordPage(props: NewPasswordPage): VNode {
  const { t, error, unseen = null } = props;
  const words = t.newPassword;
  // The words for a CPR number and similar input are those of the sign-in.
  const text = error && (error === 'incomplete' ? words.errors.incomplete : t.password[error]);
  return (
    <FormPage
      layout={Page}
      frame={keepTypedInSwitch(props, words.submit)}
      page="new-password"
      title={words.title}
      steps={{ names: words.steps, current: 1 }}
      alert={unseen && <UnprocessedNotice t={t} why={unseen} />}
      errors={listFault('userId', text)}
    >
      <p>{words.lead}</p>
      <p>{words.how}</p>
      <ol class="noegle-list">
        {words.list.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <p>{words.old}</p>
      <StepForm step="name" {...props}>
        <Field
          name="userId"
          label={t.password.userId}
          hint={words.userIdHint}
          hasError={text ?? false}
          autocomplete="username"
          value={props.typedName}
        />
        <Actions>
          <SubmitButton text={words.submit} />
        </Actions>
      </StepForm>
      <p class="noegle-first">
        {words.without} <AppointmentLink {...props} />
      </p>
      <HelpLinks t={t} topics={['forgotten', 'lost-card']} />
    </FormPage>
  );
}

export interface NewPasswordKeyPage extends NewPasswordFrame {
  readonly keyNumber: string;
  readonly error: 'malformed' | 'stale' | null;
  /** Shown again when the form was not processed. */
  readonly typedKey?: string;
}

/**
 * Step 2: the key. The same for an unknown name. It shows no card number, which would tell a stranger
 * something of the person's card, and not where on the card the number is: that depends on its format.
 */
export function NewPasswordKeyPage(props: NewPasswordKeyPage): VNode {
  const { t, error, typedName, keyNumber, typedKey } = props;
  const words = t.newPasswordKey;
  const text = error && words.errors[error];
  return (
    <FormPage
      layout={Page}
      frame={keepTypedInSwitch(props, words.submit)}
      page="new-password-key"
      title={words.title}
      steps={{ names: t.newPassword.steps, current: 2 }}
      alert={composeUnseenNotice(props)}
      errors={listFault('key', text)}
    >
      <p>
        {words.nameIs} <strong>{typedName}</strong>
      </p>
      <div class="noegle-challenge" id={CHALLENGE_ID} data-key-number={keyNumber}>
        <p>{words.lookFor}</p>
        <div class="noegle-key-number">#{keyNumber}</div>
        <p class="noegle-place">{t.key.place.ascending}</p>
      </div>
      <StepForm step="key" hidden={{ userId: typedName, keyNumber }} {...props}>
        <KeyField t={t} fault={text} {...(typedKey !== undefined && { value: typedKey })} />
        <Actions>
          <SubmitButton text={words.submit} />
          <a href={PATH}>{words.another}</a>
        </Actions>
      </StepForm>
      <h2>{words.notThere}</h2>
      <p>
        {words.notThereWhy} <AppointmentLink {...props} />
      </p>
    </FormPage>
  );
}

/** An hour is longer than the moment that other forms are slowed down for. */
function composeUnseenNotice({ t, unseen = null }: NewPasswordKeyPage): VNode | null {
  if (unseen === 'slowed') return <Notice text={t.newPasswordKey.slowed} kind="warning" />;
  return unseen && <UnprocessedNotice t={t} why={unseen} />;
}

/** The same for everyone, regardless of what was typed. */
export function NewPasswordReceivedPage(props: PageFrame): VNode {
  const words = props.t.newPasswordReceived;
  return (
    <Page {...props} page="new-password-received" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
      <h2>{words.sure}</h2>
      <ul class="noegle-list">
        {words.list.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{words.doubt}</p>
      <h2>{words.never}</h2>
      <p>{words.neverWhy}</p>
      <p>
        {words.desk} <AppointmentLink {...props} />
      </p>
      <Actions>
        <a class="button button-secondary" href="/activate">
          {words.activate}
        </a>
        <a href={PATH}>{words.again}</a>
      </Actions>
    </Page>
  );
}

/** The form is sent with the other language, so that nothing typed is lost. */
function keepTypedInSwitch<F extends NewPasswordFrame>(frame: F, submit: string): F {
  const { language } = frame;
  const languageButtons = <LanguageButtons language={language} form={STEP_FORM} submit={submit} />;
  return { ...frame, languageButtons };
}

interface StepForm extends NewPasswordFrame {
  readonly step: 'name' | 'key';
  readonly hidden?: Readonly<Record<string, string>>;
  readonly children: VNode | VNode[];
}

function StepForm({ step, form, hidden = {}, children }: StepForm): VNode {
  return (
    <form method="post" action={PATH} id={STEP_FORM}>
      <FormOnce id={form} />
      <Hidden values={{ step, form, ...hidden }} />
      {children}
    </form>
  );
}
