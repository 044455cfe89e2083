import type { VNode } from 'preact';
import { formatCardNumber, KEYS_ON_CARD } from '../../domain/card/keyCard.ts';
import type { AccountView } from './readAccount.ts';
import { Values } from '../../ui/values.tsx';
import { SelfServicePage, type SelfServiceFrame } from './selfServiceFrame.page.tsx';
import { KeyProofNeeded } from './confirm/proof.page.tsx';

export interface SelfHomePage extends SelfServiceFrame {
  readonly account: AccountView;
}

const LINKS = [
  ['card', 'card'],
  ['signIn', 'sign-in'],
  ['contact', 'contact'],
  ['publicSites', 'public-sites'],
  ['activity', 'activity'],
  ['access', 'access'],
  ['browsers', 'browsers'],
  ['block', 'block'],
  ['data', 'data'],
  ['close', 'close'],
] as const;

/** The overview: the ID, and everything that can be done with it. */
export function SelfHomePage(props: SelfHomePage): VNode {
  const { t, account, hasRecentKey } = props;
  const words = t.selfService.overview;
  const { name, idNumber, userId, publicSites, proofing, cards } = account;
  const card = cards.find(({ state }) => state === 'active');
  return (
    <SelfServicePage {...props} page="self-home" title={words.title}>
      <h1>{words.title}</h1>
      <h2>{words.myId}</h2>
      <Values
        list={[
          { label: words.name, value: name },
          {
            label: words.idNumber,
            value: hasRecentKey ? groupIdNumber(idNumber) : t.selfService.proof.hidden,
          },
          { label: words.userId, value: userId ?? words.noUserId },
          { label: words.state, value: publicSites ? words.works.everywhere : words.works.bank },
          { label: words.level, value: words.levels[proofing] },
          { label: words.card, value: card ? formatCardNumber(card.cardNumber) : words.noCard },
        ]}
      />
      {card ? <KeysLeft left={card.keysLeft} text={t.selfService.keysLeft(card.keysLeft)} /> : null}
      {hasRecentKey ? null : (
        <KeyProofNeeded t={t} text={t.selfService.proof.idNumber} path="/self-service" />
      )}
      <h2>{words.what}</h2>
      <ul class="noegle-links">
        {LINKS.map(([link, path]) => (
          <li key={path}>
            <a href={`/self-service/${path}`}>{words.links[link].label}</a>
            <span>{words.links[link].about}</span>
          </li>
        ))}
      </ul>
    </SelfServicePage>
  );
}

/** A number for everyone, and a bar for sighted users. */
export function KeysLeft({ left, text }: { left: number; text: string }): VNode {
  return (
    <p class="noegle-left">
      <svg class="noegle-bar" viewBox={`0 0 ${KEYS_ON_CARD} 4`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="noegle-bar-all" width={KEYS_ON_CARD} height="4" />
        <rect class="noegle-bar-left" width={left} height="4" />
      </svg>
      {text}
    </p>
  );
}

/** The number grouped as in the welcome letter. */
export function groupIdNumber(idNumber: string): string {
  return idNumber.replace(/(\d{3})(?=\d)/g, '$1-');
}
