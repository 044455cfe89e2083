import type { VNode } from 'preact';
import type { EmailCodeRefusal } from '../../../domain/person/emailCode.ts';
import {
  EmailCode,
  type EmailForm,
  findCodeField,
  maskEmail,
  type UnconfirmedEmail,
} from '../../contact/index.ts';
import { FormPage, Submit, listFault } from '../../../ui/form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

export interface SelfEmailPage extends SelfServiceFrame {
  readonly shown: Pick<UnconfirmedEmail, 'email' | 'kind' | 'code'>;
  readonly fault: EmailCodeRefusal | null;
  /** The code as entered last. */
  readonly typed: string;
  /** The page that the person was going to. */
  readonly to: string;
}

/**
 * Asks for the code that confirms an e-mail address: after signing in, and while an address waits for its
 * code.
 */
export function SelfEmailPage(props: SelfEmailPage): VNode {
  const { t, user, fault, typed, to, hasRecentKey } = props;
  const email = hasRecentKey ? props.shown.email : maskEmail(props.shown.email);
  const shown = { ...props.shown, email };
  const words = t.email;
  const form: EmailForm = ({ submit, isMain, children, do: what }) => (
    <SelfForm user={user} action="/self-service/email" hidden={{ do: what, to }}>
      {children}
      <Submit text={submit} isMain={isMain} />
    </SelfForm>
  );
  const Form = form;
  const isChange = shown.kind === 'change';
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-email"
      title={words.title}
      errors={listFault(findCodeField(shown), fault && words.faults[fault])}
    >
      <EmailCode t={t} form={form} shown={shown} fault={fault} typed={typed} />
      <h2>{words.another}</h2>
      <p>
        <a href="/self-service/contact">{words.anotherLink}</a>
      </p>
      {shown.kind === 'kept' ? null : (
        <Form do="without" submit={isChange ? words.callOff : words.without} isMain={false}>
          <p class="form-hint">{isChange ? words.callOffMeans : words.withoutMeans}</p>
        </Form>
      )}
      <p>
        <a href={to}>{words.notNow}</a>
      </p>
    </FormPage>
  );
}
