import type { VNode } from 'preact';
import { rolePermits } from '../../../domain/staff/staff.ts';
import { Actions, Hidden, SubmitButton } from '../../../ui/form.tsx';
import { Values } from '../../../ui/values.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import type { ListedStaff } from './readStaff.ts';
import { chooseEnd, composeStateLines, nameOrganisation } from './staffTable.page.tsx';

/** Asks before access ends: whose it is, what happens, and what the other operator has to do. */
export function StaffEndPage(props: DeskFrame & { readonly one: ListedStaff }): VNode {
  const { t, language, staff, one } = props;
  const words = t.deskStaff;
  const what = chooseEnd(one);
  const { title, sure } = words.ends[what];
  const neverPaused = rolePermits(one.role, 'never_paused');
  const why = {
    withdraw: words.withdrawWhy,
    'propose-end': neverPaused ? words.endWhyOperator : words.endWhy,
    end: words.endNowWhy,
  };
  return (
    <DeskPage {...props} page="desk-staff-end" title={title(one.name)}>
      <h1>{title(one.name)}</h1>
      <p>{why[what]}</p>
      <Values
        list={[
          { label: words.name, value: one.name },
          { label: words.userId, value: one.userId ?? '–' },
          { label: words.role, value: t.desk.roles[one.role] },
          { label: words.organisation, value: nameOrganisation(one, t, language) },
          { label: words.state, value: composeStateLines(one, t, language).join(' ') },
        ]}
      />
      <form method="post">
        <Hidden values={{ csrf: staff.csrf }} />
        <Actions>
          <SubmitButton name="do" value={what === 'withdraw' ? 'end' : what} text={sure} />
          <a href="/desk/staff">{words.back}</a>
        </Actions>
      </form>
    </DeskPage>
  );
}
