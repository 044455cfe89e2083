import type { VNode } from 'preact';
import { HelpLinks } from '../info/help.tsx';
import type { EmailFault } from '../../../core/selfService/deed.ts';
import type { Account } from '../../../usecases/selfService/readAccount.ts';
import { writeDay, writeTime } from '../../language.ts';
import type { Texts } from '../../text/da.ts';
import { ErrorSummary } from '../../layout.tsx';
import { Field } from '../stepForm.tsx';
import { Notice } from '../notice.tsx';
import { SelfForm, SelfServicePage, Submit, type SelfServiceFrame } from './frame.tsx';
import { writeAddress } from '../../../core/address/postalAddress.ts';

export interface SelfContactPage extends SelfServiceFrame {
  readonly account: Account;
  readonly fault: { readonly why: EmailFault; readonly typed: string } | null;
  /** What has just been done. */
  readonly done: 'language' | 'confirmed' | 'called-off' | null;
}

const ACTION = '/self-service/contact';

export function SelfContactPage(props: SelfContactPage): VNode {
  const { t, language, account, fault, visitor } = props;
  const words = t.selfService.contact;
  const { address } = account;
  return (
    <SelfServicePage {...props} page="self-contact" title={words.title} hasError={fault !== null}>
      <h1>{words.title}</h1>
      {fault ? <ErrorSummary t={t} text={words.faults[fault.why]} field="email" /> : null}
      {props.done ? <Notice text={sayDone(t, props.done)} kind="success" /> : null}
      <h2>{words.emailHeading}</h2>
      <p>{account.email === null ? words.byLetter : words.emailNow(account.email)}</p>
      <Unconfirmed {...props} />
      <Soon {...props} />
      <SelfForm visitor={visitor} action={ACTION} hidden={{ do: 'email' }}>
        <Field
          name="email"
          label={words.email}
          hint={words.emailHint}
          hasError={fault ? words.faults[fault.why] : false}
          autocomplete="email"
          value={fault?.typed ?? ''}
        />
        <p class="form-hint">{words.emailMeans}</p>
        <Submit text={words.emailSubmit} />
      </SelfForm>
      {account.email === null ? null : (
        <SelfForm visitor={visitor} action={ACTION} hidden={{ do: 'no-email' }}>
          <Submit text={words.none} isMain={false} />
        </SelfForm>
      )}
      <h2>{words.address}</h2>
      {address ? <p>{writeAddress(address, language)}</p> : <p>{words.noAddress}</p>}
      <p>{words.addressFrom}</p>
      <LanguageForm {...props} />
      <HelpLinks t={t} topics={['moved']} />
    </SelfServicePage>
  );
}

function sayDone({ selfService, email }: Texts, done: NonNullable<SelfContactPage['done']>): string {
  switch (done) {
    case 'language':
      return selfService.contact.languageDone;
    case 'confirmed':
      return email.contact.confirmed;
    case 'called-off':
      return email.contact.calledOff;
  }
}

/** An address that has not answered: the one in use, or one that was given. */
function Unconfirmed({ t, account }: SelfContactPage): VNode | null {
  const { email, isEmailConfirmed, waitingEmail } = account;
  const words = t.email.contact;
  const isFromBefore = email !== null && !isEmailConfirmed;
  if (!isFromBefore && !waitingEmail) return null;
  return (
    <>
      {isFromBefore ? <p>{words.unconfirmed}</p> : null}
      {waitingEmail && waitingEmail.kind !== 'kept' ? <p>{words.waiting(waitingEmail.email)}</p> : null}
      <p>
        <a href="/self-service/email">{words.enter}</a>
      </p>
    </>
  );
}

/** A change that has not taken over yet, and the way to stop it. */
function Soon({ t, language, visitor, account: { nextEmail, waitingEmail } }: SelfContactPage): VNode | null {
  const isWaiting = waitingEmail !== null && waitingEmail.kind !== 'kept';
  if (!nextEmail && !isWaiting) return null;
  const words = t.selfService.contact;
  const when = nextEmail && `${writeDay(nextEmail.from, language)} ${writeTime(nextEmail.from, language)}`;
  return (
    <SelfForm visitor={visitor} action={ACTION} hidden={{ do: 'call-off' }}>
      {when ? (
        <p>{nextEmail.email === null ? words.soonByLetter(when) : words.soon(nextEmail.email, when)}</p>
      ) : null}
      <Submit text={t.email.callOff} isMain={false} />
    </SelfForm>
  );
}

function LanguageForm({ t, visitor, account }: SelfContactPage): VNode {
  const words = t.selfService.contact;
  return (
    <SelfForm visitor={visitor} action={ACTION} hidden={{ do: 'language' }}>
      <fieldset class="noegle-first">
        <legend class="form-label">{words.languageHeading}</legend>
        {(['da', 'en'] as const).map((language) => (
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
