import type { VNode } from 'preact';
import { FormPage, Hidden, Submit } from '../../../ui/form.tsx';
import { Choices, TextBox, listFaults } from '../fields.page.tsx';
import type { LimitReached } from '../limits.rules.ts';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import { LimitNotice } from '../limit.page.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';

export const SEARCH_KINDS = ['cpr', 'id_number', 'name', 'case', 'card'] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];
export const SEARCH_FIELDS = [
  'by',
  'number',
  'cardNumber',
  'givenName',
  'familyName',
  'birthdate',
  'reason',
] as const;
export type SearchField = (typeof SEARCH_FIELDS)[number];
export type SearchFault = keyof Texts['deskSearch']['errors'];

export interface SearchPage extends DeskFrame {
  /** Those of this member of staff. */
  readonly kinds: readonly SearchKind[];
  readonly typed: Readonly<Record<SearchField, string>>;
  readonly faults: Readonly<Partial<Record<SearchField, SearchFault>>>;
  /** Form id, generated for each page. */
  readonly form: string;
  /** Set when a limit is reached; then nothing was looked up. */
  readonly limit: LimitReached | null;
}

/**
 * The search form: by number, or by name and birth date; and the reason. The fields of the other ways are
 * hidden by the styles, where the browser can.
 */
export function SearchPage(props: SearchPage): VNode {
  const { t, typed, staff, form, limit } = props;
  const words = t.deskSearch.search;
  const faults = Object.fromEntries(
    Object.entries(props.faults).map(([name, fault]) => [name, t.deskSearch.errors[fault]]),
  );
  const text = (name: Exclude<SearchField, 'by'>, label: string, hint?: string) => (
    <TextBox name={name} label={label} {...(hint ? { hint } : {})} value={typed[name]} faults={faults} />
  );
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-search"
      title={words.title}
      alert={limit && <LimitNotice {...props} limit={limit} />}
      errors={listFaults(faults, SEARCH_FIELDS)}
    >
      <p>{words.why}</p>
      <form method="post">
        <Hidden values={{ csrf: staff.csrf, form }} />
        <Choices
          name="by"
          label={words.by}
          value={typed.by}
          faults={faults}
          options={props.kinds.map((value) => ({
            value,
            label: words.kinds[value],
          }))}
        />
        <div class="noegle-by-number">{text('number', words.number, words.numberHint)}</div>
        {props.kinds.includes('card') ? (
          <div class="noegle-by-card">{text('cardNumber', words.cardNumber, words.cardHint)}</div>
        ) : null}
        <div class="noegle-by-name">
          {text('givenName', words.givenName, words.nameHint)}
          {text('familyName', words.familyName)}
          {text('birthdate', words.birthdate, words.dateHint)}
        </div>
        {text('reason', words.reason, words.reasonHint)}
        <Submit text={words.submit} />
      </form>
    </FormPage>
  );
}
