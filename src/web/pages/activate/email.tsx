import type { VNode } from 'preact';
import type { EmailAnswerFault } from '../../../usecases/activation/answerForEmail.ts';
import type { EmailWaiting } from '../../../usecases/contact/giveEmail.ts';
import { ErrorSummary, Page } from '../../layout.tsx';
import { codeField, EmailCode, type EmailForm } from '../contact/emailCode.tsx';
import { Field } from '../stepForm.tsx';
import { AgainForm, type ActivationFrame } from './form.tsx';

export interface ActivateEmailPage extends ActivationFrame {
  readonly waiting: Pick<EmailWaiting, 'email' | 'kind' | 'code'>;
  readonly fault: EmailAnswerFault | null;
  /** As they were sent last. */
  readonly typed: { readonly code: string; readonly email: string };
}

/** The ID is in use: whether the e-mail address of the application is the person's. */
export function ActivateEmailPage(props: ActivateEmailPage): VNode {
  const { t, csrf, waiting, fault, typed } = props;
  const words = t.email;
  const ofEmail = fault === 'email_incomplete' || fault === 'email_malformed' ? fault : null;
  const ofCode = fault === 'email_incomplete' || fault === 'email_malformed' ? null : fault;
  const form: EmailForm = ({ submit, isMain, children, do: what }) => (
    <form method="post" action="/activate">
      <input type="hidden" name="csrf" value={csrf} />
      <input type="hidden" name="step" value="email" />
      <input type="hidden" name="do" value={what} />
      {children}
      <div class="noegle-actions">
        <button class={`button ${isMain ? 'button-primary' : 'button-secondary'}`} type="submit">
          {submit}
        </button>
      </div>
    </form>
  );
  const Form = form;
  return (
    <Page {...props} page="activate-email" title={words.title} hasError={fault !== null}>
      <h1>{words.title}</h1>
      {fault ? (
        <ErrorSummary t={t} text={words.faults[fault]} field={ofEmail ? 'email' : codeField(waiting)} />
      ) : null}
      <p>{words.activation.ready}</p>
      <EmailCode t={t} form={form} shown={waiting} fault={ofCode} typed={typed.code} />
      <h2>{words.another}</h2>
      <Form do="another" submit={words.anotherSubmit} isMain={false}>
        <Field
          name="email"
          label={words.anotherEmail}
          hint={words.anotherHint}
          hasError={ofEmail ? words.faults[ofEmail] : false}
          autocomplete="email"
          value={typed.email}
        />
      </Form>
      <Form do="without" submit={words.without} isMain={false}>
        <p class="form-hint">{words.withoutMeans}</p>
      </Form>
      <AgainForm {...props} isMain={false} />
    </Page>
  );
}
