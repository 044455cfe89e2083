import type { VNode } from 'preact';
import type { LimitReached } from '../limits.rules.ts';
import { formatCpr } from '../../../domain/person/cpr.ts';
import { formatIdNumber } from '../../../domain/person/idNumber.ts';
import type { IdentificationFault, IdentificationKind } from '../../../domain/issuing/identification.ts';
import type { CprChangeView } from './settleCprChange.ts';
import { writeDate } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Actions, FormPage, Hidden, SubmitButton } from '../../../ui/form.tsx';
import { Values } from '../../../ui/values.tsx';
import { IdentificationFields } from '../actions/action.page.tsx';
import { TextBox, Tick, type FieldFaultWords, listFaults } from '../fields.page.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import { LimitNotice } from '../limit.page.tsx';
import type { SearchFault } from '../search/search.page.tsx';

export const CPR_FIELDS = [
  'cpr',
  'correction',
  'idKind',
  'idNumber',
  'idExpires',
  'idMatches',
  'reason',
] as const;
export type CprField = (typeof CPR_FIELDS)[number];
export type CprFormFault = SearchFault | IdentificationFault | keyof Texts['deskCpr']['faults'];

export interface CprFormPage extends DeskFrame {
  readonly name: string;
  readonly searchPath: string;
  readonly kinds: readonly IdentificationKind[];
  readonly typed: Readonly<Record<CprField, string>>;
  readonly faults: Readonly<Partial<Record<CprField, CprFormFault>>>;
  readonly form: string;
  /** Set when a limit is reached; then nothing was proposed. */
  readonly limit: LimitReached | null;
}

/** The form for a new number: the number, the identification shown, and the reason. */
export function CprFormPage(props: CprFormPage): VNode {
  const { t, name, searchPath, typed, staff, form, limit } = props;
  const words = t.deskCpr.form;
  const shared = t.deskSearch.action;
  const faults = describeCprFaults(props);
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-cpr-form"
      title={words.title}
      alert={limit && <LimitNotice {...props} limit={limit} />}
      errors={listFaults(faults, CPR_FIELDS)}
    >
      <p>
        <strong>{shared.about(name)}</strong> {words.why}
      </p>
      <form method="post">
        <Hidden values={{ csrf: staff.csrf, form }} />
        <TextBox name="cpr" label={words.cpr} value={typed.cpr} faults={faults} inputmode="numeric" />
        <Tick
          name="correction"
          label={words.correction}
          checked={typed.correction === 'yes'}
          faults={faults}
        />
        <IdentificationFields {...props} inWords={faults} />
        <TextBox
          name="reason"
          label={shared.reason}
          hint={shared.reasonHint}
          value={typed.reason}
          faults={faults}
        />
        <Actions>
          <SubmitButton text={words.submit} />
          <a href={searchPath}>{shared.back}</a>
        </Actions>
      </form>
    </FormPage>
  );
}

function describeCprFaults({ t, faults }: CprFormPage): FieldFaultWords {
  const words: Readonly<Record<string, string>> = {
    ...t.deskIssue.faults,
    ...t.deskSearch.errors,
    ...t.deskCpr.faults,
  };
  return Object.fromEntries(Object.entries(faults).map(([name, fault]) => [name, words[fault] ?? fault]));
}

export interface CprReviewPage extends DeskFrame {
  readonly change: CprChangeView;
  readonly kinds: readonly IdentificationKind[];
}

/** One proposal in full, with two answers. */
export function CprReviewPage(props: CprReviewPage): VNode {
  const { t, language, change, kinds, staff } = props;
  const words = t.deskCpr.look;
  const { identification } = change;
  const kind = kinds.find(({ code }) => code === identification.kind);
  const title = words.title(change.name);
  return (
    <DeskPage {...props} page="desk-cpr-look" title={title}>
      <h1>{title}</h1>
      <p>{words.why}</p>
      <Values
        list={[
          { label: words.name, value: change.name },
          { label: words.idNumber, value: formatIdNumber(change.idNumber) },
          { label: words.birthdate, value: writeDate(change.birthdate, language) },
          { label: words.cpr, value: formatCpr(change.cpr) },
          { label: words.newBirthdate, value: writeDate(change.newBirthdate, language) },
          { label: words.old, value: change.isCorrection ? words.oldWrong : words.oldFormer },
          { label: words.registered, value: change.registeredName ?? words.notRegistered },
          {
            label: words.identification,
            value: `${kind?.[language] ?? identification.kind} ${identification.number}`,
          },
          { label: words.reason, value: change.reason },
        ]}
      />
      <form method="post">
        <Hidden values={{ csrf: staff.csrf }} />
        <Actions>
          <SubmitButton name="number" value="right" text={words.right} />
          <SubmitButton kind="secondary" name="number" value="wrong" text={words.wrong} />
          <a href="/desk/waiting">{words.back}</a>
        </Actions>
      </form>
    </DeskPage>
  );
}
