import type { VNode } from 'preact';
import { formatCardNumber } from '../../../domain/card/keyCard.ts';
import { formatCpr } from '../../../domain/person/cpr.ts';
import { formatIdNumber } from '../../../domain/person/idNumber.ts';
import { writeAddress } from '../../../domain/person/postalAddress.ts';
import { nameBrowser, nameDevice } from '../../sessions/index.ts';
import { describeScopes } from '../access/scopes.ts';
import { ActivityLine, writeLineTime } from '../activity/activityLine.page.tsx';
import { SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';
import { Values, type Value } from '../../../ui/values.tsx';
import { composeFactorItem } from './factorItem.ts';
import { composeExportFile, type ExportFile, type PersonData } from './exportData.ts';
import { createWriter, nameIdentification, nameKind, type Writer } from './writeValues.ts';

export interface SelfDataReadPage extends SelfServiceFrame {
  readonly data: PersonData;
  /** The network of this request. */
  readonly network: string;
}

interface Part extends SelfDataReadPage {
  readonly file: ExportFile;
  readonly write: Writer;
}

/**
 * A part of the page for each member of the file: a new member without one does not compile. The members of
 * `person` and `id` have a label each in the same way.
 */
const PARTS: { readonly [Member in keyof ExportFile]: ((part: Part) => VNode | null) | null } = {
  format: null,
  exportedAt: null,
  person: PersonPart,
  id: IdPart,
  applications: ApplicationsPart,
  cards: CardsPart,
  ownBrowsers: OwnBrowsersPart,
  factors: ({ t, file, write }) => renderItems(file.factors, (one) => composeFactorItem(t, one, write)),
  codeTokens: CodeTokensPart,
  securityKeys: SecurityKeysPart,
  sessions: SessionsPart,
  access: AccessPart,
  sent: SentPart,
  activity: ActivityPart,
};

/** All that is in the file, in words, to read and to print. */
export function SelfDataReadPage(props: SelfDataReadPage): VNode {
  const { t, language, data } = props;
  const words = t.ownData.read;
  const part = { ...props, file: composeExportFile(data), write: createWriter(t, language) };
  return (
    <SelfServicePage {...props} page="self-data-read" title={words.title}>
      <p class="noegle-back">
        <a href="/self-service/data">{words.back}</a>
      </p>
      <h1>{words.title}</h1>
      <p>{words.madeAt(part.write.time(data.exportedAt) ?? '')}</p>
      <p>{words.paper}</p>
      <div class="noegle-data">
        {Object.entries(PARTS).map(([member, render]) =>
          render ? (
            <section data-part={member} key={member}>
              <h2>{words.parts[member as keyof typeof words.parts]}</h2>
              {render(part) ?? <p>{words.nothing}</p>}
            </section>
          ) : null,
        )}
      </div>
    </SelfServicePage>
  );
}

/** The values of an object, each with the label of its member. */
function listValues<Member extends string>(
  labels: Readonly<Record<Member, string>>,
  values: Readonly<Record<Member, string | null>>,
  unknown: string,
): Value[] {
  return (Object.keys(values) as Member[]).map((member) => {
    return { label: labels[member], value: values[member] ?? unknown };
  });
}

function PersonPart({ t, language, file, write }: Part): VNode {
  const words = t.ownData.read;
  const { person } = file;
  const { address, formerAddress, nextEmail, waitingEmail } = person;
  const values = {
    name: person.name,
    birthdate: write.day(person.birthdate),
    cpr: person.cpr && formatCpr(person.cpr),
    pid: person.pid,
    address: address && writeAddress(address, language),
    addressProtected: write.yesOrNo(person.addressProtected),
    formerAddress: formerAddress && writeAddress(formerAddress, language),
    movedAt: write.time(person.movedAt),
    email: person.email ?? words.byLetter,
    emailConfirmed: person.emailConfirmed === null ? null : write.yesOrNo(person.emailConfirmed),
    nextEmail:
      nextEmail && words.nextEmail(nextEmail.email ?? words.byLetter, write.time(nextEmail.from) ?? ''),
    waitingEmail:
      waitingEmail && words.waitingEmail(waitingEmail.email, write.time(waitingEmail.givenAt) ?? ''),
    language: t.selfService.contact.language[person.language],
  } satisfies Record<keyof ExportFile['person'], string | null>;
  return <Values list={listValues(words.person, values, words.unknown)} />;
}

function IdPart({ t, file, write }: Part): VNode {
  const words = t.ownData.read;
  const { id } = file;
  const { issuers } = words;
  const values = {
    idNumber: formatIdNumber(id.idNumber),
    userId: id.userId,
    createdAt: write.time(id.createdAt),
    issuedBy:
      id.issuedBy === null || !Object.hasOwn(issuers, id.issuedBy)
        ? id.issuedBy
        : issuers[id.issuedBy as keyof typeof issuers],
    proofing: t.selfService.overview.levels[id.proofing],
    publicSites: write.yesOrNo(id.publicSites),
    newCardAtKeysLeft: t.selfService.keysLeft(id.newCardAtKeysLeft),
    cardFormat: t.cardFormats.names[id.cardFormat],
  } satisfies Record<keyof ExportFile['id'], string | null>;
  return <Values list={listValues(words.id, values, words.unknown)} />;
}

function ApplicationsPart({ t, language, data, write }: Part): VNode | null {
  const words = t.ownData.read;
  return renderItems(data.applications, ({ path, at, caseNumber, identification, terms, guardian }) => ({
    title: `${nameKind(words.paths, path, path)}, ${write.time(at)}`,
    list: [
      { label: words.application.caseNumber, value: caseNumber },
      {
        label: words.application.identification,
        value: identification
          ? [
              nameIdentification(identification.kind, language),
              identification.number,
              identification.expiresOn && words.application.expires(write.day(identification.expiresOn)),
            ]
              .filter(Boolean)
              .join(', ')
          : words.unknown,
      },
      {
        label: words.application.terms,
        value: terms
          ? words.application.accepted(terms.version, t.selfService.contact.language[terms.language])
          : words.unknown,
      },
      { label: words.application.guardian, value: guardian ?? words.none },
    ],
  }));
}

function CardsPart({ t, file, write }: Part): VNode | null {
  const words = t.ownData.read;
  return renderItems(
    file.cards,
    ({ cardNumber, state, keysLeft, orderedAt, expected, activatesAt, format }) => ({
      title: formatCardNumber(cardNumber),
      list: [
        { label: words.card.state, value: t.selfService.card.states[state] },
        { label: words.card.keysLeft, value: t.selfService.keysLeft(keysLeft) },
        { label: words.card.format, value: t.cardFormats.names[format] },
        { label: words.card.orderedAt, value: write.time(orderedAt) },
        expected && { label: words.card.expected, value: write.days(expected) },
        activatesAt && { label: words.card.activatesAt, value: write.time(activatesAt) },
      ],
    }),
  );
}

function CodeTokensPart({ t, file, write }: Part): VNode | null {
  const words = t.ownData.read.codeToken;
  return renderItems(file.codeTokens, (one) => ({
    title: one.serialNumber,
    list: [
      { label: words.state, value: words.states[one.state] },
      { label: words.kind, value: words.kinds[one.kind] },
      { label: words.givenAt, value: `${write.time(one.givenAt)}, ${words.givenBy[one.givenBy]}` },
      one.expected && { label: words.expected, value: write.days(one.expected) },
      one.activatesAt && { label: words.activatesAt, value: write.time(one.activatesAt) },
      one.activatedAt && { label: words.activatedAt, value: write.time(one.activatedAt) },
      one.lastUsedAt && { label: words.lastUsedAt, value: write.time(one.lastUsedAt) },
      one.endedAt && { label: words.endedAt, value: write.time(one.endedAt) },
    ],
  }));
}

function OwnBrowsersPart({ t, file, write }: Part): VNode | null {
  const words = t.ownData.read;
  return renderItems(file.ownBrowsers, ({ firstAt, lastAt, from }) => ({
    title: from ? nameBrowser(t, from) : t.session.device.nameless,
    list: [
      { label: words.browser.firstAt, value: write.time(firstAt) },
      { label: words.browser.lastAt, value: write.time(lastAt) ?? words.unknown },
      { label: t.session.network, value: from?.network ?? words.unknown },
    ],
  }));
}

function SecurityKeysPart({ t, file, write }: Part): VNode | null {
  const words = t.ownData.read;
  return renderItems(file.securityKeys, (one) => ({
    title: `${one.name}, ${write.time(one.addedAt)}`,
    list: [
      {
        label: words.securityKey.kind,
        value: t.securityKeyPages.kind[one.isSynced ? 'synced' : 'bound'],
      },
      { label: words.securityKey.countsFrom, value: write.time(one.countsFrom) },
      { label: words.securityKey.lastUsedAt, value: write.time(one.lastUsedAt) ?? words.none },
      { label: words.securityKey.aaguid, value: one.aaguid },
      one.endedAt && { label: words.securityKey.endedAt, value: write.time(one.endedAt) },
    ],
  }));
}

function SessionsPart({ t, language, data, write }: Part): VNode | null {
  const words = t.session;
  return renderItems(data.sessions, ({ startedAt, usedAt, client, sites }) => ({
    title: nameDevice(t, client),
    list: [
      { label: words.since, value: write.time(startedAt) },
      { label: words.lastUsed, value: write.time(usedAt) ?? t.ownData.read.unknown },
      { label: words.network, value: client?.network ?? t.ownData.read.unknown },
      {
        label: words.sites,
        value: sites.map((name) => name[language]).join(', ') || words.noSites,
      },
    ],
  }));
}

function AccessPart({ t, language, data, write }: Part): VNode | null {
  const words = t.ownData.read.access;
  return renderItems(data.services, ({ name, scopes, agreedAt, offlineUntil }) => ({
    title: name[language],
    list: [
      { label: words.gets, value: describeScopes(t, scopes) || t.ownData.read.none },
      { label: words.agreedAt, value: write.time(agreedAt) ?? words.notAsked },
      { label: words.offline, value: write.time(offlineUntil) ?? t.ownData.read.no },
    ],
  }));
}

function SentPart({ t, data, write }: Part): VNode | null {
  const words = t.ownData.read;
  return renderItems(data.sent, ({ way, kind, at, postOn }) => ({
    title: nameKind(words.kinds, kind, words.message),
    list: [
      { label: words.sent.way, value: words.sent.ways[way] },
      { label: words.sent.at, value: write.time(at) },
      postOn === null ? null : { label: words.sent.postOn, value: write.day(postOn) },
    ],
  }));
}

function ActivityPart({ t, language, data, network }: Part): VNode | null {
  if (data.activities.length === 0) return null;
  return (
    <ol class="noegle-log no-max-width">
      {data.activities.map((line) => (
        <li key={line.id}>
          <div>
            <p class="form-hint">
              <time dateTime={line.at.toISOString()}>{writeLineTime(line, language)}</time>
            </p>
            <ActivityLine line={line} t={t} language={language} network={network} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function renderItems<Item>(
  items: readonly Item[],
  describe: (item: Item) => { readonly title: string; readonly list: readonly (Value | null)[] },
): VNode | null {
  if (items.length === 0) return null;
  return (
    <>
      {items.map(describe).map(({ title, list }) => (
        <section key={title}>
          <h3>{title}</h3>
          <Values list={list} />
        </section>
      ))}
    </>
  );
}
