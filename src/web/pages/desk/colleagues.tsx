import type { VNode } from 'preact';
import type {
  ColleagueActionSeen,
  WaitingColleagueAction,
} from '../../../usecases/desk/settleColleagueAction.ts';
import { writeBareDay, writeDay, writeTime } from '../../language.ts';
import type { Texts } from '../../text/da.ts';
import { Notice } from '../notice.tsx';
import { Actions, Hidden, SubmitButton } from '../form.tsx';
import { Values } from '../values.tsx';
import { DeskPage, type DeskFrame } from './frame.tsx';

export const COLLEAGUE_CAME = ['done', 'refused', 'settled', 'own', 'not_possible'] as const;
export type ColleagueCame = (typeof COLLEAGUE_CAME)[number];

export interface ColleaguesPage extends DeskFrame {
  readonly waiting: readonly WaitingColleagueAction[];
  readonly came: ColleagueCame | null;
}

/** What waits for a second member of staff, the oldest first. */
export function ColleaguesPage(props: ColleaguesPage): VNode {
  const { t, language, waiting, came } = props;
  const words = t.deskControl.colleagues;
  const kind = came === 'done' || came === 'refused' ? 'success' : 'warning';
  return (
    <DeskPage {...props} page="desk-colleagues" title={words.title}>
      <h1>{words.title}</h1>
      {came ? <Notice text={words.came[came]} kind={kind} /> : null}
      <p>{words.why}</p>
      <p>{words.urgent}</p>
      {waiting.length === 0 ? <p>{words.none}</p> : null}
      <ul class="noegle-links">
        {waiting.map((one) => (
          <li key={one.id}>
            <a href={`/desk/colleagues/${one.id}`}>{words.look(whatOf(t, one), one.name)}</a>
            <span>
              {`${words.at} ${writeDay(one.at, language)} ${writeTime(one.at, language)}.`}{' '}
              {one.isOwn ? words.own : ''}
            </span>
          </li>
        ))}
      </ul>
    </DeskPage>
  );
}

function whatOf(t: Texts, { action }: WaitingColleagueAction): string {
  return t.deskSearch.deed.names[action].link;
}

/** One of them: what, whom and why, and two answers. */
export function ColleaguePage(props: DeskFrame & { readonly action: ColleagueActionSeen }): VNode {
  const { t, language, staff, action } = props;
  const words = t.deskControl.colleagues;
  const title = words.oneTitle(whatOf(t, action), action.name);
  const at = `${writeBareDay(action.at, language)} ${writeTime(action.at, language)}`;
  return (
    <DeskPage {...props} page="desk-colleague" title={title}>
      <h1>{title}</h1>
      <Values
        list={[
          { label: words.whom, value: action.name },
          { label: words.what, value: whatOf(t, action) },
          { label: words.reason, value: action.reason },
          { label: words.by, value: action.proposedBy },
          { label: words.at, value: at },
        ]}
      />
      {action.isOwn ? <p>{words.own}</p> : <p>{t.deskSearch.deed.names[action.action].what}</p>}
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
