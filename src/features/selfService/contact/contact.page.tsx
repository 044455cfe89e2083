import type { VNode } from 'preact';
import { LANGUAGES } from '../../../domain/language/language.ts';
import { HelpLinks } from '../../../ui/help.tsx';
import type { EmailInputFault } from '../../../domain/selfServiceAction.ts';
import type { AccountView } from '../readAccount.ts';
import { writeDay, writeTime } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Field } from '../../../ui/stepForm.tsx';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import type { CurrentPasswordRefusal } from '../signIn/currentPassword.rules.ts';
import type { UnprocessedKind } from '../../../ui/httpError.ts';
import { UnprocessedNotice } from '../../../ui/pages/error.page.tsx';
import { FormPage, Submit } from '../../../ui/form.tsx';
import { CurrentPassword, describeCurrentPasswordFault } from '../signIn/currentPassword.page.tsx';
import { KeyProofNeeded } from '../confirm/proof.page.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';
import { maskEmail } from '../../contact/index.ts';
import { writeAddress } from '../../../domain/person/postalAddress.ts';

/** A fault in one of the page's forms. */
export type SelfContactFault =
  | { readonly field: 'email'; readonly why: EmailInputFault }
  | {
      readonly field: 'currentPassword';
      readonly of: 'email' | 'no-email';
      readonly why: CurrentPasswordRefusal;
    };

export interface SelfContactPage extends SelfServiceFrame {
  readonly account: AccountView;
  readonly fault: SelfContactFault | null;
  /** The new address as typed. */
  readonly typed: string;
  /** The form was not processed. */
  readonly unseen?: UnprocessedKind | null;
  /** What has just been done. */
  readonly done: 'language' | 'confirmed' | 'called-off' | null;
}

const ACTION = '/self-service/contact';
const CURRENT = { email: 'currentPassword', 'no-email': 'currentPassword-2' } as const;

export function SelfContactPage(props: SelfContactPage): VNode {
  const { t, language, account, fault, user, typed, unseen = null, hasRecentKey } = props;
  const words = t.selfService.contact;
  const { address, email } = account;
  const errorEntry = fault && {
    field: findContactFieldId(fault),
    text: composeContactFaultText(props, fault),
  };
  const errorAt = (id: string) => (errorEntry?.field === id ? errorEntry.text : null);
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-contact"
      title={words.title}
      alert={unseen && <UnprocessedNotice t={t} why={unseen} hasPassword />}
      errors={errorEntry ? [errorEntry] : []}
    >
      {props.done ? <Notice text={describeContactChange(t, props.done)} kind="success" /> : null}
      <h2>{words.emailHeading}</h2>
      <EmailNow {...props} />
      <UnconfirmedEmailNotice {...props} />
      <NextEmailNotice {...props} />
      <SelfForm user={user} action={ACTION} hidden={{ do: 'email' }}>
        <Field
          name="email"
          label={words.email}
          hint={words.emailHint}
          hasError={errorAt('email') ?? false}
          autocomplete="email"
          value={typed}
        />
        <CurrentPassword t={t} id={CURRENT.email} fault={errorAt(CURRENT.email)} />
        <p class="form-hint">{words.emailMeans}</p>
        <Submit text={words.emailSubmit} />
      </SelfForm>
      {email === null ? null : (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'no-email' }}>
          <h3>{words.noneHeading}</h3>
          <p>{words.noneMeans}</p>
          <CurrentPassword t={t} id={CURRENT['no-email']} fault={errorAt(CURRENT['no-email'])} />
          <Submit text={words.none} isMain={false} />
        </SelfForm>
      )}
      <h2>{words.address}</h2>
      {address ? null : <p>{words.noAddress}</p>}
      {address && hasRecentKey ? <p>{writeAddress(address, language)}</p> : null}
      {hasRecentKey ? null : <KeyProofNeeded t={t} text={t.selfService.proof.contact} path={ACTION} />}
      <p>{words.addressFrom}</p>
      <LanguageForm {...props} />
      <HelpLinks t={t} topics={['moved']} />
    </FormPage>
  );
}

/** Where the person is written to now. */
function EmailNow({ t, account, hasRecentKey }: SelfContactPage): VNode {
  const words = t.selfService.contact;
  const { email, isEmailRefused } = account;
  if (email === null) return <p>{words.byLetter}</p>;
  if (isEmailRefused)
    return (
      <>
        <p>{words.emailRefused(hasRecentKey ? email : maskEmail(email))}</p>
        <p>{t.email.contact.refused}</p>
      </>
    );
  return <p>{hasRecentKey ? words.emailNow(email) : words.emailHidden}</p>;
}

function findContactFieldId(fault: SelfContactFault): string {
  return fault.field === 'email' ? 'email' : CURRENT[fault.of];
}

function composeContactFaultText({ t, language }: SelfContactPage, fault: SelfContactFault): string {
  if (fault.field === 'email') return t.selfService.contact.faults[fault.why];
  return describeCurrentPasswordFault(t, language, fault.why);
}

function describeContactChange(
  { selfService, email }: Texts,
  done: NonNullable<SelfContactPage['done']>,
): string {
  switch (done) {
    case 'language':
      return selfService.contact.languageDone;
    case 'confirmed':
      return email.contact.confirmed;
    case 'called-off':
      return email.contact.calledOff;
  }
}

/** An unconfirmed address: the one in use, or a new one. */
function UnconfirmedEmailNotice({ t, account, hasRecentKey }: SelfContactPage): VNode | null {
  const { email, isEmailConfirmed, waitingEmail } = account;
  const words = t.email.contact;
  const isUnconfirmed = email !== null && !isEmailConfirmed;
  if (!isUnconfirmed && !waitingEmail) return null;
  const waiting = waitingEmail && waitingEmail.kind !== 'kept' ? waitingEmail : null;
  return (
    <>
      {isUnconfirmed ? <p>{words.unconfirmed}</p> : null}
      {waiting ? <p>{words.waiting(hasRecentKey ? waiting.email : maskEmail(waiting.email))}</p> : null}
      <p>
        <a href="/self-service/email">{words.enter}</a>
      </p>
    </>
  );
}

/** A change that is not in effect yet, with a button to cancel it. */
function NextEmailNotice(props: SelfContactPage): VNode | null {
  const { t, language, user, hasRecentKey, account } = props;
  const { nextEmail, waitingEmail } = account;
  const isWaiting = waitingEmail !== null && waitingEmail.kind !== 'kept';
  if (!nextEmail && !isWaiting) return null;
  const words = t.selfService.contact;
  const when = nextEmail && `${writeDay(nextEmail.from, language)} ${writeTime(nextEmail.from, language)}`;
  const composeText = (email: string | null, from: string) => {
    if (email === null) return words.soonByLetter(from);
    return hasRecentKey ? words.soon(email, from) : words.soonHidden(from);
  };
  return (
    <SelfForm user={user} action={ACTION} hidden={{ do: 'call-off' }}>
      {nextEmail && when ? <p>{composeText(nextEmail.email, when)}</p> : null}
      <Submit text={t.email.callOff} isMain={false} />
    </SelfForm>
  );
}

function LanguageForm({ t, user, account }: SelfContactPage): VNode {
  const words = t.selfService.contact;
  return (
    <SelfForm user={user} action={ACTION} hidden={{ do: 'language' }}>
      <fieldset class="noegle-first">
        <legend class="form-label">{words.languageHeading}</legend>
        {LANGUAGES.map((language) => (
          <div class="form-group-radio" key={language}>
            <input
              class="form-radio"
              type="radio"
              id={`language-${language}`}
              name="language"
              value={language}
              checked={account.language === language}
            />
            <label class="form-label" for={`language-${language}`}>
              {words.language[language]}
            </label>
          </div>
        ))}
      </fieldset>
      <Submit text={words.languageSubmit} isMain={false} />
    </SelfForm>
  );
}
