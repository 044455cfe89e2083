/** The playground's answer page: the authorization response and the calls that followed. */
import type { VNode } from 'preact';
import type { ErrorAdvice } from '../../domain/errors/errorTable.ts';
import type { DecodedToken, Exchange } from './exchange.ts';
import { CLAIMS } from './explain.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Actions, SubmitButton } from '../../ui/form.tsx';
import { Parameters } from './form.page.tsx';

export interface AnswerProps extends PageFrame {
  /** The authorization request; null where the page is about a later call. */
  readonly asked: Readonly<Record<string, string>> | null;
  /** The query of the redirect. */
  readonly query: Readonly<Record<string, string>>;
  readonly exchanges: readonly Exchange[];
  readonly token: DecodedToken | null;
  readonly advice: ErrorAdvice | null;
  /** The tokens, sealed, for further calls; null where there are none. */
  readonly box: string | null;
  /** False without a refresh token. */
  readonly canRefresh: boolean;
  readonly logoutUrl: string | null;
}

const FURTHER = [
  ['userinfo', 'Ask /me again'],
  ['introspect', 'Introspect the access token'],
  ['refresh', 'Use the refresh token'],
  ['revoke', 'Give the access token back'],
] as const;

export function AnswerPage(props: AnswerProps): VNode {
  const { asked, query, exchanges, token, advice, box, canRefresh, logoutUrl } = props;
  const further = FURTHER.filter(([what]) => canRefresh || what !== 'refresh');
  return (
    <Page {...props} page="developers-answer" title="What was said">
      <h1>What was said</h1>
      {asked ? (
        <>
          <h2>The authorization request</h2>
          <Parameters parameters={asked} />
          <h2>The browser came back with</h2>
          <Parameters parameters={query} />
        </>
      ) : null}
      {advice ? <Advice advice={advice} /> : null}
      {exchanges.map((exchange) => (
        <section key={exchange.request}>
          <h2>{exchange.what}</h2>
          <pre class="noegle-wire">{exchange.request}</pre>
          <h3>{`Answer: ${exchange.status}`}</h3>
          <pre class="noegle-wire">{exchange.response}</pre>
        </section>
      ))}
      {token ? <Token token={token} /> : null}
      {box ? (
        <form method="post" action="/developers/next">
          <h2>Go on</h2>
          <input type="hidden" name="box" value={box} />
          <Actions>
            {further.map(([what, label]) => (
              <SubmitButton kind="secondary" name="what" value={what} key={what} text={label} />
            ))}
          </Actions>
        </form>
      ) : null}
      {logoutUrl ? (
        <p>
          <a href={logoutUrl}>Log out, as the relying party asks for it</a>
        </p>
      ) : null}
      <p>
        <a href="/developers">Another request</a>
      </p>
    </Page>
  );
}

function Advice({ advice }: { advice: ErrorAdvice }): VNode {
  return (
    <section>
      <h2>What the error means</h2>
      <dl class="noegle-values">
        <div>
          <dt>Cause</dt>
          <dd>{advice.cause}</dd>
        </div>
        <div>
          <dt>The person saw</dt>
          <dd>{advice.personSaw ?? 'no one is there: it is an answer to your server'}</dd>
        </div>
        <div>
          <dt>What to do</dt>
          <dd>{advice.remedy}</dd>
        </div>
      </dl>
    </section>
  );
}

function Token({ token }: { token: DecodedToken }): VNode {
  const claims = Object.keys(JSON.parse(token.payload) as object);
  return (
    <section>
      <h2>The ID token, decoded</h2>
      <p>
        {token.kid === null
          ? 'No published key made its signature: do not believe it.'
          : `Its signature was made by the published key ${token.kid}.`}
      </p>
      <pre class="noegle-wire">{token.header}</pre>
      <pre class="noegle-wire">{token.payload}</pre>
      <dl class="noegle-values">
        {claims.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{CLAIMS[name] ?? 'see docs/reference/claims.md'}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
