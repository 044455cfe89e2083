/** The playground's form, and the authorization request that it builds. */
import type { VNode } from 'preact';
import { PLAYGROUND_OPTIONS, type PlaygroundOption } from './request.ts';
import { PARAMETERS } from './explain.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Submit } from '../../ui/form.tsx';

export interface PlaygroundProps extends PageFrame {
  readonly relyingParties: readonly { readonly clientId: string; readonly kind: string }[];
  readonly scopes: readonly string[];
  readonly failedCalls?: readonly FailedCallRow[] | undefined;
}

interface FailedCallRow {
  readonly at: Date;
  readonly url: string;
  readonly why: string;
}

const LABELS: Readonly<Record<PlaygroundOption, string>> = {
  acr: 'Level (acr)',
  prompt: 'prompt',
  max_age: 'max_age, in seconds',
  ui_locales: 'ui_locales',
};

const VALUES: Readonly<Record<string, string>> = {
  '': 'not sent',
  low: 'Low, wished for',
  substantial: 'Substantial, wished for',
  'essential-low': 'Low, essential',
  'essential-substantial': 'Substantial, essential',
};

export function PlaygroundPage(props: PlaygroundProps): VNode {
  return (
    <Page {...props} page="developers" title="Playground">
      <h1>Playground</h1>
      <p>
        Be a relying party: put a request together, sign in as one of{' '}
        <a href="/developers/people">the demo people</a>, and see every request and answer. It is there in the
        sandbox alone.
      </p>
      <form method="get" action="/developers/request">
        <div class="form-group">
          <label class="form-label" for="client_id">
            Relying party
          </label>
          <select class="form-select" id="client_id" name="client_id">
            {props.relyingParties.map(({ clientId, kind }) => (
              <option key={clientId} value={clientId}>
                {`${clientId} (${kind})`}
              </option>
            ))}
          </select>
        </div>
        <fieldset class="form-group">
          <legend class="form-label">Scopes besides openid</legend>
          {props.scopes.map((scope) => (
            <div class="form-group-checkbox" key={scope}>
              <input
                class="form-checkbox"
                type="checkbox"
                id={`scope-${scope}`}
                name={scope}
                value="yes"
                checked={scope === 'profile'}
              />
              <label for={`scope-${scope}`}>{scope}</label>
            </div>
          ))}
        </fieldset>
        {(Object.keys(PLAYGROUND_OPTIONS) as PlaygroundOption[]).map((name) => (
          <div class="form-group" key={name}>
            <label class="form-label" for={name}>
              {LABELS[name]}
            </label>
            <select class="form-select" id={name} name={name}>
              {PLAYGROUND_OPTIONS[name].map((value) => (
                <option key={value} value={value}>
                  {VALUES[value] ?? value}
                </option>
              ))}
            </select>
          </div>
        ))}
        <Submit text="Show the request" />
      </form>
      {props.failedCalls && props.failedCalls.length > 0 ? <FailedCalls calls={props.failedCalls} /> : null}
    </Page>
  );
}

/** Calls of Nøgle to addresses that a relying party registered, and why they failed. */
function FailedCalls({ calls }: { calls: readonly FailedCallRow[] }): VNode {
  return (
    <section>
      <h2>Calls to your sites that failed</h2>
      <p>Log-outs that were not taken, and keys that could not be read. The latest first.</p>
      <dl class="noegle-values">
        {calls.map(({ at, url, why }) => (
          <div key={`${at.toISOString()} ${url}`}>
            <dt>{url}</dt>
            <dd>
              {why}
              <span class="form-hint">{at.toISOString()}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export interface RequestProps extends PageFrame {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function RequestPage(props: RequestProps): VNode {
  const { parameters, path } = props;
  return (
    <Page {...props} page="developers-request" title="The authorization request">
      <h1>The authorization request</h1>
      <p>The browser is sent to this address. Each parameter, and what it is for:</p>
      <Parameters parameters={parameters} />
      <p>
        <a class="button button-primary" href={`${path}?${new URLSearchParams(parameters)}`}>
          Send it
        </a>
      </p>
      <p>
        <a href="/developers/people">Who to be, and their key cards</a>
      </p>
    </Page>
  );
}

export function Parameters({ parameters }: Pick<RequestProps, 'parameters'>): VNode {
  return (
    <dl class="noegle-values">
      {Object.entries(parameters).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {PARAMETERS[name] ? <span class="form-hint">{PARAMETERS[name]}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
