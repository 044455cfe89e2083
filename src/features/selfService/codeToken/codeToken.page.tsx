import type { VNode } from 'preact';
import type { CodeDigits } from '../../../domain/factors/codeToken.ts';
import type { Day } from '../../../domain/calendar.ts';
import { AppointmentLink } from '../../../ui/borgerservice.tsx';
import { FormPage, Submit } from '../../../ui/form.tsx';
import { writeDates, writeDay, writePastMoment, writeTime } from '../../../ui/language.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Field } from '../../../ui/stepForm.tsx';
import { Values } from '../../../ui/values.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';
import { GuardianNeeded } from '../../guardian/index.ts';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

/** The field with a fault, and what is wrong in it. */
export interface CodeTokenFault {
  readonly field: 'code' | 'first';
  readonly why:
    | { readonly kind: 'malformed'; readonly digits: CodeDigits }
    | { readonly kind: 'wrong'; readonly left: number; readonly isLastRung: boolean }
    | { readonly kind: 'locked'; readonly opensAt: Date }
    | { readonly kind: 'far' | 'spent' | 'notInRow' };
}

export interface CodeTokenView {
  readonly serialNumber: string;
  readonly lastUsedAt: Date | null;
}

export interface ComingCodeTokenView extends CodeTokenView {
  readonly state: 'ordered' | 'sent';
  readonly expected: { readonly from: Day; readonly to: Day } | null;
  readonly activatesAt: Date | null;
}

export interface SelfCodeTokenPage extends SelfServiceFrame {
  readonly active: CodeTokenView | null;
  readonly coming: ComingCodeTokenView | null;
  readonly hasAddress: boolean;
  readonly isInStock: boolean;
  /** Under 15: a desk hands one over. */
  readonly needsGuardian: boolean;
  /** Of this rendering: a form that is sent twice is one attempt. */
  readonly nonce: string;
  readonly fault: CodeTokenFault | null;
  readonly isDone: 'lost' | 'stopped' | 'blocked' | null;
}

const ACTION = '/self-service/code-token';

/** The code token in use and the one on its way, with what can be done about each. */
export function SelfCodeTokenPage(props: SelfCodeTokenPage): VNode {
  const { t, active, coming, fault, isDone } = props;
  const words = t.codeToken;
  const text = fault && describeFault(props, fault);
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-code-token"
      title={words.title}
      errors={fault && text ? [{ field: fault.field, text }] : []}
    >
      {isDone ? <Notice text={words.done[isDone]} kind="success" /> : null}
      <p>{words.what}</p>
      {active ? <ActiveToken {...props} active={active} /> : null}
      {coming ? <ComingToken {...props} coming={coming} /> : null}
      {!active && !coming ? <p>{words.none}</p> : null}
      {coming ? null : <OrderForm {...props} />}
    </FormPage>
  );
}

function ActiveToken(props: SelfCodeTokenPage & { active: CodeTokenView }): VNode {
  const { t, language, user, active, nonce } = props;
  const words = t.codeToken;
  const used = active.lastUsedAt && writePastMoment(active.lastUsedAt, language);
  return (
    <>
      <h2>{words.inUse}</h2>
      <Values
        list={[
          { label: words.number, value: active.serialNumber },
          {
            label: words.lastUsed,
            value: used ? `${used.day} ${used.time}`.replace(/^on /, '') : words.notUsed,
          },
        ]}
      />
      <h3>{words.adjust.title}</h3>
      <p>{words.adjust.means}</p>
      <SelfForm user={user} action={ACTION} hidden={{ do: 'adjust', nonce }}>
        <CodeField {...props} name="first" label={words.adjust.first} />
        <CodeField {...props} name="second" label={words.adjust.second} />
        <Submit text={words.adjust.submit} isMain={false} />
      </SelfForm>
      <h3>{words.block.title}</h3>
      <SelfForm user={user} action={ACTION} hidden={{ do: 'block' }}>
        <p>{words.block.means}</p>
        <Submit text={words.block.submit} isMain={false} />
      </SelfForm>
    </>
  );
}

function ComingToken(props: SelfCodeTokenPage & { coming: ComingCodeTokenView }): VNode {
  const { t, language, user, coming, nonce } = props;
  const words = t.codeToken;
  const { state, expected, activatesAt } = coming;
  const when = activatesAt && `${writeDay(activatesAt, language)} ${writeTime(activatesAt, language)}`;
  return (
    <>
      <h2>{words.coming}</h2>
      <Values list={[{ label: words.number, value: coming.serialNumber }]} />
      <p>
        {when
          ? words.waiting(when)
          : state === 'sent' && expected
            ? words.sent(writeDates(expected, language))
            : words.ordered}
      </p>
      {when ? (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'stop' }}>
          <p>{words.stop.means}</p>
          <Submit text={words.stop.submit} isMain={false} />
        </SelfForm>
      ) : null}
      {state === 'sent' && !when ? (
        <>
          <h3>{words.activate.title}</h3>
          <p>{words.activate.means}</p>
          <SelfForm user={user} action={ACTION} hidden={{ do: 'activate', nonce }}>
            <CodeField {...props} name="code" label={words.activate.code} />
            <Submit text={words.activate.submit} />
          </SelfForm>
          <SelfForm user={user} action={ACTION} hidden={{ do: 'not-arrived' }}>
            <p class="form-hint">{words.activate.notArrivedMeans}</p>
            <Submit text={words.activate.notArrived} isMain={false} />
          </SelfForm>
        </>
      ) : null}
    </>
  );
}

function OrderForm(props: SelfCodeTokenPage): VNode {
  const { t, contact, user, active, hasAddress, isInStock } = props;
  const words = t.codeToken.order;
  if (props.needsGuardian) {
    return (
      <>
        <h2>{t.guardian.askCodeToken}</h2>
        <GuardianNeeded t={t} contact={contact} what="codeToken" />
      </>
    );
  }
  const why = !isInStock ? words.outOfStock : !hasAddress ? words.noAddress : null;
  return (
    <>
      <h2>{words.title}</h2>
      {why === null ? (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'order' }}>
          <p>{words.means}</p>
          {active ? <p>{words.another}</p> : null}
          <Submit text={words.submit} isMain={active === null} />
        </SelfForm>
      ) : (
        <>
          <p>{why}</p>
          <AppointmentLink t={t} contact={contact} />
        </>
      )}
    </>
  );
}

type CodeFieldName = CodeTokenFault['field'] | 'second';

function CodeField(props: SelfCodeTokenPage & { name: CodeFieldName; label: string }): VNode {
  const { name, label, fault } = props;
  return (
    <Field
      name={name}
      label={label}
      hasError={fault?.field === name ? describeFault(props, fault) : false}
      autocomplete="one-time-code"
      inputmode="numeric"
    />
  );
}

function describeFault(
  { t, language }: { t: Texts; language: SelfServiceFrame['language'] },
  { why }: CodeTokenFault,
): string {
  const words = t.codeToken.faults;
  switch (why.kind) {
    case 'malformed':
      return words.malformed(why.digits);
    case 'wrong':
      return (why.isLastRung ? words.wrongLast : words.wrong)(why.left);
    case 'locked':
      return words.locked(`${writeDay(why.opensAt, language)} ${writeTime(why.opensAt, language)}`);
    default:
      return words[why.kind];
  }
}
