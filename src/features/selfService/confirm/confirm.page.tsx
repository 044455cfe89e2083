import type { VNode } from 'preact';
import {
  refusalSpendsKey,
  type SelfServiceRefusal,
  type SelfServiceAction,
  type SelfServiceActionKind,
} from '../../../domain/selfServiceAction.ts';
import { AppointmentLink } from '../../../ui/borgerservice.tsx';
import type { KeyPlace } from '../../../domain/card/cardLayout.ts';
import { writeDay, writePastMoment, writeTime } from '../../../ui/language.ts';
import { Values } from '../../../ui/values.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Challenge } from '../../../ui/challenge.tsx';
import { composeKeyErrorText, SecurityKeyAlert, type KeyError } from '../../signIn/index.ts';
import { KeyField } from '../../../ui/stepForm.tsx';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Actions, FormPage, SubmitButton, listFault } from '../../../ui/form.tsx';
import type { AccountView } from '../readAccount.ts';
import {
  composeSecondWayErrors,
  SecondWayButton,
  SecondWayFields,
  secondWayAttributes,
  type OfferedSecondWay,
  type SecondWayError,
} from './secondWay.page.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

export interface SelfConfirmPage extends SelfServiceFrame {
  readonly id: string;
  readonly nonce: string;
  readonly action: SelfServiceAction;
  readonly cardNumber: string;
  readonly keyNumber: string;
  readonly place: KeyPlace | null;
  readonly error: KeyError | null;
  /** What may confirm it too; null where that changes nothing, or the person has nothing else. */
  readonly secondWay: OfferedSecondWay | null;
  readonly secondWayError: SecondWayError | null;
}

/** Describes the action that the key confirms, with the key form below it. */
export function SelfConfirmPage(props: SelfConfirmPage): VNode {
  const { t, user, error, id, action, cardNumber, keyNumber, place, nonce, secondWay } = props;
  const words = t.selfService.confirm;
  const { code, alert } = composeSecondWayErrors(t, props.secondWayError);
  const hidden = { cardNumber, keyNumber, nonce, ...(secondWay ? { form: secondWay.form } : {}) };
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-confirm"
      title={words.title}
      alert={SecurityKeyAlert({ text: alert })}
      errors={[...listFault('key', error && composeKeyErrorText(t, error)), ...listFault('code', code)]}
    >
      <p>
        <strong>{describeAction(t, action)}</strong>
      </p>
      <Challenge t={t} cardNumber={cardNumber} keyNumber={keyNumber} place={place}>
        <SelfForm
          user={user}
          action={`/self-service/confirm/${id}`}
          hidden={hidden}
          data={secondWay ? secondWayAttributes(secondWay) : {}}
        >
          <KeyField t={t} fault={error && composeKeyErrorText(t, error)} />
          <p>{words.why}</p>
          {secondWay ? <SecondWayFields t={t} secondWay={secondWay} codeFault={code} /> : null}
          <Actions>
            <SubmitButton
              text={words.submit}
              {...(secondWay?.webAuthn ? { name: 'plain', value: '1' } : {})}
            />
            {secondWay ? <SecondWayButton t={t} webAuthn={secondWay.webAuthn} /> : null}
            <a href={findActionPath(action.kind)}>{words.cancel}</a>
          </Actions>
        </SelfForm>
      </Challenge>
    </FormPage>
  );
}

function describeAction(t: Texts, action: SelfServiceAction): string {
  const words = t.selfService.confirm.actions;
  switch (action.kind) {
    case 'change_email':
      return action.email === null ? words.noEmail : words.change_email(action.email);
    case 'change_user_id':
      return words.change_user_id(action.userId);
    case 'add_security_key':
      return words.add_security_key(action.name);
    case 'change_threshold':
      return words.change_threshold(action.threshold);
    case 'change_card_format':
      return t.cardFormats.change.confirm[action.order ? 'now' : 'next'](t.cardFormats.kinds[action.format]);
    default:
      return words[action.kind];
  }
}

/** The page on which the action was requested. */
function findActionPath(kind: SelfServiceActionKind): string {
  switch (kind) {
    case 'change_email':
      return '/self-service/contact';
    case 'change_user_id':
    case 'change_password':
      return '/self-service/sign-in';
    case 'change_threshold':
    case 'change_card_format':
    case 'order_card':
      return '/self-service/card';
    case 'order_code_token':
    case 'activate_code_token':
    case 'adjust_code_token':
      return '/self-service/code-token';
    case 'add_security_key':
      return '/self-service/security-keys';
    case 'public_sites_on':
      return '/self-service/public-sites';
    case 'close_id':
      return '/self-service/close';
  }
}

export type ConfirmationMessage =
  | {
      readonly kind: 'done';
      readonly action: SelfServiceActionKind;
      readonly doneAt: Date;
      /** A second way confirmed it too. */
      readonly isConfirmedTwice: boolean;
      /** Of the security key that was added; null for any other action. */
      readonly keyName: string | null;
      /** What is in effect now. */
      readonly account: Pick<AccountView, 'userId' | 'threshold' | 'cardFormat' | 'cards'>;
    }
  | { readonly kind: 'refused'; readonly action: SelfServiceActionKind; readonly why: SelfServiceRefusal }
  | { readonly kind: 'locked'; readonly opensAt: Date }
  | { readonly kind: 'gone' | 'no_card' };

export interface SelfMessagePage extends SelfServiceFrame {
  readonly message: ConfirmationMessage;
}

/** The outcome of the action, the reason, and where to continue. */
export function SelfMessagePage(props: SelfMessagePage): VNode {
  const { t, message } = props;
  const title = composeMessageTitle(props);
  const words = t.selfService.message;
  return (
    <SelfServicePage {...props} page="self-told" title={title}>
      <h1>{title}</h1>
      {message.kind === 'done' ? <Receipt {...props} message={message} /> : null}
      {message.kind === 'refused' ? (
        <>
          <p>{explainRefusal(t, message.why)}</p>
          {NEEDS_VISIT.has(message.why) ? <AppointmentLink {...props} /> : null}
          <p>{refusalSpendsKey(message.why) ? words.spent : words.notSpent}</p>
        </>
      ) : null}
      {message.kind === 'gone' ? <p>{words.gone}</p> : null}
      {message.kind === 'locked' ? (
        <>
          <p>{words.locked}</p>
          <p>{t.locked.why}</p>
        </>
      ) : null}
      {message.kind === 'no_card' ? (
        <>
          <p>{words.noCard}</p>
          <p>{words.noCardNext}</p>
          <AppointmentLink {...props} />
        </>
      ) : null}
      {message.kind === 'done' || message.kind === 'refused' ? (
        <p>
          <a href={findActionPath(message.action)}>{findBackLinkName(t, message.action)}</a>
        </p>
      ) : (
        <p>
          <a href="/self-service">{words.overview}</a>
        </p>
      )}
    </SelfServicePage>
  );
}

type DoneMessage = Extract<ConfirmationMessage, { kind: 'done' }>;

/** What was done, to keep on paper. */
function Receipt({ t, language, user, message }: SelfMessagePage & { message: DoneMessage }): VNode {
  const words = t.selfService.done;
  const { day, time } = writePastMoment(message.doneAt, language);
  return (
    <>
      <Notice text={describeDone(t, message)} kind="success" />
      <h2>{words.receipt}</h2>
      <Values
        list={[
          { label: words.name, value: user.name },
          { label: words.what, value: words.whats[message.action] },
          ...(message.keyName === null ? [] : [{ label: words.keyName, value: message.keyName }]),
          { label: words.when, value: `${day} ${time}`.replace(/^on /, '') },
        ]}
      />
      <p class="noegle-screen-only">{words.paper}</p>
    </>
  );
}

function describeDone(t: Texts, { action, account, isConfirmedTwice }: DoneMessage): string {
  const words = t.selfService.done;
  switch (action) {
    case 'add_security_key':
      return isConfirmedTwice ? words.addedAtOnce : words.add_security_key;
    case 'change_user_id':
      return words.change_user_id(account.userId ?? '');
    case 'change_threshold':
      return words.change_threshold(account.threshold);
    case 'change_card_format':
      return words.change_card_format[findFormatCard(account.cards)](t.cardFormats.kinds[account.cardFormat]);
    default:
      return words[action];
  }
}

/** The card that the chosen format is for. */
function findFormatCard(cards: AccountView['cards']): 'next' | 'coming' | 'after' {
  if (cards.some(({ state }) => state === 'ordered')) return 'coming';
  return cards.some(({ state }) => state === 'sent') ? 'after' : 'next';
}

function composeMessageTitle({ t, language, message }: SelfMessagePage): string {
  if (message.kind === 'done') return t.selfService.done.title;
  if (message.kind !== 'locked') return t.selfService.message.title;
  return t.locked.heading(writeDay(message.opensAt, language), writeTime(message.opensAt, language));
}

/** Those that are put right at the desk. */
const NEEDS_VISIT: ReadonlySet<SelfServiceRefusal> = new Set([
  'no_address',
  'no_cpr',
  'needs_guardian',
] as const);

function explainRefusal(t: Texts, why: SelfServiceRefusal): string {
  const words = t.selfService.message.why;
  return why in words ? words[why as keyof typeof words] : words.other;
}

/** The page is named as in its link on the overview. */
function findBackLinkName(t: Texts, kind: SelfServiceActionKind): string {
  const { links } = t.selfService.overview;
  switch (kind) {
    case 'change_email':
      return links.contact.label;
    case 'change_user_id':
    case 'change_password':
      return links.signIn.label;
    case 'change_threshold':
    case 'change_card_format':
    case 'order_card':
      return links.card.label;
    case 'order_code_token':
    case 'activate_code_token':
    case 'adjust_code_token':
      return links.codeToken.label;
    case 'add_security_key':
      return links.securityKeys.label;
    case 'public_sites_on':
      return links.publicSites.label;
    case 'close_id':
      return links.close.label;
  }
}
