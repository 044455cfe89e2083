/**
 * What helps a person who did not do what a line of their log says. Each kind of event belongs to a concern;
 * a new kind without one does not compile.
 */
import type { Activity, ActivityKind } from './activity.rules.ts';

/** What someone else would have, if the line was not the person. */
export type Concern =
  /** Password and key. */
  | 'both'
  /** The password. */
  | 'password'
  /** Nothing yet: someone tried. */
  | 'guess'
  /** A session of the person. */
  | 'session'
  /** Password, key and a session: a change in self-service. */
  | 'change'
  | 'email'
  | 'card'
  | 'security_key'
  | 'browser'
  | 'access'
  | 'public_sites'
  /** Staff did or saw something. */
  | 'staff'
  /** The population register, or Nøgle by its rules. */
  | 'record';

export type Remedy =
  | 'block_card'
  | 'block_id'
  | 'change_password'
  | 'end_sessions'
  | 'remove_access'
  | 'stop_email'
  | 'remove_browsers'
  | 'public_sites_off'
  | 'see_card'
  | 'stop_security_key'
  | 'phone';

/** The best next step first. */
export const REMEDIES: Readonly<Record<Concern, readonly Remedy[]>> = {
  both: ['block_id', 'end_sessions', 'phone'],
  password: ['change_password', 'end_sessions', 'phone'],
  guess: ['change_password', 'phone'],
  session: ['end_sessions', 'change_password', 'phone'],
  change: ['block_id', 'end_sessions', 'phone'],
  email: ['stop_email', 'block_id', 'phone'],
  card: ['block_id', 'see_card', 'phone'],
  security_key: ['stop_security_key', 'block_id', 'end_sessions', 'phone'],
  browser: ['remove_browsers', 'block_card', 'change_password', 'phone'],
  access: ['remove_access', 'end_sessions', 'phone'],
  public_sites: ['public_sites_off', 'block_id', 'phone'],
  staff: ['phone'],
  record: ['phone'],
};

const CONCERNS: Readonly<Record<ActivityKind, Concern>> = {
  signed_in: 'both',
  signed_in_with_password: 'password',
  sign_in_refused: 'security_key',
  gone_on_to: 'session',
  signed_out: 'session',
  signed_out_everywhere: 'session',
  password_without_key: 'password',
  failures_counted: 'guess',
  failures_in_all: 'guess',
  keys_locked: 'password',
  password_locked: 'guess',
  only_known_browsers: 'guess',
  current_password_locked: 'session',
  sign_in_code_ordered: 'guess',
  sign_in_code_used: 'email',
  activation_key_given: 'card',
  identity_activated: 'both',
  terms_confirmed: 'both',
  password_chosen: 'change',
  user_id_chosen: 'change',
  user_id_refused: 'change',
  threshold_changed: 'change',
  card_format_changed: 'change',
  language_changed: 'session',
  data_exported: 'change',
  identity_closed: 'change',
  deed_confirmed: 'change',
  security_key_added: 'security_key',
  security_key_counts: 'record',
  security_key_renamed: 'session',
  security_key_ended: 'security_key',
  email_changed: 'email',
  email_refused: 'email',
  email_code_ordered: 'email',
  email_confirmed: 'email',
  email_called_off: 'email',
  card_issued: 'record',
  card_ordered: 'card',
  card_sent: 'card',
  card_activate: 'card',
  card_replace: 'card',
  card_use_up: 'record',
  card_block: 'card',
  card_lose: 'card',
  card_retire: 'card',
  card_not_ordered: 'record',
  wait_started: 'card',
  code_token_ordered: 'card',
  code_token_sent: 'card',
  code_token_wait_started: 'card',
  code_token_activated: 'card',
  code_token_replaced: 'card',
  code_token_blocked: 'card',
  code_token_lost: 'card',
  code_token_resynced: 'card',
  key_burnt: 'record',
  browser_known: 'browser',
  browser_forgotten: 'guess',
  browsers_taken_back: 'browser',
  consent_given: 'access',
  consent_withdrawn: 'access',
  access_ended: 'access',
  public_sites_changed: 'public_sites',
  identity_issued: 'record',
  identity_blocked: 'change',
  identity_reopened: 'staff',
  identity_proofed: 'staff',
  proofing_lowered: 'record',
  identity_accepted: 'record',
  password_letter_ordered: 'staff',
  new_password_key_given: 'card',
  new_password_refused: 'card',
  letter_sent: 'card',
  signed_out_by_staff: 'staff',
  searched_by_staff: 'staff',
  register_looked_up: 'staff',
  refused_at_desk: 'staff',
  colleague_action_proposed: 'staff',
  colleague_action_refused: 'staff',
  person_erasure_proposed: 'staff',
  person_erased: 'staff',
  operator_command: 'staff',
  application_refused: 'record',
  application_withdrawn: 'record',
  cpr_changed: 'record',
  cpr_change_proposed: 'record',
  cpr_change_refused: 'record',
  cpr_change_withdrawn: 'record',
  cpr_change_unclear: 'record',
  likeness_judged: 'staff',
  duplicate_found: 'record',
  register_changed: 'record',
  staff_proposed: 'staff',
  staff_approved: 'staff',
  staff_ended: 'staff',
  staff_end_proposed: 'staff',
  staff_kept: 'staff',
};

/** A kind of a later version, during a rolling update, is a matter for the hotline. */
export function findConcern({ event }: Pick<Activity, 'event'>): Concern {
  const { by } = event.details as { readonly by?: string };
  if (by === 'staff') return 'staff';
  return (CONCERNS as Partial<Record<string, Concern>>)[event.kind] ?? 'record';
}

/** Whether the person, or someone in their place, did it: otherwise "was it not you?" makes no sense. */
export function isDoneByPerson(activity: Pick<Activity, 'event'>): boolean {
  const { by } = activity.event.details as { readonly by?: string };
  const concern = findConcern(activity);
  return by !== 'system' && concern !== 'staff' && concern !== 'record';
}
