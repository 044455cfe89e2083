/**
 * Every column that depends on a key of a ring, with how its values end when the ring gets another key. A
 * test compares the list with the catalogue: a column of bytes that is not listed fails it.
 */
import type { RingEnd, RingKeyUse } from '../../domain/ringKeys.ts';

export interface KeyedColumn {
  /** `table.column`. */
  readonly column: string;
  readonly ring: RingKeyUse;
  readonly end: RingEnd;
}

const list = (ring: RingKeyUse, end: RingEnd, columns: readonly string[]): KeyedColumn[] =>
  columns.map((column) => ({ column, ring, end }));

/** Sealed values that are resealed one by one: `sealedColumns.ts`. */
export const RESEALED_COLUMNS = [
  'people.cpr_sealed',
  'people.address_sealed',
  'people.email_sealed',
  'people.former_address_sealed',
  'people.next_email_sealed',
  'email_requests.email_sealed',
  'register_entries.entry_sealed',
  'applications.form_sealed',
  'cpr_changes.change_sealed',
  'colleague_actions.asked_sealed',
  'signing_keys.private_jwk_sealed',
  'letters.notice',
  'notices.details',
  'gathered_notices.notice',
  'code_tokens.seed_sealed',
] as const;
export type ResealedColumn = (typeof RESEALED_COLUMNS)[number];
/** The rings that `keys reseal` renews. */
export const RESEALED_RINGS = ['seal', 'tokens'] as const;
export type ResealedRing = (typeof RESEALED_RINGS)[number];

export function ringOfColumn(column: ResealedColumn): ResealedRing {
  return column === 'code_tokens.seed_sealed' ? 'tokens' : 'seal';
}

/** MACs of rows: `binding/boundTables.ts`. */
export const MAC_COLUMNS = [
  'relying_parties.mac',
  'identities.mac',
  'letters.mac',
  'applications.mac',
  'activations.mac',
  'own_sessions.mac',
  'consents.mac',
  'code_tokens.mac',
  'security_keys.mac',
] as const;

export const KEYED_COLUMNS: readonly KeyedColumn[] = [
  ...RESEALED_COLUMNS.map((column) => ({ column, ring: ringOfColumn(column), end: 'reseal' as const })),
  ...list('seal', 'reseal', MAC_COLUMNS),
  ...list('seal', 'next_sign_in', ['identities.password_hash']),
  // A temporary password is used within weeks, or ordered again.
  ...list('seal', 'expires', ['letters.password_hash']),
  // Browser and network, under a salt of the person: an event is never changed. A retired key opens them.
  ...list('seal', 'never', ['audit_events.details', 'known_browsers.seen']),
  ...list('cards', 'with_its_card', ['key_cards.kid']),
  ...list('clientSecrets', 'with_its_secret', ['relying_parties.metadata', 'relying_parties.proposed']),
  ...list('records', 'expires', [
    'oidc_records.id',
    'oidc_records.grant_id',
    'oidc_records.payload',
    'own_sessions.id',
    'sign_ins.interaction',
    'sign_ins.typed_name_sealed',
    'sign_ins.holder',
    'sign_ins.mac',
    'sign_ins.answer_sealed',
    'sign_ins.answer_code',
    'activations.id',
    'activations.typed_sealed',
    'attempts.forms',
    'confirmations.own_session',
    'confirmations.deed_sealed',
    'door_codes.code',
    'door_codes.used_by',
    'email_requests.code',
    'initial_access_tokens.id',
    'notice_browsers.browser',
    'notice_browsers.network',
    'passwords_without_key.interaction',
    'passwords_without_key.context_sealed',
    'posted_requests.id',
    'posted_requests.request_sealed',
    'replay_ids.id',
    'waiting_pushes.id',
    'waiting_pushes.request_sealed',
  ]),
  // Under the first key of the ring or its lookup key, which stay.
  ...list('records', 'never', [
    'known_browsers.browser',
    'known_networks.network',
    'relying_parties.management',
    'desk_refusals.subject',
  ]),
  ...list('attempts', 'never', [
    'attempts.subject',
    'network_tries.subject',
    'identities.password_tries',
    'identities.key_tries',
    'known_browsers.tries',
    'known_networks.tries',
    'door_codes.tries',
    'posted_requests.network',
    'waiting_pushes.network',
  ]),
  ...list('cprLookup', 'never', [
    'people.cpr_lookup',
    'people.likeness',
    'people.document_lookup',
    'people.email_confirmed',
    'people.next_email_confirmed',
    'people.email_refused',
    'register_entries.cpr_lookup',
    'register_entries.content',
    'former_cprs.former',
    'former_cprs.current',
    'cpr_changes.former',
    'cpr_changes.current',
    'apart_cprs.one',
    'apart_cprs.other',
    'applications.subject',
    'code_tokens.seed_lookup',
  ]),
];

/** Columns of bytes that depend on no key. */
export const KEYLESS_COLUMNS: readonly string[] = [
  'key_cards.salt',
  'security_keys.credential_id',
  'security_keys.public_key',
  'people.log_salt',
  'audit_segments.salt',
  'audit_segments.leaves',
  'audit_segments.root',
  'audit_subtrees.hash',
  'audit_tree.edge',
  'audit_erased_events.hash',
];
