import type { VNode } from 'preact';
import { writeBareDay, writeBareMoment, writeDay } from '../../../ui/language.ts';
import { Values } from '../../../ui/values.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import { writeIssuerName } from './person.page.tsx';
import type { CaseView } from './searchCase.ts';
import { APPEAL_DAYS, findAppealDeadline } from '../applications/appeal.rules.ts';

/** A case found by its number: whose it is, how it stands, and what to say to the person on the telephone. */
export function CasePage(props: DeskFrame & { readonly found: CaseView }): VNode {
  const { t, language, contact, found } = props;
  const words = t.deskCase;
  const { operator } = contact;
  const decided = found.decidedAt ?? found.at;
  const lastDay = writeBareDay(findAppealDeadline(decided), language);
  return (
    <DeskPage {...props} page="desk-case" title={words.title(found.number)}>
      <h1>{words.title(found.number)}</h1>
      <Values
        list={[
          { label: words.name, value: found.name },
          { label: words.state, value: words.states[found.state] },
          { label: words.at, value: writeBareMoment(found.at, language) },
          found.decidedAt ? { label: words.decidedAt, value: writeBareDay(found.decidedAt, language) } : null,
          found.issuer ? { label: words.issuer, value: writeIssuerName(found.issuer, t, language) } : null,
        ]}
      />
      {found.reasons && found.reasons.length > 0 ? (
        <section>
          <h2>{words.why}</h2>
          <ul class="noegle-list">
            {found.reasons.map((reason) => (
              <li key={reason}>{t.deskIssue.reasons[reason]}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <section>
        <h2>{words.say}</h2>
        <p>{isOpenOrder(found) ? words.order : words.says[found.state]}</p>
        {found.state === 'refused' ? (
          <p>
            {words.appeal(
              operator.name,
              operator.address.join(', '),
              APPEAL_DAYS / 7,
              writeDay(decided, language),
              lastDay,
            )}
          </p>
        ) : null}
      </section>
      <p>
        {found.applicationId === null ? null : (
          <a href={`/desk/applications/${found.applicationId}`}>{words.open}</a>
        )}
      </p>
      <p>
        <a href="/desk/search">{t.deskSearch.person.again}</a>
      </p>
    </DeskPage>
  );
}

/**
 * Anyone may have sent an order, in any name, and staff do not know who is on the telephone. Where the person
 * has an ID already, such a number finds no case; staff say the same then (`PersonNotFoundPage`).
 */
function isOpenOrder({ isOrder, state }: CaseView): boolean {
  return isOrder && (state === 'issued' || state === 'waiting');
}
