import type { VNode } from 'preact';
import { Page, type PageFrame } from '../../ui/layout.tsx';

const LINKS = [
  ['order', '/order'],
  ['activate', '/activate'],
  ['block', '/block'],
  ['selfService', '/self-service'],
  ['services', '/services'],
  ['help', '/help'],
] as const;

export function StartPage(props: PageFrame): VNode {
  const words = props.t.start;
  return (
    <Page {...props} page="start" title={words.title}>
      <h1>{words.title}</h1>
      {words.what.map((text) => (
        <p key={text}>{text}</p>
      ))}
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
      <p>
        <a href="/.well-known/openid-configuration">{words.developers.link}</a>
      </p>
    </Page>
  );
}
