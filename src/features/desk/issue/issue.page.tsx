import type { VNode } from 'preact';
import { DEFAULT_CARD_FORMAT, isCardFormat } from '../../../domain/card/cardFormat.ts';
import { LANGUAGES } from '../../../domain/language/language.ts';
import type { LimitReached } from '../limits.rules.ts';
import type { AccountStatus } from '../../../domain/staff/desk.ts';
import {
  EMPTY_IDENTIFICATION,
  type DeskFaults,
  type DeskField,
  type DeskFormInput,
} from '../../../domain/issuing/deskForm.ts';
import type { IdentificationKind } from '../../../domain/issuing/identification.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import { Page } from '../../../ui/layout.tsx';
import type { UnprocessedKind } from '../../../ui/httpError.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { CardFormatChoice } from '../../../ui/cardFormat.tsx';
import { Actions, FormPage, Hidden, Submit } from '../../../ui/form.tsx';
import { Choices, TextBox, Tick, listFaults } from '../fields.page.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import { LimitNotice } from '../limit.page.tsx';

/** The hidden fields of each page of issuing. */
export interface IssueFormState {
  /** Id of the application, generated with the first form. */
  readonly application: string;
  /** Valid for this officer and this application, also after signing in again. */
  readonly csrf: string;
}

export interface IssuePage extends DeskFrame, IssueFormState {
  readonly typed: DeskFormInput;
  readonly faults: DeskFaults;
  readonly kinds: readonly IdentificationKind[];
  /** The name differs from the register's. */
  readonly nameDiffers: boolean;
  /** Set when a limit is reached; then nothing was looked up or issued. */
  readonly limit: LimitReached | null;
}

const ADDRESS_FIELDS = ['street', 'postcode', 'city', 'country'] as const satisfies readonly DeskField[];

/** In the order of the page. */
const ISSUE_FIELD_ORDER: readonly DeskField[] = [
  ...(['reason', 'cpr', 'noCpr', 'birthdate', 'givenName', 'familyName'] as const),
  ...(['idKind', 'idNumber', 'idExpires', 'valid', 'theirs', 'understands', 'alone', 'terms'] as const),
  ...(['guardian', 'publicSites', 'language', 'cardFormat', 'email'] as const),
  ...ADDRESS_FIELDS,
];

type BoxField = Exclude<DeskField, 'idKind' | 'publicSites' | 'language' | 'cardFormat' | 'note'>;

/** The form: everything that is asked for and checked. */
export function IssuePage(props: IssuePage): VNode {
  const { t, language, typed, kinds, nameDiffers, limit } = props;
  const words = t.deskIssue;
  const faults = Object.fromEntries(
    Object.entries(props.faults).map(([name, fault]) => [name, words.faults[fault]]),
  );
  const text = (name: BoxField, label: string, hint?: string) => (
    <TextBox name={name} label={label} {...(hint ? { hint } : {})} value={typed[name]} faults={faults} />
  );
  const tick = (name: BoxField, label: string) => (
    <Tick name={name} label={label} checked={typed[name] === 'yes'} faults={faults} />
  );
  const shown = kinds.map((kind) => ({ value: kind.code, label: kind[language] }));
  const none = { value: EMPTY_IDENTIFICATION, label: words.noIdentification };
  const languages = LANGUAGES.map((value) => ({ value, label: words.languages[value] }));
  const isAddressOpen = ADDRESS_FIELDS.some((name) => typed[name] !== '' || props.faults[name] !== undefined);
  const answers = (['yes', 'no'] as const).map((value) => ({ value, label: words[value] }));
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-issue"
      title={words.title}
      alert={limit && <LimitNotice {...props} limit={limit} />}
      errors={listFaults(faults, ISSUE_FIELD_ORDER)}
    >
      {nameDiffers ? <Notice text={words.registerSays} kind="warning" /> : null}
      <p>{words.why}</p>
      <form method="post" action="/desk/issue">
        <Hidden
          values={{ csrf: props.csrf, application: props.application, step: 'check', note: typed.note }}
        />
        {text('reason', words.reason, words.reasonHint)}
        <div class="noegle-columns">
          <section>
            <h2>{words.who}</h2>
            <div class="noegle-with-cpr">{text('cpr', words.cpr)}</div>
            {tick('noCpr', words.noCpr)}
            <div class="noegle-without-cpr">{text('birthdate', words.birthdate, words.birthdateHint)}</div>
            {text('givenName', words.givenName, words.givenNameHint)}
            {text('familyName', words.familyName)}
            <Choices
              name="idKind"
              label={words.shown}
              value={typed.idKind}
              faults={faults}
              options={[...shown, none]}
            />
            <div class="noegle-document">
              {text('idNumber', words.idNumber)}
              {text('idExpires', words.idExpires, words.idExpiresHint)}
            </div>
          </section>
          <section>
            <h2>{words.checks}</h2>
            <fieldset class="form-group" aria-describedby="checks-hint">
              <legend class="form-label">{words.checksLegend}</legend>
              <span class="form-hint" id="checks-hint">
                {words.checksHint}
              </span>
              {tick('valid', words.valid)}
              {tick('theirs', words.theirs)}
              {tick('understands', words.understands)}
              {tick('alone', words.alone)}
              {tick('terms', words.terms)}
            </fieldset>
            {text('guardian', words.guardian, words.guardianHint)}
            <Choices
              name="publicSites"
              label={words.publicSites}
              value={typed.publicSites}
              faults={faults}
              options={answers}
            />
            <h2>{words.letters}</h2>
            <Choices
              name="language"
              label={words.language}
              value={typed.language}
              faults={faults}
              options={languages}
            />
            <CardFormatChoice
              t={t}
              question={words.cardFormat}
              chosen={isCardFormat(typed.cardFormat) ? typed.cardFormat : DEFAULT_CARD_FORMAT}
            />
            {text('email', words.email, words.emailHint)}
            <details class="noegle-more" open={isAddressOpen}>
              <summary>{words.ownAddress}</summary>
              <p>{words.addressHint}</p>
              {text('street', words.street)}
              {text('postcode', words.postcode)}
              {text('city', words.city)}
              {text('country', words.country, words.countryHint)}
            </details>
          </section>
        </div>
        <Submit text={words.submit} />
      </form>
    </FormPage>
  );
}

export interface SimilarPeoplePage extends DeskFrame, IssueFormState {
  readonly typed: DeskFormInput;
  readonly people: readonly {
    readonly identityId: string;
    readonly name: string;
    readonly born: string;
    readonly status: AccountStatus;
  }[];
  readonly isMissing: boolean;
}

/**
 * A person with the same name and birth date has an ID. No address is shown, because this may be any other
 * person.
 */
export function SimilarPeoplePage(props: SimilarPeoplePage): VNode {
  const { t, people, typed, isMissing } = props;
  const words = t.deskIssue.looksLike;
  const faults: Record<string, string> = isMissing ? { who: words.missing } : {};
  const same = people.map(({ identityId, name, born, status }) => ({
    value: identityId,
    label: words.same(name, born, t.deskSearch.person.standings[status]),
  }));
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-looks-like"
      title={words.title}
      errors={listFaults(faults, ['who'])}
    >
      <p>{words.why}</p>
      <form method="post" action="/desk/issue">
        <Hidden values={{ csrf: props.csrf, application: props.application, step: 'who', ...typed }} />
        <Choices
          name="who"
          label={words.title}
          value=""
          faults={faults}
          options={[...same, { value: 'other', label: words.other }]}
        />
        <Submit text={words.submit} />
      </form>
    </FormPage>
  );
}

export interface HasIdPage extends DeskFrame {
  /** `maybe`: a similar person has an ID, and only Borgerservice may see who. */
  readonly kind: 'has_id' | 'waits' | 'maybe';
}

/** No second ID is issued, and nothing about the first one is shown. */
export function HasIdPage(props: HasIdPage): VNode {
  const words = props.t.deskIssue.hasId;
  const waits = props.kind === 'waits';
  const { title, why, next } = {
    has_id: { title: words.title, why: words.why, next: words.next },
    waits: { title: words.anotherTitle, why: words.anotherWhy, next: null },
    maybe: { title: words.maybeTitle, why: words.maybeWhy, next: words.maybeNext },
  }[props.kind];
  return (
    <DeskPage {...props} page="desk-has-id" title={title}>
      <h1>{title}</h1>
      <p>{why}</p>
      {next === null ? null : <p>{next}</p>}
      <Actions>
        <a class="button button-primary" href={waits ? '/desk/waiting' : '/desk/issue'}>
          {waits ? words.toWaiting : words.another}
        </a>
      </Actions>
    </DeskPage>
  );
}

export type ReturnedFormReason = 'signed_out' | UnprocessedKind;

interface ReturnedFormPage extends PageFrame {
  readonly why: ReturnedFormReason;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The user was signed out while the form was open, or the form could not be processed. The page returns
 * everything that was typed, to be sent again after signing in or later.
 */
export function ReturnedFormPage(props: ReturnedFormPage): VNode {
  const { t, why } = props;
  const words = t.deskIssue.kept;
  const title = why === 'signed_out' ? words.title : t.errorPages[why].title;
  return (
    <Page {...props} page="desk-kept" title={title} hasError>
      <h1>{title}</h1>
      <p>{words.why}</p>
      {why === 'signed_out' ? (
        <>
          <p>{words.how}</p>
          <p>
            <a href="/desk" target="_blank" rel="noopener">
              {words.signIn}
            </a>
          </p>
        </>
      ) : (
        <p>{words.wait}</p>
      )}
      <form method="post" action="/desk/issue">
        <Hidden values={props.values} />
        <Submit text={words.submit} />
      </form>
    </Page>
  );
}
