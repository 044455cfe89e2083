import type { VNode } from 'preact';
import { requiresIdentification, type DeskAction } from '../../../domain/staff/desk.ts';
import type { IdentificationFault, IdentificationKind } from '../../../domain/issuing/identification.ts';
import type { SecurityKeyNameFault } from '../../../domain/factors/securityKey.ts';
import type { CreationFault } from '../../securityKeys/index.ts';
import {
  creationAttributes,
  CreationFields,
  CreationMissing,
  type CreationView,
} from '../../../ui/webauthn/creationForm.tsx';
import { Actions, FormPage, Hidden, SubmitButton } from '../../../ui/form.tsx';
import { Choices, TextBox, Tick, type FieldFaultWords, listFaults } from '../fields.page.tsx';
import { DeskCardFormat, type DeskCardFormats } from './cardFormat.page.tsx';
import type { DeskChallenge, DeskKeyFault } from './cardKey.ts';
import { DeskCardKey } from './cardKey.page.tsx';
import { DeskCodeTokenFields } from './codeToken.page.tsx';
import { isCodeTokenAction } from './deskCodeToken.ts';
import { DeskGuardianFields } from './guardian.page.tsx';
import { GUARDIAN_FIELDS, type GuardianCheck, type GuardianFault } from './guardian.rules.ts';
import type { LimitReached } from '../limits.rules.ts';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import { LimitNotice } from '../limit.page.tsx';
import { listReasonChoices } from './reasons.rules.ts';
import type { SearchFault } from '../search/search.page.tsx';

/** In the order of the page. */
export const DESK_ACTION_FIELDS = [
  'idKind',
  'idNumber',
  'idExpires',
  'idMatches',
  ...GUARDIAN_FIELDS,
  'key',
  'serialNumber',
  'code',
  'nextCode',
  'why',
  'reason',
] as const;
export type DeskActionField = (typeof DESK_ACTION_FIELDS)[number];
export type DeskActionFault = SearchFault | IdentificationFault | DeskKeyFault | GuardianFault;

export interface DeskActionPage extends DeskFrame {
  readonly action: DeskAction;
  readonly name: string;
  readonly searchPath: string;
  readonly kinds: readonly IdentificationKind[];
  readonly typed: Readonly<Record<DeskActionField, string>>;
  readonly faults: Readonly<Partial<Record<DeskActionField, DeskActionFault>>>;
  readonly form: string;
  /** For a person under 15 who gets a second way to sign in. */
  readonly guardian?: GuardianCheck | null;
  /** For an action that requires a key of the person's card. */
  readonly challenge?: DeskChallenge | null;
  /** For the order of a card. */
  readonly cardFormats?: DeskCardFormats | null;
  /** For a security key that is added. */
  readonly creation?: DeskCreation | null;
  /** Set when a limit is reached; then nothing was done. */
  readonly limit: LimitReached | null;
}

/** The security key of the person, which the browser of the desk creates. */
export interface DeskCreation extends CreationView {
  readonly typedName: string;
  readonly nameFault: SecurityKeyNameFault | null;
  readonly fault: CreationFault | null;
}

/** The form of one action: what it means, why it is done, and the identification that the person shows. */
export function DeskActionPage(props: DeskActionPage): VNode {
  const { t, action, name, searchPath, typed, staff, form, limit, creation = null } = props;
  const words = t.deskSearch.action;
  const faults = describeActionFaults(props);
  const creationFault = creation && describeCreationFault(t, creation);
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-deed"
      title={words.names[action].link}
      alert={limit && <LimitNotice {...props} limit={limit} />}
      errors={[
        ...listFaults(faults, DESK_ACTION_FIELDS),
        ...(creationFault ? [{ field: 'name', text: creationFault }] : []),
      ]}
    >
      <p>
        <strong>{words.about(name)}</strong> {words.names[action].what}
      </p>
      {creation ? <CreationMissing t={t} /> : null}
      <form method="post" {...(creation ? creationAttributes(creation) : {})}>
        <Hidden values={{ csrf: staff.csrf, form }} />
        {requiresIdentification(action) ? <IdentificationFields {...props} inWords={faults} /> : null}
        {props.guardian ? <DeskGuardianFields {...props} check={props.guardian} inWords={faults} /> : null}
        {props.challenge ? <DeskCardKey t={t} challenge={props.challenge} inWords={faults} /> : null}
        {isCodeTokenAction(action) ? (
          <DeskCodeTokenFields t={t} action={action} typed={typed} inWords={faults} />
        ) : null}
        <Choices
          name="why"
          label={words.why}
          value={typed.why}
          faults={faults}
          options={listReasonChoices(action).map((value) => ({
            value,
            label: words.reasonChoices[value],
          }))}
        />
        {props.cardFormats ? <DeskCardFormat t={t} formats={props.cardFormats} /> : null}
        {creation ? (
          <CreationFields
            t={t}
            creation={creation}
            typedName={creation.typedName}
            nameFault={creation.nameFault && t.securityKeys.nameFault[creation.nameFault]}
          />
        ) : null}
        <TextBox
          name="reason"
          label={words.ownWords}
          hint={words.ownWordsHint}
          value={typed.reason}
          faults={faults}
        />
        <Actions>
          <SubmitButton text={words.names[action].submit} />
          <a href={searchPath}>{words.back}</a>
        </Actions>
      </form>
    </FormPage>
  );
}

type IdentificationField = 'idKind' | 'idNumber' | 'idExpires' | 'idMatches';

interface IdentificationFields extends Pick<DeskActionPage, 't' | 'language' | 'kinds'> {
  readonly typed: Readonly<Record<IdentificationField, string>>;
  readonly inWords: FieldFaultWords;
}

/** The fields for the identification that the person shows at the counter. */
export function IdentificationFields({ t, language, kinds, typed, inWords }: IdentificationFields): VNode {
  const words = t.deskSearch.action;
  const issue = t.deskIssue;
  return (
    <>
      <Choices
        name="idKind"
        label={words.shown}
        value={typed.idKind}
        faults={inWords}
        options={kinds.map((kind) => ({ value: kind.code, label: kind[language] }))}
      />
      <TextBox name="idNumber" label={issue.idNumber} value={typed.idNumber} faults={inWords} />
      <TextBox
        name="idExpires"
        label={issue.idExpires}
        hint={issue.idExpiresHint}
        value={typed.idExpires}
        faults={inWords}
      />
      <Tick name="idMatches" label={words.idMatches} checked={typed.idMatches === 'yes'} faults={inWords} />
    </>
  );
}

function describeCreationFault(
  { securityKeys: words }: DeskActionPage['t'],
  { nameFault, fault }: DeskCreation,
): string | null {
  if (nameFault) return words.nameFault[nameFault];
  return fault && words.faults[fault];
}

function describeActionFaults({ t, faults }: DeskActionPage): FieldFaultWords {
  const searchTexts = t.deskSearch.errors as Readonly<Partial<Record<DeskActionFault, string>>>;
  const issueTexts = t.deskIssue.faults as Readonly<Partial<Record<DeskActionFault, string>>>;
  const keyTexts = t.deskProofing.faults as Readonly<Partial<Record<DeskActionFault, string>>>;
  const guardianTexts = t.deskGuardian.faults as Readonly<Partial<Record<DeskActionFault, string>>>;
  const guardianFields: readonly string[] = GUARDIAN_FIELDS;
  return Object.fromEntries(
    Object.entries(faults).map(([name, fault]) => [
      name,
      (guardianFields.includes(name) ? guardianTexts[fault] : undefined) ??
        searchTexts[fault] ??
        issueTexts[fault] ??
        keyTexts[fault] ??
        fault,
    ]),
  );
}

/** The page for a member of staff who asks for an action on their own ID. */
export function OwnIdPage(props: DeskFrame): VNode {
  const words = props.t.deskSearch.action;
  return (
    <DeskPage {...props} page="desk-own-id" title={words.ownTitle}>
      <h1>{words.ownTitle}</h1>
      <p>{words.own}</p>
      <Actions>
        <a class="button button-primary" href="/desk">
          {props.t.desk.home}
        </a>
      </Actions>
    </DeskPage>
  );
}
