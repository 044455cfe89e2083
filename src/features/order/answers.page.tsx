/** The pages that end an order. None of them depends on who is looking: each reads the same for everyone. */
import type { VNode } from 'preact';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Actions, SubmitButton } from '../../ui/form.tsx';

/** Does not reveal whether there is an ID: a person who has one signs in to see. */
export function OrderReceivedPage(props: PageFrame): VNode {
  const words = props.t.order.received;
  return (
    <Page {...props} page="order-received" title={words.title}>
      <h1>{words.title}</h1>
      <h2>{words.new}</h2>
      <p>{words.letters}</p>
      <h2>{words.known}</h2>
      <p>{words.unchanged}</p>
      <Actions>
        <a class="button button-secondary" href="/order/sign-in">
          {words.signIn}
        </a>
      </Actions>
      <p>{words.why}</p>
    </Page>
  );
}

/** Does not reveal which part did not match, or whether there were too many attempts. */
export function OrderNoMatchPage(props: PageFrame): VNode {
  const words = props.t.order.noMatch;
  return (
    <Page {...props} page="order-no-match" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      <p>{words.again}</p>
      <Actions>
        <a class="button button-secondary" href="/order">
          {words.tryAgain}
        </a>
      </Actions>
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
      </Actions>
    </Page>
  );
}
