import type { VNode } from 'preact';
import {
  costsKey,
  type DeedRefusal,
  type SelfDeed,
  type SelfDeedKind,
} from '../../../core/selfService/deed.ts';
import { writeDay, writeTime } from '../../language.ts';
import type { Texts } from '../../text/da.ts';
import { Challenge } from '../challenge.tsx';
import { keyErrorText, type KeyError } from '../key.tsx';
import { KeyField } from '../stepForm.tsx';
import { Notice } from '../notice.tsx';
import { Actions, FormPage, SubmitButton, listFault } from '../form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from './frame.tsx';

export interface SelfConfirmPage extends SelfServiceFrame {
  readonly id: string;
  readonly nonce: string;
  readonly deed: SelfDeed;
  readonly cardNumber: string;
  readonly keyNumber: string;
  readonly error: KeyError | null;
}

/** What a key is about to be given for, in words, and the key page below it. */
export function SelfConfirmPage(props: SelfConfirmPage): VNode {
  const { t, visitor, error, id, deed } = props;
  const words = t.selfService.confirm;
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-confirm"
      title={words.title}
      errors={listFault('key', error && keyErrorText(t, error))}
    >
      <p>
        <strong>{sayDeed(t, deed)}</strong>
      </p>
      <p>{words.why}</p>
      <Challenge t={t} cardNumber={props.cardNumber} keyNumber={props.keyNumber} />
      <SelfForm
        visitor={visitor}
        action={`/self-service/confirm/${id}`}
        hidden={{ cardNumber: props.cardNumber, keyNumber: props.keyNumber, nonce: props.nonce }}
      >
        <KeyField t={t} fault={error && keyErrorText(t, error)} />
        <Actions>
          <SubmitButton text={words.submit} />
          <a href={pathOf(deed.kind)}>{words.cancel}</a>
        </Actions>
      </SelfForm>
    </FormPage>
  );
}

function sayDeed(t: Texts, deed: SelfDeed): string {
  const words = t.selfService.confirm.deeds;
  switch (deed.kind) {
    case 'change_email':
      return deed.email === null ? words.noEmail : words.change_email(deed.email);
    case 'change_user_id':
      return words.change_user_id(deed.userId);
    case 'change_threshold':
      return words.change_threshold(deed.threshold);
    default:
      return words[deed.kind];
  }
}

/** The page that a deed was asked for on. */
function pathOf(kind: SelfDeedKind): string {
  switch (kind) {
    case 'change_email':
      return '/self-service/contact';
    case 'change_user_id':
    case 'change_password':
      return '/self-service/sign-in';
    case 'change_threshold':
    case 'order_card':
      return '/self-service/card';
    case 'public_sites_on':
      return '/self-service/public-sites';
    case 'close_id':
      return '/self-service/close';
  }
}

export type SelfTold =
  | { readonly kind: 'done'; readonly deed: SelfDeedKind }
  | { readonly kind: 'refused'; readonly deed: SelfDeedKind; readonly why: DeedRefusal }
  | { readonly kind: 'locked'; readonly opensAt: Date }
  | { readonly kind: 'gone' | 'no_card' };

export interface SelfToldPage extends SelfServiceFrame {
  readonly told: SelfTold;
}

/** What came of it: what happened, why, and where to go on. */
export function SelfToldPage(props: SelfToldPage): VNode {
  const { t, told } = props;
  const title = titleOf(props);
  const words = t.selfService.told;
  return (
    <SelfServicePage {...props} page="self-told" title={title}>
      <h1>{title}</h1>
      {told.kind === 'done' ? <Notice text={t.selfService.done[told.deed]} kind="success" /> : null}
      {told.kind === 'refused' ? (
        <>
          <p>{whyRefused(t, told.why)}</p>
          <p>{costsKey(told.why) ? words.spent : words.notSpent}</p>
        </>
      ) : null}
      {told.kind === 'gone' ? <p>{words.gone}</p> : null}
      {told.kind === 'locked' ? (
        <>
          <p>{words.locked}</p>
          <p>{t.locked.why}</p>
        </>
      ) : null}
      {told.kind === 'no_card' ? (
        <>
          <p>{words.noCard}</p>
          <p>{words.noCardNext}</p>
        </>
      ) : null}
      {told.kind === 'done' || told.kind === 'refused' ? (
        <p>
          <a href={pathOf(told.deed)}>{backTo(t, told.deed)}</a>
        </p>
      ) : null}
    </SelfServicePage>
  );
}

function titleOf({ t, language, told }: SelfToldPage): string {
  if (told.kind === 'done') return t.selfService.done.title;
  if (told.kind !== 'locked') return t.selfService.told.title;
  return t.locked.heading(writeDay(told.opensAt, language), writeTime(told.opensAt, language));
}

function whyRefused(t: Texts, why: DeedRefusal): string {
  const words = t.selfService.told.why;
  return why in words ? words[why as keyof typeof words] : words.other;
}

/** By the name that the link on the overview has. */
function backTo(t: Texts, kind: SelfDeedKind): string {
  const { links } = t.selfService.overview;
  switch (kind) {
    case 'change_email':
      return links.contact.label;
    case 'change_user_id':
    case 'change_password':
      return links.signIn.label;
    case 'change_threshold':
    case 'order_card':
      return links.card.label;
    case 'public_sites_on':
      return links.publicSites.label;
    case 'close_id':
      return links.close.label;
  }
}
