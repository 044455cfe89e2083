/** The demo people that a developer can sign in as, with their user ID, password and card. */
import type { VNode } from 'preact';
import type { DemoCard } from '../identity/index.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';

export interface DemoPersonView {
  readonly fullName: string;
  readonly about: string;
  readonly userId: string;
  readonly password: string;
}

export function PeoplePage(props: PageFrame & { readonly people: readonly DemoPersonView[] }): VNode {
  return (
    <Page {...props} page="developers-people" title="Demo people">
      <h1>Demo people</h1>
      <p>Open a card beside the sign-in: it marks the key that is asked for.</p>
      <dl class="noegle-values">
        {props.people.map(({ fullName, about, userId, password }) => (
          <div key={userId}>
            <dt>
              <a href={`/developers/people/${userId}`}>{fullName}</a>
            </dt>
            <dd>
              {`${userId} / ${password}`}
              <span class="form-hint">{about}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p>
        <a href="/developers">The playground</a>
      </p>
    </Page>
  );
}

export function CardPage(
  props: PageFrame & { readonly person: DemoPersonView; readonly card: DemoCard | null },
): VNode {
  const { person, card } = props;
  return (
    <Page {...props} page="developers-card" title={`The card of ${person.fullName}`}>
      <h1>{person.fullName}</h1>
      <dl class="noegle-values">
        <div>
          <dt>User ID</dt>
          <dd>{person.userId}</dd>
        </div>
        <div>
          <dt>Password</dt>
          <dd>{person.password}</dd>
        </div>
        <div>
          <dt>Key card</dt>
          <dd>{card?.cardNumber ?? 'none in use'}</dd>
        </div>
        <div>
          <dt>Asked for</dt>
          <dd>{card?.asked ?? 'nothing yet: give user ID and password first, then load this page again'}</dd>
        </div>
      </dl>
      {card ? (
        <ol class="noegle-keys">
          {card.keys.map(({ number, key, isSpent }) => (
            <li key={number}>
              {number === card.asked ? (
                <mark>{`${number} ${key}`}</mark>
              ) : isSpent ? (
                <s>{`${number} ${key}`}</s>
              ) : (
                `${number} ${key}`
              )}
            </li>
          ))}
        </ol>
      ) : null}
      <p>
        <a href="/developers/people">The others</a>
      </p>
    </Page>
  );
}
