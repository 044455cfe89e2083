import type { VNode } from 'preact';
import { Actions } from '../../ui/form.tsx';
import { Page, type PageFrame } from '../../ui/layout.tsx';

const LINKS = [
  ['order', '/order'],
  ['activate', '/activate'],
  ['services', '/services'],
  ['help', '/help'],
] as const;

export interface StartPage extends PageFrame {
  /** Where developers try a sign-in; only in the sandbox. */
  readonly playground: string | null;
}

/** What Nøgle is, how a sign-in goes, and the two things that people come for: self-service and blocking. */
export function StartPage(props: StartPage): VNode {
  const words = props.t.start;
  return (
    <Page {...props} page="start" title={words.title}>
      <div class="noegle-hero">
        <div>
          <h1>{words.title}</h1>
          <p class="noegle-lead">{words.what}</p>
          <Actions>
            <a class="button button-primary" href="/self-service">
              {words.signIn}
            </a>
            <a class="button button-secondary noegle-alarm" href="/block">
              {words.block}
            </a>
          </Actions>
          <p class="noegle-under">{words.blockWhen}</p>
        </div>
        <KeyCard brand={props.t.brand} />
      </div>
      <h2>{words.how}</h2>
      <ol class="noegle-three">
        {words.steps.map(({ title, text }, i) => (
          <li key={title}>
            <span class="noegle-three-number" aria-hidden="true">
              {i + 1}
            </span>
            <div>
              <h3>{title}</h3>
              <p>{text}</p>
            </div>
          </li>
        ))}
      </ol>
      <h2>{words.more}</h2>
      <ul class="noegle-links">
        {LINKS.map(([name, path]) => (
          <li key={name}>
            <a href={path}>{words.links[name].label}</a>
            <span>{words.links[name].text}</span>
          </li>
        ))}
      </ul>
      <h2>{words.developers.heading}</h2>
      <p>{words.developers.text}</p>
      {props.playground ? (
        <p>
          <a href={props.playground}>{words.developers.playground}</a>
        </p>
      ) : null}
      <p>
        <a href="/.well-known/openid-configuration">{words.developers.link}</a>
      </p>
    </Page>
  );
}

const ROWS = [
  ['0031', '0412', '2087', '5530'],
  ['0087', '0958', '2611', '6104'],
  ['0199', '1343', '3375', '7728'],
  ['0270', '1790', '4026', '9249'],
];

/** A drawn key card, with one key marked. It says nothing that the steps do not say. */
function KeyCard({ brand }: { brand: string }): VNode {
  return (
    <svg class="noegle-card noegle-start-card" viewBox="0 0 344 146" aria-hidden="true">
      <rect class="noegle-card-face" x="1" y="1" width="342" height="144" rx="10" />
      <text class="noegle-card-mark" x="14" y="26">
        {brand}
      </text>
      <text class="noegle-card-mark" x="330" y="26" text-anchor="end">
        A123-456-789
      </text>
      {ROWS.flatMap((numbers, row) =>
        numbers.map((number, column) => {
          const [x, y] = [14 + column * 82, 56 + row * 25];
          const isAsked = number === '2611';
          return (
            <g class={isAsked ? 'noegle-card-asked' : 'noegle-card-row'} key={number}>
              {isAsked ? (
                <rect class="noegle-card-frame" x={x - 5} y={y - 15} width="80" height="21" rx="4" />
              ) : null}
              <text x={x} y={y}>
                {number}
              </text>
              <text x={x + 32} y={y}>
                {isAsked ? '483920' : '••••••'}
              </text>
            </g>
          );
        }),
      )}
    </svg>
  );
}
