import type { ComponentChildren, VNode } from 'preact';
import { pickFactors, type HeldFactor } from '../../domain/factors/heldFactors.ts';
import type { Localized } from '../../domain/language/language.ts';
import { formatCardNumber, KEYS_ON_CARD } from '../../domain/card/keyCard.ts';
import { formatIdNumber } from '../../domain/person/idNumber.ts';
import type { AccountView } from './readAccount.ts';
import { writeDates, writeDay, writeTime } from '../../ui/language.ts';
import { Values } from '../../ui/values.tsx';
import type { Texts } from '../../ui/words/words.da.ts';
import { maskEmail } from '../contact/index.ts';
import { SelfServicePage, type SelfServiceFrame } from './selfServiceFrame.page.tsx';
import { LINKS } from './selfServiceNav.page.tsx';
import { KeyProofNeeded } from './confirm/proof.page.tsx';

export interface SelfHomePage extends SelfServiceFrame {
  readonly account: AccountView;
  /** How many computers and phones are signed in, this one included. */
  readonly signedIn: number;
  /** How many are the person's own. */
  readonly ownBrowsers: number;
  /** Those that have not ended. */
  readonly factors: readonly HeldFactor[];
  /** The services that may get something about the person. */
  readonly services: readonly Localized[];
}

type LinkName = (typeof LINKS)[number][0];

/** The overview: the ID, and a card for each page that says what is in effect there. */
export function SelfHomePage(props: SelfHomePage): VNode {
  const { t, account, hasRecentKey } = props;
  const words = t.selfService.overview;
  const { name, idNumber, userId, proofing } = account;
  return (
    <SelfServicePage {...props} page="self-home" title={words.title}>
      <h1>{words.title}</h1>
      <Values
        list={[
          { label: words.name, value: name },
          {
            label: words.idNumber,
            value: hasRecentKey ? formatIdNumber(idNumber) : t.selfService.proof.hidden,
          },
          { label: words.userId, value: userId ?? words.noUserId },
          { label: words.level, value: words.levels[proofing] },
        ]}
      />
      {hasRecentKey ? null : (
        <KeyProofNeeded t={t} text={t.selfService.proof.idNumber} path="/self-service" />
      )}
      <h2>{words.what}</h2>
      <ul class="noegle-cards no-max-width">
        {LINKS.map(([link, path]) => (
          <li key={path}>
            <a href={`/self-service/${path}`}>{words.links[link].label}</a>
            <CardState {...props} link={link} />
            <span>{words.links[link].about}</span>
          </li>
        ))}
        <ServicesCard {...props} />
      </ul>
    </SelfServicePage>
  );
}

/** What is in effect; nothing for a page that has no state. */
function CardState(props: SelfHomePage & { link: LinkName }): VNode | null {
  const { t, account, link } = props;
  const words = t.selfService.overview;
  switch (link) {
    case 'card':
      return <KeyCardState {...props} />;
    case 'signIn':
      return <State>{account.userId === null ? words.noUserId : words.userIdIs(account.userId)}</State>;
    case 'codeToken':
      return <CodeTokenState {...props} />;
    case 'securityKeys':
      return <SecurityKeysState {...props} />;
    case 'contact':
      return <State>{describeEmail(t, account, props.hasRecentKey)}</State>;
    case 'publicSites':
      return <State>{account.publicSites ? words.works.everywhere : words.works.bank}</State>;
    case 'access':
      return <State>{words.signedIn(props.signedIn)}</State>;
    case 'browsers':
      return <State>{words.ownBrowsers(props.ownBrowsers)}</State>;
    default:
      return null;
  }
}

function State({ children }: { children: ComponentChildren }): VNode {
  return <strong>{children}</strong>;
}

function KeyCardState({ t, language, account }: SelfHomePage): VNode {
  const words = t.selfService.overview;
  const active = account.cards.find(({ state }) => state === 'active');
  const next = account.cards.find(({ state }) => state === 'ordered' || state === 'sent');
  return (
    <>
      {active ? (
        <>
          <State>{t.selfService.keysLeft(active.keysLeft)}</State>
          <Bar left={active.keysLeft} />
          <span>{words.cardIs(formatCardNumber(active.cardNumber))}</span>
        </>
      ) : (
        <State>{words.noCard}</State>
      )}
      {next ? <span>{describeNextCard(t, language, next)}</span> : null}
    </>
  );
}

function CodeTokenState({ t, language, factors }: SelfHomePage): VNode {
  const words = t.codeToken.overview;
  const [active] = pickFactors(factors, 'code_token', 'counts');
  const [coming] = pickFactors(factors, 'code_token', 'ordered', 'sent', 'waits');
  const waitsUntil = coming?.state === 'waits' ? coming.countsFrom : null;
  const ofComing = waitsUntil ? words.notYet : words.coming;
  return (
    <>
      <State>{active ? words.active(active.name) : coming ? ofComing : words.none}</State>
      {active && coming && !waitsUntil ? <span>{words.another}</span> : null}
      {waitsUntil ? <span>{words.waiting(writeMoment(waitsUntil, language))}</span> : null}
    </>
  );
}

function SecurityKeysState({ t, language, factors }: SelfHomePage): VNode {
  const words = t.securityKeyPages.overview;
  const all = pickFactors(factors, 'security_key', 'waits', 'counts');
  const waitsUntil = pickFactors(all, 'security_key', 'waits')[0]?.countsFrom;
  return (
    <>
      <State>{all.length === 0 ? words.none : words.many(all.length)}</State>
      {waitsUntil ? <span>{words.waiting(writeMoment(waitsUntil, language))}</span> : null}
    </>
  );
}

function writeMoment(at: Date, language: SelfHomePage['language']): string {
  return `${writeDay(at, language)} ${writeTime(at, language)}`;
}

function describeNextCard(
  t: Texts,
  language: SelfHomePage['language'],
  { activatesAt, expected }: AccountView['cards'][number],
): string {
  const words = t.selfService.overview;
  if (activatesAt) return words.nextWaits(writeMoment(activatesAt, language));
  return expected ? words.nextSent(writeDates(expected, language)) : words.nextOrdered;
}

/** Without a recent key the address is not shown, not even in part. */
function describeEmail(
  t: Texts,
  { email, isEmailConfirmed, waitingEmail, nextEmail }: AccountView,
  hasRecentKey: boolean,
): string {
  const words = t.selfService.overview.email;
  if (nextEmail || (waitingEmail && waitingEmail.kind !== 'kept')) return words.changes;
  if (email === null) return words.byLetter;
  return (isEmailConfirmed ? words.confirmed : words.unconfirmed)(
    hasRecentKey ? maskEmail(email) : words.hidden,
  );
}

/** The services that may get something about the person, and the way to all others. */
function ServicesCard({ t, language, services }: SelfHomePage): VNode {
  const words = t.selfService.overview.services;
  const names = services.map((name) => name[language]).toSorted(new Intl.Collator(language).compare);
  return (
    <li>
      <a href="/services">{words.label}</a>
      <strong>{names.length === 0 ? words.none : names.join(', ')}</strong>
      <span>{words.about}</span>
    </li>
  );
}

/** A number for everyone, and a bar for sighted users. */
export function KeysLeft({ left, text }: { left: number; text: string }): VNode {
  return (
    <p class="noegle-left">
      <Bar left={left} />
      {text}
    </p>
  );
}

function Bar({ left }: { left: number }): VNode {
  return (
    <svg class="noegle-bar" viewBox={`0 0 ${KEYS_ON_CARD} 4`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="noegle-bar-all" width={KEYS_ON_CARD} height="4" />
      <rect class="noegle-bar-left" width={left} height="4" />
    </svg>
  );
}
