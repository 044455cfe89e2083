/** The links on the first page of the desk; a new part of the desk adds its link here. */
import { isPermitted, type StaffAction, type Staff } from '../../domain/staff/staff.ts';
import type { Texts } from '../../ui/words/words.da.ts';

interface DeskLink {
  readonly href: string;
  /** The link is shown to staff who have this permission. */
  readonly action: StaffAction;
  readonly words: (t: Texts) => { readonly label: string; readonly what: string };
}

const DESK_LINKS: readonly DeskLink[] = [
  { href: '/desk/search', action: 'search', words: (t) => t.deskSearch.link },
  { href: '/desk/issue', action: 'issue', words: (t) => t.deskIssue.link },
  { href: '/desk/waiting', action: 'approve_address', words: (t) => t.deskIssue.waitingLink },
  { href: '/desk/colleagues', action: 'confirm_colleague', words: (t) => t.deskControl.colleagues.link },
  { href: '/desk/staff', action: 'staff_see', words: (t) => t.desk.links.staff },
  { href: '/desk/staff/refusals', action: 'refusals_see', words: (t) => t.deskControl.refusals.link },
];

export function listDeskLinks(staff: Pick<Staff, 'permissions'>): readonly DeskLink[] {
  return DESK_LINKS.filter(({ action }) => isPermitted(staff, action));
}
