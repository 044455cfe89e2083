/** The history of an ID as staff see it: which events are in it, and who may see which. */
import type { AuditEvent } from '../../../domain/auditEvent.ts';
import { isPermitted, type Staff, type View } from '../../../domain/staff/staff.ts';

/** The events that are shown, each with the permission that it requires in addition. */
const HISTORY = {
  identity_issued: null,
  identity_activated: null,
  identity_blocked: null,
  identity_reopened: null,
  identity_proofed: 'see_proofing',
  proofing_lowered: 'see_proofing',
  identity_closed: null,
  keys_locked: null,
  password_locked: null,
  only_known_browsers: null,
  signed_out_by_staff: null,
  // That a card no longer works; not which.
  card_block: null,
  wait_started: 'see_wait',
  card_ordered: 'see_cards',
  card_sent: 'see_cards',
  card_activate: 'see_cards',
  card_replace: 'see_cards',
  card_use_up: 'see_cards',
  card_lose: 'see_cards',
  card_retire: 'see_cards',
  code_token_blocked: null,
  code_token_wait_started: 'see_wait',
  code_token_ordered: 'see_cards',
  code_token_sent: 'see_cards',
  code_token_activated: 'see_cards',
  code_token_replaced: 'see_cards',
  code_token_lost: 'see_cards',
  code_token_resynced: 'see_cards',
  security_key_added: 'see_wait',
  security_key_counts: 'see_wait',
  security_key_ended: null,
  password_letter_ordered: 'see_password_letter',
  // The person cannot read their own log without a password.
  new_password_refused: 'see_password_letter',
  public_sites_changed: 'see_public_sites',
  email_called_off: 'see_contact',
  cpr_changed: 'see_former_cpr',
} as const satisfies Partial<Record<AuditEvent['kind'], View | null>>;
export type HistoryKind = keyof typeof HISTORY;
const HISTORY_KINDS = Object.keys(HISTORY) as readonly HistoryKind[];

/** The kinds that this member of staff may see. */
export function listHistoryKinds(staff: Pick<Staff, 'permissions'>): HistoryKind[] {
  return HISTORY_KINDS.filter((kind) => {
    const view = HISTORY[kind];
    return view === null || isPermitted(staff, view);
  });
}
