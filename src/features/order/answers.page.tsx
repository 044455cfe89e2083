/** The pages that end an order. None of them depends on who is looking: each reads the same for everyone. */
import type { VNode } from 'preact';
import { AppointmentLink } from '../../ui/borgerservice.tsx';
import { Actions, SubmitButton } from '../../ui/form.tsx';
import { writeDate, writeDates, writePastMoment } from '../../ui/language.ts';
import { Page, PhoneLink, StepGuide, type PageFrame } from '../../ui/layout.tsx';
import { Values } from '../../ui/values.tsx';
import type { ExpectedLetters, OrderReceipt } from './receipt.ts';

export interface OrderReceivedPage extends PageFrame {
  readonly receipt: OrderReceipt | null;
  readonly expected: ExpectedLetters;
}

/** Does not reveal whether there is an ID: a person who has one signs in to see. */
export function OrderReceivedPage(props: OrderReceivedPage): VNode {
  const { t, language, contact, receipt, expected } = props;
  const words = t.order.received;
  const activateAt = `${contact.issuer}/activate`;
  return (
    <Page {...props} page="order-received" title={words.title}>
      <StepGuide t={t} names={t.steps.order} current={2} />
      <div class="noegle-receipt">
        <h1>{words.title}</h1>
        {receipt && <Receipt {...props} receipt={receipt} />}
      </div>
      <h2>{words.next}</h2>
      <p>{words.new}</p>
      <p>{words.letters}</p>
      <Values
        list={(['first', 'second'] as const).map((which) => {
          return { label: words[which], value: words.between(writeDates(expected[which], language)) };
        })}
      />
      <p>{words.inLetters}</p>
      <p>
        {words.activate} <a href={activateAt}>{activateAt}</a>
      </p>
      <p>{words.later}</p>
      <p>
        {words.late(writeDate(expected.second.to, language))} <PhoneLink number={contact.hotline} />
      </p>
      <h2>{words.known}</h2>
      <p>{words.unchanged}</p>
      <Actions>
        <a class="button button-secondary" href="/order/sign-in">
          {words.signIn}
        </a>
        <a href="/">{words.home}</a>
      </Actions>
      <p>{words.why}</p>
      <p class="noegle-screen">{words.print}</p>
    </Page>
  );
}

function Receipt({ t, language, receipt }: PageFrame & { readonly receipt: OrderReceipt }): VNode {
  const words = t.order.received;
  const { day, time } = writePastMoment(receipt.at, language);
  return (
    <>
      <p>
        {words.reference} <strong data-reference={receipt.reference}>{receipt.reference}</strong>
      </p>
      <p>{words.at(day, time)}</p>
    </>
  );
}

/** Does not reveal which part did not match, or whether there were too many attempts. */
export function OrderNoMatchPage(props: PageFrame): VNode {
  const words = props.t.order.noMatch;
  return (
    <Page {...props} page="order-no-match" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.again}</p>
      <Actions>
        <a class="button button-primary" href="/order">
          {words.tryAgain}
        </a>
      </Actions>
      <form method="post" action="/order">
        <SubmitButton kind="unstyled" name="clear" value="1" text={props.t.order.form.clear} />
      </form>
      <p>
        {words.next} <AppointmentLink {...props} />
      </p>
    </Page>
  );
}

/**
 * Shown after both factors, to the person themselves.
 * @param props.csrf for the sign-out; null when no one is signed in
 */
export function OrderPublicSitesPage(props: PageFrame & { wasOn: boolean; csrf: string | null }): VNode {
  const words = props.t.order.publicSites;
  const { title, what } = words[props.wasOn ? 'already' : 'now'];
  return (
    <Page {...props} page="order-public-sites" title={title}>
      <h1>{title}</h1>
      <p>{what}</p>
      <Actions>
        <a class="button button-primary" href="/services">
          {words.where}
        </a>
      </Actions>
      {props.csrf === null ? null : (
        <form method="post" action="/session">
          <input type="hidden" name="csrf" value={props.csrf} />
          <p>{words.leave}</p>
          <Actions>
            <SubmitButton kind="secondary" name="end" value="here" text={props.t.session.endHere} />
          </Actions>
        </form>
      )}
    </Page>
  );
}

export function OrderUnchangedPage(props: PageFrame): VNode {
  const words = props.t.order.unchanged;
  return (
    <Page {...props} page="order-unchanged" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      <Actions>
        <a class="button button-secondary" href="/order/sign-in">
          {words.signIn}
        </a>
        <a href="/">{props.t.order.received.home}</a>
      </Actions>
    </Page>
  );
}
