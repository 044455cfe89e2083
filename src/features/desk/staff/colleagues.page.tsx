import type { VNode } from 'preact';
import type { ColleagueActionView, PendingColleagueAction } from './settleColleagueAction.ts';
import { writeBareMoment } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Actions, Hidden, SubmitButton } from '../../../ui/form.tsx';
import { Table } from '../table.page.tsx';
import { Values } from '../../../ui/values.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';

export const COLLEAGUE_OUTCOMES = ['done', 'refused', 'settled', 'own', 'not_possible'] as const;
export type ColleagueOutcome = (typeof COLLEAGUE_OUTCOMES)[number];

export interface ColleaguesPage extends DeskFrame {
  readonly waiting: readonly PendingColleagueAction[];
  readonly outcome: ColleagueOutcome | null;
}

/** Actions that wait for a second member of staff, the oldest first. */
export function ColleaguesPage(props: ColleaguesPage): VNode {
  const { t, language, waiting, outcome } = props;
  const words = t.deskControl.colleagues;
  const kind = outcome === 'done' || outcome === 'refused' ? 'success' : 'warning';
  return (
    <DeskPage {...props} page="desk-colleagues" title={words.title}>
      <h1 id="colleagues">{words.title}</h1>
      {outcome ? <Notice text={words.outcome[outcome]} kind={kind} /> : null}
      <p>{words.why}</p>
      <p>{words.urgent}</p>
      {waiting.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <Table
          labelledBy="colleagues"
          head={[words.whom, words.what, words.at, words.next]}
          rows={waiting.map((one) => ({
            key: one.id,
            cells: [
              one.name,
              nameAction(t, one),
              writeBareMoment(one.at, language),
              <>
                {one.isOwn ? <span class="noegle-beside">{words.own}</span> : null}
                <a href={`/desk/colleagues/${one.id}`}>{words.look(nameAction(t, one), one.name)}</a>
              </>,
            ],
          }))}
        />
      )}
    </DeskPage>
  );
}

function nameAction(t: Texts, { action }: PendingColleagueAction): string {
  return t.deskSearch.action.names[action].link;
}

/** What a confirmation leads to. A security key was created before: none is plugged in here. */
function describeAction(t: Texts, { action }: PendingColleagueAction): string {
  return action === 'add-security-key'
    ? t.deskControl.colleagues.securityKey
    : t.deskSearch.action.names[action].what;
}

/** One action: what, on whose ID and why, with two answers. */
export function ColleaguePage(props: DeskFrame & { readonly action: ColleagueActionView }): VNode {
  const { t, language, staff, action } = props;
  const words = t.deskControl.colleagues;
  const title = words.oneTitle(nameAction(t, action), action.name);
  return (
    <DeskPage {...props} page="desk-colleague" title={title}>
      <h1>{title}</h1>
      <Values
        list={[
          { label: words.whom, value: action.name },
          { label: words.what, value: nameAction(t, action) },
          { label: words.reason, value: action.reason },
          { label: words.by, value: action.proposedBy },
          { label: words.at, value: writeBareMoment(action.at, language) },
        ]}
      />
      <p>{action.isOwn ? words.own : describeAction(t, action)}</p>
      <form method="post">
        <Hidden values={{ csrf: staff.csrf }} />
        <Actions>
          {action.isOwn ? null : <SubmitButton name="decision" value="confirm" text={words.confirm} />}
          <SubmitButton
            kind="secondary"
            name="decision"
            value="refuse"
            text={action.isOwn ? words.callOff : words.refuse}
          />
          <a href="/desk/colleagues">{words.back}</a>
        </Actions>
      </form>
    </DeskPage>
  );
}
