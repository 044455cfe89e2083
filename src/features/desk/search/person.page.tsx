import type { VNode } from 'preact';
import { SEARCH_MINUTES, type DeskAction } from '../../../domain/staff/desk.ts';
import type { Language } from '../../../domain/person/person.ts';
import type { IssuerWords, PersonDetails, PersonView } from './viewPerson.ts';
import { writeBareMoment, writeDate, writeDates, writeDay, writeTime } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Actions } from '../../../ui/form.tsx';
import { Values, type Value } from '../../../ui/values.tsx';
import { OpenDuplicate } from './duplicates.page.tsx';
import { History, Letters, PersonAnswer } from './personState.page.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import { formatIdNumber } from '../../../domain/person/idNumber.ts';
import { writeAddress } from '../../../domain/person/postalAddress.ts';

type DeskOutcome = 'done' | 'gone' | 'proposed' | 'already_proposed';
export type DeskActionRefusal = keyof Texts['deskSearch']['action']['refused'];
/** The outcome of the last form, shown once on the page that follows it. */
export type DeskFormOutcome =
  | { readonly action: DeskAction; readonly outcome: DeskOutcome | DeskActionRefusal }
  | 'has_id'
  | 'cpr_proposed';

export interface PersonPage extends DeskFrame {
  readonly person: PersonView;
  readonly searchPath: string;
  readonly outcome: DeskFormOutcome | null;
}

/** A person's ID as this member of staff may see it, and the actions that are possible now. */
export function PersonPage(props: PersonPage): VNode {
  const { t, language, person, outcome } = props;
  const words = t.deskSearch.person;
  return (
    <DeskPage {...props} page="desk-person" title={words.title(person.name)}>
      <h1>{words.title(person.name)}</h1>
      {outcome ? <OutcomeNotice t={t} outcome={outcome} /> : null}
      {person.isOneself ? <Notice text={words.oneself} kind="warning" /> : null}
      {person.byFormerCpr ? <Notice text={words.formerCpr} kind="info" /> : null}
      {person.duplicates.length > 0 ? <Notice text={t.deskCpr.duplicates.why} kind="warning" /> : null}
      {person.duplicates.map((one) => (
        <OpenDuplicate {...props} key={one.identityId} person={one} form={`from ${person.identityId}`} />
      ))}
      {person.isOneself ? null : <PersonAnswer {...props} />}
      <div class="noegle-columns">
        <section>
          <h2>{words.facts}</h2>
          <Values
            list={[
              ...composeStatusValues(person, t, language),
              ...composeDetailValues(person.details, t, language),
            ]}
          />
          {person.cprChange === 'waits' ? <Notice text={t.deskCpr.waits} kind="info" /> : null}
        </section>
        {person.isOneself ? null : <PersonActions {...props} />}
      </div>
      {person.details.letters ? <Letters t={t} language={language} list={person.details.letters} /> : null}
      {person.details.history ? <History t={t} language={language} list={person.details.history} /> : null}
      <p>
        <a href="/desk/search">{words.again}</a>
      </p>
    </DeskPage>
  );
}

function PersonActions({ t, person, searchPath }: PersonPage): VNode {
  const words = t.deskSearch.person;
  return (
    <section>
      <h2>{words.actions}</h2>
      {person.actions.length === 0 && person.cprChange !== 'offered' ? <p>{words.noActions}</p> : null}
      <ul class="noegle-links noegle-short">
        {person.actions.map((action) => (
          <li key={action}>
            <a href={`${searchPath}/${action}`}>{t.deskSearch.action.names[action].link}</a>
          </li>
        ))}
        {person.cprChange === 'offered' ? (
          <li>
            <a href={`${searchPath}/new-cpr`}>{t.deskCpr.link}</a>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function OutcomeNotice({ t, outcome }: { t: Texts; outcome: DeskFormOutcome }): VNode {
  const { person, action } = t.deskSearch;
  if (outcome === 'cpr_proposed') return <Notice text={t.deskCpr.proposed} kind="success" />;
  if (outcome === 'has_id') return <Notice text={person.hasId} kind="warning" />;
  if (outcome.outcome === 'done') return <Notice text={action.names[outcome.action].done} kind="success" />;
  if (outcome.outcome === 'proposed' || outcome.outcome === 'already_proposed') {
    return <Notice text={t.deskControl.colleagues[outcome.outcome]} kind="warning" />;
  }
  return (
    <Notice
      text={outcome.outcome === 'gone' ? action.gone : action.refused[outcome.outcome]}
      kind="warning"
    />
  );
}

function composeStatusValues(person: PersonView, t: Texts, language: Language): (Value | null)[] {
  const words = t.deskSearch.person;
  const { status, blockedAt, waitUntil, details } = person;
  const isLocked = status === 'in_use' && (details.obstacles ?? []).length > 0;
  const standing = isLocked
    ? `${words.standings[status]}. ${t.deskState.lockedNow}`
    : words.standings[status];
  const state = blockedAt ? words.blockedSince(writeDay(blockedAt, language)) : standing;
  const { lastSignIn } = details;
  const when = waitUntil && writeComingMoment(waitUntil, language);
  return [
    { label: words.status, value: state },
    when ? { label: words.wait, value: words.waitUntil(when) } : null,
    lastSignIn === undefined
      ? null
      : {
          label: t.deskState.lastSignIn,
          value: lastSignIn ? writeBareMoment(lastSignIn, language) : t.deskState.never,
        },
  ];
}

function writeComingMoment(at: Date, language: Language): string {
  return `${writeDay(at, language)} ${writeTime(at, language)}`;
}

type Details = Partial<PersonDetails>;

/** Undefined: this member of staff may not see the field. Null: the person has no such value. */
function composeDetailValues(details: Details, t: Texts, language: Language): (Value | null)[] {
  const words = t.deskSearch.person;
  const { birthdate, idNumber, publicSites, hasEmail, issuedBy, proofing } = details;
  const sites = publicSites && { on: words.on, off: words.off, ...words.bars }[publicSites];
  return [
    birthdate ? { label: words.birthdate, value: writeDate(birthdate, language) } : null,
    idNumber ? { label: words.idNumber, value: formatIdNumber(idNumber) } : null,
    ...composeCardValues(details, t, language),
    details.passwordOrdered ? { label: words.password, value: words.passwordOrdered } : null,
    sites ? { label: words.publicSites, value: sites } : null,
    hasEmail === undefined ? null : { label: words.email, value: hasEmail ? words.byEmail : words.byLetter },
    composeAddressValue(details, t, language),
    issuedBy ? { label: words.issuedBy, value: writeIssuerName(issuedBy, t, language) } : null,
    proofing ? { label: t.deskProofing.proofing, value: t.deskProofing.levels[proofing] } : null,
  ];
}

function composeCardValues(details: Details, t: Texts, language: Language): (Value | null)[] {
  const words = t.deskSearch.person;
  const { card, nextCard } = details;
  const inUse = card ? words.keysLeft(card.cardNumber, card.keysLeft) : words.none;
  return [
    card === undefined ? null : { label: words.card, value: inUse },
    nextCard === undefined
      ? null
      : { label: words.nextCard, value: composeNextCardText(nextCard, t, language) },
    ...composeFactorValues(details, t, language),
  ];
}

/** A line for each code token, and one for all security keys. */
function composeFactorValues({ otherFactors = [] }: Details, t: Texts, language: Language): Value[] {
  const words = t.deskSearch.person;
  const describe = ({ state, countsFrom }: (typeof otherFactors)[number]) =>
    state === 'waits'
      ? words.factorStates.waits(countsFrom ? writeComingMoment(countsFrom, language) : '')
      : words.factorStates[state];
  const tokens = otherFactors.filter(({ kind }) => kind === 'code_token');
  const keys = otherFactors.filter(({ kind }) => kind === 'security_key').map(describe);
  const each = [...new Set(keys)].map((state) => `${keys.filter((one) => one === state).length} ${state}`);
  return [
    ...tokens.map((one) => ({ label: words.codeToken, value: `${one.name}, ${describe(one)}` })),
    ...(keys.length === 0 ? [] : [{ label: words.securityKeys, value: each.join(', ') }]),
  ];
}

function composeNextCardText(nextCard: PersonDetails['nextCard'], t: Texts, language: Language): string {
  const words = t.deskSearch.person;
  if (!nextCard) return words.none;
  const { cardNumber, expected } = nextCard;
  return expected
    ? words.comingSent(cardNumber, writeDates(expected, language))
    : words.comingOrdered(cardNumber);
}

function composeAddressValue({ address }: Details, t: Texts, language: Language): Value | null {
  const words = t.deskSearch.person;
  if (address === undefined) return null;
  if (address === 'registered') return { label: words.address, value: words.registeredAddress };
  const value = address ? writeAddress(address, language) : words.noAddress;
  return { label: words.address, value };
}

export function writeIssuerName(issuer: IssuerWords, t: Texts, language: Language): string {
  return issuer.kind === 'bank' ? issuer.name[language] : t.deskSearch.person.issuers[issuer.kind];
}

/** No one was found, or no one who may be shown: the two pages are identical in every byte. */
export function PersonNotFoundPage(props: DeskFrame & { readonly isOver: boolean }): VNode {
  const words = props.t.deskSearch.person;
  const title = props.isOver ? words.over : words.nobody;
  return (
    <DeskPage {...props} page="desk-nobody" title={title}>
      <h1>{title}</h1>
      <p>{props.isOver ? words.overWhy(SEARCH_MINUTES) : words.nobodyWhy}</p>
      {props.isOver ? null : (
        <p>
          {words.nobodyOrder} {props.t.deskCase.order}
        </p>
      )}
      <Actions>
        <a class="button button-primary" href="/desk/search">
          {words.again}
        </a>
      </Actions>
    </DeskPage>
  );
}
