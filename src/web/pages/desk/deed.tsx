import type { VNode } from 'preact';
import { needsIdentification, type DeskDeed } from '../../../core/desk.ts';
import type { IdentificationFault, IdentificationKind } from '../../../core/issuing/identification.ts';
import { Actions, FormPage, Hidden, SubmitButton } from '../form.tsx';
import { Choices, TextBox, Tick, type Faults, listFaults } from './fields.tsx';
import type { LimitReached } from '../../../core/desk/limits.ts';
import { DeskPage, type DeskFrame } from './frame.tsx';
import { LimitNotice } from './limit.tsx';
import type { SearchFault } from './search.tsx';

export const DEED_FIELDS = ['reason', 'idKind', 'idNumber', 'idExpires', 'matches'] as const;
export type DeedField = (typeof DEED_FIELDS)[number];
export type DeedFault = SearchFault | IdentificationFault;

export interface DeedPage extends DeskFrame {
  readonly deed: DeskDeed;
  readonly name: string;
  readonly searchPath: string;
  readonly kinds: readonly IdentificationKind[];
  readonly typed: Readonly<Record<DeedField, string>>;
  readonly faults: Readonly<Partial<Record<DeedField, DeedFault>>>;
  readonly form: string;
  /** Nothing was done. */
  readonly limit: LimitReached | null;
}

/** One deed: what it means, why it is done, and what the person shows. */
export function DeedPage(props: DeedPage): VNode {
  const { t, deed, name, searchPath, typed, staff, form, limit } = props;
  const words = t.deskSearch.deed;
  const faults = faultsInWords(props);
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-deed"
      title={words.names[deed].link}
      alert={limit && <LimitNotice {...props} limit={limit} />}
      errors={listFaults(faults)}
    >
      <p>
        <strong>{words.about(name)}</strong> {words.names[deed].what}
      </p>
      <form method="post">
        <Hidden values={{ csrf: staff.csrf, form }} />
        {needsIdentification(deed) ? <IdentificationFields {...props} inWords={faults} /> : null}
        <TextBox
          name="reason"
          label={words.reason}
          hint={words.reasonHint}
          value={typed.reason}
          faults={faults}
        />
        <Actions>
          <SubmitButton text={words.names[deed].submit} />
          <a href={searchPath}>{words.back}</a>
        </Actions>
      </form>
    </FormPage>
  );
}

interface IdentificationFields extends Pick<DeedPage, 't' | 'language' | 'kinds'> {
  readonly typed: Readonly<Record<Exclude<DeedField, 'reason'>, string>>;
  readonly inWords: Faults;
}

/** What the person shows at the counter. */
export function IdentificationFields({ t, language, kinds, typed, inWords }: IdentificationFields): VNode {
  const words = t.deskSearch.deed;
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
      <Tick name="matches" label={words.matches} checked={typed.matches === 'yes'} faults={inWords} />
    </>
  );
}

function faultsInWords({ t, faults }: DeedPage): Faults {
  const ofSearch = t.deskSearch.errors as Readonly<Partial<Record<DeedFault, string>>>;
  const ofIssue = t.deskIssue.faults as Readonly<Partial<Record<DeedFault, string>>>;
  return Object.fromEntries(
    Object.entries(faults).map(([name, fault]) => [name, ofSearch[fault] ?? ofIssue[fault] ?? fault]),
  );
}

/** What was asked is not to be done by whoever asked. */
export function OwnIdPage(props: DeskFrame): VNode {
  const words = props.t.deskSearch.deed;
  return (
    <DeskPage {...props} page="desk-own-id" title={words.ownTitle}>
      <h1>{words.ownTitle}</h1>
      <p>{words.own}</p>
      <p>
        <a href="/desk">{props.t.desk.home}</a>
      </p>
    </DeskPage>
  );
}
