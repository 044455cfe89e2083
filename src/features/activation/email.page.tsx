import type { VNode } from 'preact';
import type { EmailCodeRefusal } from '../../domain/person/emailCode.ts';
import {
  EmailCode,
  type EmailForm,
  findCodeField,
  maskEmail,
  type UnconfirmedEmail,
} from '../contact/index.ts';
import { KEY_PROOF_MINUTES } from '../../domain/relyingParty/firstPartyClient.ts';
import type { EmailSubmissionFault } from './submitActivationEmail.ts';
import { Page } from '../../ui/layout.tsx';
import type { Texts } from '../../ui/words/words.da.ts';
import { Field } from '../../ui/stepForm.tsx';
import { FormPage, Hidden, Submit } from '../../ui/form.tsx';
import { AgainForm, type ActivationFrame } from './form.page.tsx';

export interface ActivateEmailPage extends ActivationFrame {
  readonly waiting: Pick<UnconfirmedEmail, 'email' | 'kind' | 'code'>;
  /** The person who activated the ID is still present: the address is shown, and another one may be given. */
  readonly isFresh: boolean;
  readonly fault: EmailSubmissionFault | null;
  /** The path of the sign-in that led here. */
  readonly backTo: string | null;
  /** As they were last sent. */
  readonly typed: { readonly code: string; readonly email: string };
}

/** The ID is activated: confirms the e-mail address of the application, or another one. */
export function ActivateEmailPage(props: ActivateEmailPage): VNode {
  const { t, csrf, isFresh, fault, typed } = props;
  const words = t.email;
  const waiting = isFresh ? props.waiting : { ...props.waiting, email: maskEmail(props.waiting.email) };
  const { ofEmail, ofCode } = splitEmailFault(fault);
  const isChange = waiting.kind === 'change';
  const form: EmailForm = ({ submit, isMain, children, do: what }) => (
    <form method="post" action="/activate">
      <Hidden values={{ csrf, step: 'email', do: what }} />
      {children}
      <Submit text={submit} isMain={isMain} />
    </form>
  );
  const Form = form;
  return (
    <FormPage
      layout={Page}
      frame={props}
      page="activate-email"
      title={words.title}
      errors={fault ? [{ field: findEmailField(fault, waiting), text: words.faults[fault] }] : []}
    >
      <p>{words.activation.ready}</p>
      <EmailCode t={t} form={form} shown={waiting} fault={ofCode} typed={typed.code} />
      <h2>{words.another}</h2>
      {isFresh && fault !== 'another_over' ? (
        <Form do="another" submit={words.anotherSubmit} isMain={false}>
          <Field
            name="email"
            label={words.anotherEmail}
            hint={words.anotherHint}
            hasError={ofEmail ? words.faults[ofEmail] : false}
            autocomplete="email"
            value={typed.email}
          />
          <p class="form-hint">{words.activation.anotherMeans(KEY_PROOF_MINUTES)}</p>
        </Form>
      ) : (
        <AnotherElsewhere t={t} typed={fault === 'another_over' ? typed.email.trim() : ''} />
      )}
      <Form do="without" submit={isChange ? words.callOff : words.without} isMain={false}>
        <p class="form-hint">{isChange ? words.callOffMeans : words.withoutMeans}</p>
      </Form>
      <p>
        <a href={props.backTo ?? '/self-service'}>{words.activation.later}</a>
      </p>
      <AgainForm {...props} text={t.activate.otherId} />
    </FormPage>
  );
}

/**
 * Points to self-service for another address, once the activation no longer proves that its person is
 * present.
 */
export function AnotherElsewhere({ t, typed }: { readonly t: Texts; readonly typed: string }): VNode {
  const words = t.email.activation;
  return (
    <>
      {typed === '' ? null : <p>{words.anotherTyped(typed)}</p>}
      <p>{words.anotherElsewhere}</p>
      <p>
        <a id={ELSEWHERE} href="/self-service/contact">
          {words.anotherLink}
        </a>
      </p>
    </>
  );
}

export const ELSEWHERE = 'another';

function splitEmailFault(fault: EmailSubmissionFault | null): {
  readonly ofEmail: 'email_incomplete' | 'email_malformed' | null;
  readonly ofCode: EmailCodeRefusal | null;
} {
  switch (fault) {
    case 'email_incomplete':
    case 'email_malformed':
      return { ofEmail: fault, ofCode: null };
    case 'another_over':
      return { ofEmail: null, ofCode: null };
    default:
      return { ofEmail: null, ofCode: fault };
  }
}

/** The id of the field that the error summary links to. */
function findEmailField(fault: EmailSubmissionFault, waiting: ActivateEmailPage['waiting']): string {
  if (fault === 'another_over') return ELSEWHERE;
  return splitEmailFault(fault).ofEmail ? 'email' : findCodeField(waiting);
}
