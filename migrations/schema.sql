-- What the migrations make, read from the catalogue. Written by: UPDATE_SCHEMA=1 npm test -- schema
-- columns
activations.id bytea NOT NULL
activations.identity_id uuid
activations.letter_id uuid
activations.key_given_at timestamp with time zone
activations.done_at timestamp with time zone
activations.outcome jsonb
activations.expires_at timestamp with time zone NOT NULL
activations.password_at timestamp with time zone
activations.typed_sealed bytea
activations.mac bytea
apart_cprs.one bytea NOT NULL
apart_cprs.other bytea NOT NULL
apart_cprs.told_at timestamp with time zone NOT NULL
applications.id uuid NOT NULL
applications.path text NOT NULL
applications.state text NOT NULL
applications.subject bytea NOT NULL
applications.identity_id uuid
applications.officer_id uuid
applications.second_officer_id uuid
applications.issued_by text NOT NULL
applications.reasons text[] NOT NULL DEFAULT '{}'::text[]
applications.form_sealed bytea NOT NULL
applications.at timestamp with time zone NOT NULL
applications.decided_at timestamp with time zone
applications.mac bytea
applications.case_number text
attempts.subject bytea NOT NULL
attempts.tries smallint NOT NULL
attempts.wrong smallint NOT NULL
attempts.counted_at timestamp with time zone NOT NULL
attempts.expires_at timestamp with time zone NOT NULL
attempts.in_a_row integer NOT NULL DEFAULT 0
attempts.verdict text
attempts.forms bytea[] NOT NULL DEFAULT '{}'::bytea[]
audit_erased_events.event_id bigint NOT NULL
audit_erased_events.identity_id uuid NOT NULL
audit_erased_events.hash bytea NOT NULL
audit_events.id bigint NOT NULL
audit_events.at timestamp with time zone NOT NULL DEFAULT (now() + ((COALESCE(NULLIF(current_setting('noegle.clock_offset_ms'::text, true), ''::text), '0'::text))::double precision * '00:00:00.001'::interval))
audit_events.kind text NOT NULL
audit_events.identity_id uuid
audit_events.details jsonb NOT NULL
audit_segments.number bigint NOT NULL
audit_segments.first_leaf bigint NOT NULL
audit_segments.event_ids bigint[] NOT NULL
audit_segments.salt bytea NOT NULL
audit_segments.leaves bytea NOT NULL
audit_segments.root bytea NOT NULL
audit_segments.sealed_at timestamp with time zone NOT NULL
audit_subtrees.height smallint NOT NULL
audit_subtrees.index bigint NOT NULL
audit_subtrees.hash bytea NOT NULL
audit_tree.singleton boolean NOT NULL DEFAULT true
audit_tree.segments bigint NOT NULL DEFAULT 0
audit_tree.size bigint NOT NULL DEFAULT 0
audit_tree.edge bytea NOT NULL DEFAULT '\x'::bytea
audit_tree.sealed_below bigint NOT NULL DEFAULT 0
audit_tree.sealed_above bigint[] NOT NULL DEFAULT '{}'::bigint[]
audit_tree.next_below bigint NOT NULL DEFAULT 0
audit_tree.next_holders text[] NOT NULL DEFAULT '{}'::text[]
audit_tree.checkpoint text
audit_tree.sink_since timestamp with time zone
audit_tree.restoring text
code_tokens.id uuid NOT NULL
code_tokens.serial_number text NOT NULL
code_tokens.kind text NOT NULL
code_tokens.digits smallint NOT NULL
code_tokens.period_seconds smallint
code_tokens.algorithm text NOT NULL
code_tokens.seed_sealed bytea NOT NULL
code_tokens.seed_lookup bytea NOT NULL
code_tokens.state text NOT NULL
code_tokens.identity_id uuid
code_tokens.last_step bigint NOT NULL
code_tokens.drift_steps integer NOT NULL DEFAULT 0
code_tokens.imported_at timestamp with time zone NOT NULL
code_tokens.given_at timestamp with time zone
code_tokens.given_by text
code_tokens.expected_from date
code_tokens.expected_to date
code_tokens.activates_at timestamp with time zone
code_tokens.activated_at timestamp with time zone
code_tokens.last_used_at timestamp with time zone
code_tokens.ended_at timestamp with time zone
code_tokens.mac bytea
colleague_actions.id uuid NOT NULL
colleague_actions.identity_id uuid NOT NULL
colleague_actions.action text NOT NULL
colleague_actions.asked_sealed bytea NOT NULL
colleague_actions.state text NOT NULL
colleague_actions.proposed_by uuid NOT NULL
colleague_actions.proposed_at timestamp with time zone NOT NULL
colleague_actions.decided_by uuid
colleague_actions.decided_at timestamp with time zone
colleague_actions.performed_at timestamp with time zone
confirmations.id uuid NOT NULL
confirmations.own_session bytea NOT NULL
confirmations.identity_id uuid NOT NULL
confirmations.kind text NOT NULL
confirmations.deed_sealed bytea
confirmations.outcome jsonb
confirmations.expires_at timestamp with time zone NOT NULL
confirmations.done_at timestamp with time zone
consents.identity_id uuid NOT NULL
consents.client_id text NOT NULL
consents.scopes text[] NOT NULL
consents.given_at timestamp with time zone NOT NULL
consents.mac bytea
cpr_changes.id uuid NOT NULL
cpr_changes.identity_id uuid NOT NULL
cpr_changes.state text NOT NULL
cpr_changes.change_sealed bytea NOT NULL
cpr_changes.former bytea
cpr_changes.current bytea NOT NULL
cpr_changes.proposed_by uuid NOT NULL
cpr_changes.proposed_at timestamp with time zone NOT NULL
cpr_changes.decided_by uuid
cpr_changes.decided_at timestamp with time zone
desk_refusals.identity_id uuid NOT NULL
desk_refusals.day date NOT NULL
desk_refusals.what text NOT NULL
desk_refusals.why text NOT NULL
desk_refusals.subject text NOT NULL
desk_refusals.role text
desk_refusals.count integer NOT NULL
desk_refusals.first_at timestamp with time zone NOT NULL
desk_refusals.last_at timestamp with time zone NOT NULL
desk_searches.id uuid NOT NULL
desk_searches.staff_id uuid NOT NULL
desk_searches.found_id uuid
desk_searches.reason text NOT NULL
desk_searches.at timestamp with time zone NOT NULL
desk_searches.by_former_cpr boolean NOT NULL DEFAULT false
desk_searches.application_id uuid
door_codes.id uuid NOT NULL
door_codes.identity_id uuid NOT NULL
door_codes.code bytea NOT NULL
door_codes.way text NOT NULL
door_codes.ordered_at timestamp with time zone NOT NULL
door_codes.valid_until timestamp with time zone NOT NULL
door_codes.tries bytea NOT NULL
door_codes.used_by bytea
duplicate_identities.one_id uuid NOT NULL
duplicate_identities.other_id uuid NOT NULL
duplicate_identities.found_at timestamp with time zone NOT NULL
email_requests.identity_id uuid NOT NULL
email_requests.id uuid NOT NULL
email_requests.email_sealed bytea NOT NULL
email_requests.kind text NOT NULL
email_requests.given_at timestamp with time zone NOT NULL
email_requests.code_id uuid
email_requests.code bytea
email_requests.code_until timestamp with time zone
email_requests.tries integer NOT NULL DEFAULT 0
email_requests.confirmed_at timestamp with time zone
email_requests.send_at timestamp with time zone
email_requests.send_tries integer NOT NULL DEFAULT 0
email_requests.refused boolean NOT NULL DEFAULT false
failures.identity_id uuid NOT NULL
failures.kind text NOT NULL
failures.hour timestamp with time zone NOT NULL
failures.many integer NOT NULL
former_cprs.former bytea NOT NULL
former_cprs.current bytea NOT NULL
former_cprs.told_by text NOT NULL
former_cprs.told_at timestamp with time zone NOT NULL
former_cprs.followed_by uuid
gathered_notices.id uuid NOT NULL
gathered_notices.identity_id uuid NOT NULL
gathered_notices.notice jsonb NOT NULL
gathered_notices.at timestamp with time zone NOT NULL
gathered_notices.letter_on date NOT NULL
identities.id uuid NOT NULL
identities.person_id uuid NOT NULL
identities.id_number text NOT NULL
identities.user_id text
identities.password_hash text
identities.public_sites boolean NOT NULL
identities.proofing text NOT NULL
identities.blocked_at timestamp with time zone
identities.ended_at timestamp with time zone
identities.created_at timestamp with time zone NOT NULL DEFAULT now()
identities.public_ended_at timestamp with time zone
identities.threshold smallint NOT NULL DEFAULT 20
identities.large_print boolean NOT NULL DEFAULT false
identities.issued_by text
identities.closed_at timestamp with time zone
identities.password_tries bytea
identities.key_tries bytea
identities.user_id_form text
identities.user_id_formed text
identities.mac bytea
identities.card_format text
initial_access_tokens.id bytea NOT NULL
initial_access_tokens.policy jsonb NOT NULL
initial_access_tokens.created_at timestamp with time zone NOT NULL DEFAULT now()
initial_access_tokens.expires_at timestamp with time zone NOT NULL
initial_access_tokens.used_at timestamp with time zone
initial_access_tokens.client_id text
installation.singleton boolean NOT NULL DEFAULT true
installation.key_checks jsonb NOT NULL
installation.bootstrapped_at timestamp with time zone
installation.binding text
installation.rehearsal_since timestamp with time zone
key_cards.id uuid NOT NULL
key_cards.identity_id uuid NOT NULL
key_cards.card_number text NOT NULL
key_cards.salt bytea NOT NULL
key_cards.kid text NOT NULL
key_cards.state text NOT NULL
key_cards.spent bit(148) NOT NULL DEFAULT (repeat('0'::text, 148))::bit(148)
key_cards.challenge smallint
key_cards.ordered_at timestamp with time zone NOT NULL DEFAULT now()
key_cards.activates_at timestamp with time zone
key_cards.expected_from date
key_cards.expected_to date
key_cards.replaces_lost boolean NOT NULL DEFAULT false
key_cards.format text
known_browsers.browser bytea NOT NULL
known_browsers.identity_id uuid NOT NULL
known_browsers.since timestamp with time zone NOT NULL
known_browsers.tries bytea
known_browsers.first_at timestamp with time zone
known_browsers.seen text
known_networks.identity_id uuid NOT NULL
known_networks.network bytea NOT NULL
known_networks.tries bytea NOT NULL
known_networks.seen_at timestamp with time zone NOT NULL
letter_days.identity_id uuid NOT NULL
letter_days.day date NOT NULL
letter_days.holds text NOT NULL
letters.id uuid NOT NULL
letters.kind text NOT NULL
letters.identity_id uuid NOT NULL
letters.card_id uuid
letters.notice jsonb
letters.password_hash text
letters.state text NOT NULL DEFAULT 'waiting'::text
letters.ordered_at timestamp with time zone NOT NULL
letters.try_at timestamp with time zone NOT NULL DEFAULT now()
letters.tries smallint NOT NULL DEFAULT 0
letters.fault text
letters.post_on date
letters.batch text
letters.valid_until timestamp with time zone
letters.used_at timestamp with time zone
letters.to_former_address boolean NOT NULL DEFAULT false
letters.mac bytea
letters.token_id uuid
logouts.id uuid NOT NULL DEFAULT gen_random_uuid()
logouts.identity_id uuid NOT NULL
logouts.client_id text NOT NULL
logouts.sid text
logouts.at timestamp with time zone NOT NULL DEFAULT now()
logouts.state text NOT NULL DEFAULT 'waiting'::text
logouts.try_at timestamp with time zone NOT NULL DEFAULT now()
logouts.tries smallint NOT NULL DEFAULT 0
logouts.fault text
network_tries.subject bytea NOT NULL
network_tries.level double precision NOT NULL
network_tries.at timestamp with time zone NOT NULL
new_passwords.letter_id uuid NOT NULL
new_passwords.identity_id uuid NOT NULL
new_passwords.card_id uuid NOT NULL
new_passwords.position smallint NOT NULL
new_passwords.ordered_at timestamp with time zone NOT NULL
notice_browsers.browser bytea NOT NULL
notice_browsers.network bytea NOT NULL
notice_browsers.identity_id uuid NOT NULL
notice_browsers.notice_id uuid NOT NULL
notice_browsers.seen_at timestamp with time zone NOT NULL
notices.id uuid NOT NULL
notices.identity_id uuid NOT NULL
notices.kind text NOT NULL
notices.details jsonb NOT NULL
notices.at timestamp with time zone NOT NULL
notices.state text NOT NULL DEFAULT 'waiting'::text
notices.try_at timestamp with time zone NOT NULL DEFAULT now()
notices.tries smallint NOT NULL DEFAULT 0
notices.fault text
notices.to_next_email boolean NOT NULL DEFAULT false
notices.sent_with uuid
oidc_records.id bytea NOT NULL
oidc_records.model text NOT NULL
oidc_records.account_id uuid
oidc_records.client_id text
oidc_records.grant_id bytea
oidc_records.session_uid text
oidc_records.uid text
oidc_records.login_at timestamp with time zone
oidc_records.expires_at timestamp with time zone NOT NULL
oidc_records.consumed_at timestamp with time zone
oidc_records.ended_at timestamp with time zone
oidc_records.payload bytea NOT NULL
oidc_records.started_at timestamp with time zone
oidc_records.password_at timestamp with time zone
oidc_records.acr text
oidc_records.sid text
oidc_records.accepted_until timestamp with time zone
own_sessions.id bytea NOT NULL
own_sessions.client_id text NOT NULL
own_sessions.identity_id uuid NOT NULL
own_sessions.session_uid text NOT NULL
own_sessions.login_at timestamp with time zone NOT NULL
own_sessions.started_at timestamp with time zone NOT NULL
own_sessions.seen_at timestamp with time zone NOT NULL
own_sessions.key_at timestamp with time zone
own_sessions.mac bytea
passwords_without_key.interaction bytea NOT NULL
passwords_without_key.identity_id uuid NOT NULL
passwords_without_key.at timestamp with time zone NOT NULL
passwords_without_key.context_sealed bytea
people.id uuid NOT NULL
people.given_name text NOT NULL
people.family_name text NOT NULL
people.birthdate date NOT NULL
people.language text NOT NULL
people.pid text NOT NULL
people.cpr_sealed bytea
people.cpr_lookup bytea
people.created_at timestamp with time zone NOT NULL DEFAULT now()
people.address_sealed bytea
people.email_sealed bytea
people.likeness bytea
people.document_lookup bytea
people.address_protected boolean NOT NULL DEFAULT false
people.former_address_sealed bytea
people.moved_at timestamp with time zone
people.next_email_sealed bytea
people.next_email_from timestamp with time zone
people.log_salt bytea NOT NULL DEFAULT sha256((uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
people.name_is_whole boolean NOT NULL DEFAULT false
people.email_confirmed bytea
people.next_email_confirmed bytea
people.email_refused bytea
posted_requests.id bytea NOT NULL
posted_requests.request_sealed bytea NOT NULL
posted_requests.network bytea NOT NULL
posted_requests.expires_at timestamp with time zone NOT NULL
register_entries.cpr_lookup bytea NOT NULL
register_entries.entry_sealed bytea NOT NULL
register_entries.content bytea NOT NULL
register_entries.imported_at timestamp with time zone NOT NULL
relying_parties.client_id text NOT NULL
relying_parties.kind text NOT NULL
relying_parties.metadata jsonb NOT NULL
relying_parties.created_at timestamp with time zone NOT NULL DEFAULT now()
relying_parties.state text NOT NULL DEFAULT 'active'::text
relying_parties.policy jsonb
relying_parties.proposed jsonb
relying_parties.version integer NOT NULL DEFAULT 1
relying_parties.management bytea
relying_parties.seen_jwks jsonb
relying_parties.mac bytea
replay_ids.id bytea NOT NULL
replay_ids.expires_at timestamp with time zone NOT NULL
security_keys.id uuid NOT NULL
security_keys.identity_id uuid NOT NULL
security_keys.credential_id bytea NOT NULL
security_keys.public_key bytea NOT NULL
security_keys.sign_count bigint NOT NULL DEFAULT 0
security_keys.transports text[] NOT NULL DEFAULT '{}'::text[]
security_keys.aaguid uuid NOT NULL
security_keys.is_discoverable boolean NOT NULL
security_keys.is_synced boolean NOT NULL
security_keys.is_backed_up boolean NOT NULL
security_keys.is_attested boolean NOT NULL
security_keys.name text NOT NULL
security_keys.added_at timestamp with time zone NOT NULL
security_keys.added_by text NOT NULL
security_keys.counts_from timestamp with time zone NOT NULL
security_keys.announced_at timestamp with time zone
security_keys.last_used_at timestamp with time zone
security_keys.ended_at timestamp with time zone
security_keys.end_reason text
security_keys.mac bytea
sign_ins.interaction bytea NOT NULL
sign_ins.identity_id uuid
sign_ins.password_at timestamp with time zone
sign_ins.signed_in_at timestamp with time zone
sign_ins.outcome jsonb
sign_ins.typed_name_sealed bytea
sign_ins.step_at timestamp with time zone NOT NULL
sign_ins.expires_at timestamp with time zone NOT NULL
sign_ins.consented boolean NOT NULL DEFAULT false
sign_ins.known_browser boolean NOT NULL DEFAULT false
sign_ins.new_card_skipped boolean NOT NULL DEFAULT false
sign_ins.session_uid text
sign_ins.with_key boolean
sign_ins.answered_at timestamp with time zone
sign_ins.holder bytea
sign_ins.mac bytea
sign_ins.answer_sealed bytea
sign_ins.answer_code bytea
sign_ins.second_factor text
sign_ins.without_password boolean
signing_keys.kid text NOT NULL
signing_keys.alg text NOT NULL
signing_keys.state text NOT NULL
signing_keys.private_jwk_sealed bytea NOT NULL
signing_keys.created_at timestamp with time zone NOT NULL DEFAULT now()
signing_keys.since timestamp with time zone NOT NULL DEFAULT now()
staff.id uuid NOT NULL
staff.identity_id uuid NOT NULL
staff.role text NOT NULL
staff.bank text
staff.proposed_by uuid
staff.proposed_at timestamp with time zone NOT NULL
staff.approved_by uuid
staff.approved_at timestamp with time zone
staff.ended_by uuid
staff.ended_at timestamp with time zone
staff.end_proposed_by uuid
staff.end_proposed_at timestamp with time zone
staff_counts.staff_id uuid NOT NULL
staff_counts.kind text NOT NULL
staff_counts.times timestamp with time zone[] NOT NULL
staff_counts.forms uuid[] NOT NULL
status_line.singleton boolean NOT NULL DEFAULT true
status_line.texts jsonb NOT NULL
status_line.until timestamp with time zone
waiting_pushes.place smallint NOT NULL
waiting_pushes.id bytea
waiting_pushes.request_sealed bytea
waiting_pushes.network bytea
waiting_pushes.expires_at timestamp with time zone NOT NULL
-- constraints
activations activations_check CHECK ((((identity_id IS NULL) = (letter_id IS NULL)) AND ((identity_id IS NULL) = (password_at IS NULL))))
activations activations_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
activations activations_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letters(id)
activations activations_pkey PRIMARY KEY (id)
apart_cprs apart_cprs_check CHECK ((one < other))
apart_cprs apart_cprs_pkey PRIMARY KEY (one, other)
applications applications_case_number_check CHECK ((case_number ~ '^[3479CDFGHJKMNPQRTVWX]{8}$'::text))
applications applications_check CHECK (((state = 'issued'::text) = (identity_id IS NOT NULL)))
applications applications_check1 CHECK ((second_officer_id <> officer_id))
applications applications_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
applications applications_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES identities(id)
applications applications_path_check CHECK ((path = ANY (ARRAY['desk'::text, 'bank'::text, 'online'::text, 'command'::text])))
applications applications_pkey PRIMARY KEY (id)
applications applications_second_officer_id_fkey FOREIGN KEY (second_officer_id) REFERENCES identities(id)
applications applications_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'issued'::text, 'refused'::text, 'withdrawn'::text])))
attempts attempts_pkey PRIMARY KEY (subject)
audit_erased_events audit_erased_events_hash_check CHECK ((octet_length(hash) = 32))
audit_erased_events audit_erased_events_pkey PRIMARY KEY (event_id)
audit_events audit_events_pkey PRIMARY KEY (id)
audit_events audit_events_time CHECK ((isfinite(at) AND (at < '10000-01-01 00:00:00+00'::timestamp with time zone))) NOT VALID
audit_segments audit_segments_check CHECK ((octet_length(leaves) = (32 * cardinality(event_ids))))
audit_segments audit_segments_first_leaf_key UNIQUE (first_leaf)
audit_segments audit_segments_number_check CHECK ((number >= 0))
audit_segments audit_segments_pkey PRIMARY KEY (number)
audit_subtrees audit_subtrees_pkey PRIMARY KEY (height, index)
audit_tree audit_tree_pkey PRIMARY KEY (singleton)
audit_tree audit_tree_restoring_check CHECK ((restoring = ANY (ARRAY['covered'::text, 'retired'::text])))
audit_tree audit_tree_singleton_check CHECK (singleton)
code_tokens code_tokens_algorithm_check CHECK ((algorithm = ANY (ARRAY['SHA-1'::text, 'SHA-256'::text])))
code_tokens code_tokens_check CHECK (((kind = 'totp'::text) = (period_seconds IS NOT NULL)))
code_tokens code_tokens_check1 CHECK (((state = 'in_stock'::text) = (given_at IS NULL)))
code_tokens code_tokens_check2 CHECK (((given_at IS NULL) = (given_by IS NULL)))
code_tokens code_tokens_check3 CHECK (((given_at IS NULL) = (identity_id IS NULL)))
code_tokens code_tokens_check4 CHECK (((state = ANY (ARRAY['blocked'::text, 'replaced'::text, 'void'::text])) = (ended_at IS NOT NULL)))
code_tokens code_tokens_digits_check CHECK ((digits = ANY (ARRAY[6, 8])))
code_tokens code_tokens_given_by_check CHECK ((given_by = ANY (ARRAY['self_service'::text, 'desk'::text])))
code_tokens code_tokens_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
code_tokens code_tokens_kind_check CHECK ((kind = ANY (ARRAY['hotp'::text, 'totp'::text])))
code_tokens code_tokens_last_step_check CHECK ((last_step >= '-1'::integer))
code_tokens code_tokens_period_seconds_check CHECK (((period_seconds >= 15) AND (period_seconds <= 300)))
code_tokens code_tokens_pkey PRIMARY KEY (id)
code_tokens code_tokens_seed_lookup_key UNIQUE (seed_lookup)
code_tokens code_tokens_serial_number_check CHECK ((serial_number ~ '^[A-Z0-9][A-Z0-9-]{3,31}$'::text))
code_tokens code_tokens_serial_number_key UNIQUE (serial_number)
code_tokens code_tokens_state_check CHECK ((state = ANY (ARRAY['in_stock'::text, 'ordered'::text, 'sent'::text, 'active'::text, 'blocked'::text, 'replaced'::text, 'void'::text])))
colleague_actions colleague_actions_check CHECK (((state <> 'confirmed'::text) OR (decided_by <> proposed_by)))
colleague_actions colleague_actions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES identities(id)
colleague_actions colleague_actions_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
colleague_actions colleague_actions_pkey PRIMARY KEY (id)
colleague_actions colleague_actions_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES identities(id)
colleague_actions colleague_actions_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'confirmed'::text, 'refused'::text, 'expired'::text])))
confirmations confirmations_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
confirmations confirmations_own_session_fkey FOREIGN KEY (own_session) REFERENCES own_sessions(id) ON DELETE CASCADE
confirmations confirmations_pkey PRIMARY KEY (id)
consents consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES relying_parties(client_id)
consents consents_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
consents consents_pkey PRIMARY KEY (identity_id, client_id)
cpr_changes cpr_changes_check CHECK (((proposed_by <> identity_id) AND (decided_by <> identity_id) AND (decided_by <> proposed_by)))
cpr_changes cpr_changes_check1 CHECK (((state = 'waiting'::text) = (decided_at IS NULL)))
cpr_changes cpr_changes_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES identities(id)
cpr_changes cpr_changes_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
cpr_changes cpr_changes_pkey PRIMARY KEY (id)
cpr_changes cpr_changes_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES identities(id)
cpr_changes cpr_changes_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text])))
desk_refusals desk_refusals_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
desk_refusals desk_refusals_pkey PRIMARY KEY (identity_id, day, what, why, subject)
desk_searches desk_searches_application_id_fkey FOREIGN KEY (application_id) REFERENCES applications(id)
desk_searches desk_searches_found_id_fkey FOREIGN KEY (found_id) REFERENCES identities(id)
desk_searches desk_searches_pkey PRIMARY KEY (id)
desk_searches desk_searches_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES identities(id)
door_codes door_codes_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
door_codes door_codes_pkey PRIMARY KEY (id)
door_codes door_codes_way_check CHECK ((way = ANY (ARRAY['email'::text, 'letter'::text])))
duplicate_identities duplicate_identities_check CHECK ((one_id < other_id))
duplicate_identities duplicate_identities_one_id_fkey FOREIGN KEY (one_id) REFERENCES identities(id)
duplicate_identities duplicate_identities_other_id_fkey FOREIGN KEY (other_id) REFERENCES identities(id)
duplicate_identities duplicate_identities_pkey PRIMARY KEY (one_id, other_id)
email_requests email_requests_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
email_requests email_requests_kind_check CHECK ((kind = ANY (ARRAY['given'::text, 'change'::text, 'kept'::text])))
email_requests email_requests_pkey PRIMARY KEY (identity_id)
failures failures_pkey PRIMARY KEY (hour, identity_id, kind)
former_cprs former_cprs_check CHECK ((former <> current))
former_cprs former_cprs_followed_by_fkey FOREIGN KEY (followed_by) REFERENCES identities(id)
former_cprs former_cprs_pkey PRIMARY KEY (former)
former_cprs former_cprs_told_by_check CHECK ((told_by = ANY (ARRAY['register'::text, 'staff'::text])))
gathered_notices gathered_notices_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
gathered_notices gathered_notices_pkey PRIMARY KEY (id)
identities identities_card_format_check CHECK ((card_format = ANY (ARRAY['standard'::text, 'large_print'::text, 'braille'::text])))
identities identities_id_number_key UNIQUE (id_number)
identities identities_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
identities identities_person_id_key UNIQUE (person_id)
identities identities_pkey PRIMARY KEY (id)
identities identities_proofing_check CHECK ((proofing = ANY (ARRAY['Low'::text, 'Substantial'::text])))
identities identities_threshold_check CHECK (((threshold >= 5) AND (threshold <= 100)))
identities identities_user_id_key UNIQUE (user_id)
initial_access_tokens initial_access_tokens_pkey PRIMARY KEY (id)
installation installation_pkey PRIMARY KEY (singleton)
installation installation_singleton_check CHECK (singleton)
key_cards key_cards_card_number_check CHECK ((card_number ~ '^[A-Z][0-9]{9}$'::text))
key_cards key_cards_card_number_key UNIQUE (card_number)
key_cards key_cards_challenge_check CHECK (((challenge >= 0) AND (challenge <= 147)))
key_cards key_cards_format_check CHECK ((format = ANY (ARRAY['standard'::text, 'large_print'::text, 'braille'::text])))
key_cards key_cards_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
key_cards key_cards_pkey PRIMARY KEY (id)
key_cards key_cards_salt_check CHECK ((octet_length(salt) = 32))
key_cards key_cards_state_check CHECK ((state = ANY (ARRAY['ordered'::text, 'sent'::text, 'active'::text, 'used_up'::text, 'replaced'::text, 'blocked'::text, 'void'::text])))
known_browsers known_browsers_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
known_browsers known_browsers_pkey PRIMARY KEY (browser, identity_id)
known_networks known_networks_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
known_networks known_networks_pkey PRIMARY KEY (identity_id, network)
letter_days letter_days_holds_check CHECK ((holds = ANY (ARRAY['card'::text, 'password'::text])))
letter_days letter_days_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
letter_days letter_days_pkey PRIMARY KEY (identity_id, day)
letters letters_card_id_fkey FOREIGN KEY (card_id) REFERENCES key_cards(id)
letters letters_check CHECK (((kind = ANY (ARRAY['welcome'::text, 'card'::text])) = (card_id IS NOT NULL)))
letters letters_check1 CHECK (((kind = 'notice'::text) = (notice IS NOT NULL)))
letters letters_check2 CHECK (((kind = 'password'::text) = (password_hash IS NOT NULL)))
letters letters_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
letters letters_kind_check CHECK ((kind = ANY (ARRAY['welcome'::text, 'card'::text, 'token'::text, 'password'::text, 'notice'::text]))) NOT VALID
letters letters_pkey PRIMARY KEY (id)
letters letters_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'set_aside'::text, 'cancelled'::text])))
letters letters_token_check CHECK (((kind = 'token'::text) = (token_id IS NOT NULL))) NOT VALID
letters letters_token_id_fkey FOREIGN KEY (token_id) REFERENCES code_tokens(id)
logouts logouts_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
logouts logouts_pkey PRIMARY KEY (id)
logouts logouts_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'given_up'::text])))
network_tries network_tries_pkey PRIMARY KEY (subject)
new_passwords new_passwords_card_id_fkey FOREIGN KEY (card_id) REFERENCES key_cards(id)
new_passwords new_passwords_card_id_position_key UNIQUE (card_id, "position")
new_passwords new_passwords_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
new_passwords new_passwords_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letters(id)
new_passwords new_passwords_pkey PRIMARY KEY (letter_id)
new_passwords new_passwords_position_check CHECK ((("position" >= 0) AND ("position" <= 147)))
notice_browsers notice_browsers_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
notice_browsers notice_browsers_pkey PRIMARY KEY (browser, identity_id)
notices notices_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
notices notices_pkey PRIMARY KEY (id)
notices notices_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'set_aside'::text])))
oidc_records oidc_records_pkey PRIMARY KEY (id)
own_sessions own_sessions_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
own_sessions own_sessions_pkey PRIMARY KEY (id)
passwords_without_key passwords_without_key_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
passwords_without_key passwords_without_key_pkey PRIMARY KEY (interaction)
people people_check CHECK (((cpr_sealed IS NULL) = (cpr_lookup IS NULL)))
people people_cpr_lookup_key UNIQUE (cpr_lookup)
people people_language_check CHECK ((language = ANY (ARRAY['da'::text, 'en'::text])))
people people_pid_key UNIQUE (pid)
people people_pkey PRIMARY KEY (id)
posted_requests posted_requests_pkey PRIMARY KEY (id)
register_entries register_entries_pkey PRIMARY KEY (cpr_lookup)
relying_parties relying_parties_kind_check CHECK ((kind = ANY (ARRAY['bank'::text, 'public'::text, 'internal'::text])))
relying_parties relying_parties_management_key UNIQUE (management)
relying_parties relying_parties_pkey PRIMARY KEY (client_id)
relying_parties relying_parties_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'active'::text, 'removed'::text])))
replay_ids replay_ids_pkey PRIMARY KEY (id)
security_keys security_keys_added_by_check CHECK ((added_by = ANY (ARRAY['self_service'::text, 'desk'::text, 'activation'::text])))
security_keys security_keys_check CHECK (((ended_at IS NULL) = (end_reason IS NULL)))
security_keys security_keys_credential_id_check CHECK (((octet_length(credential_id) >= 1) AND (octet_length(credential_id) <= 1023)))
security_keys security_keys_credential_id_key UNIQUE (credential_id)
security_keys security_keys_end_reason_check CHECK ((end_reason = ANY (ARRAY['stopped'::text, 'removed'::text, 'blocked'::text, 'replaced'::text])))
security_keys security_keys_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
security_keys security_keys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 60)))
security_keys security_keys_pkey PRIMARY KEY (id)
security_keys security_keys_public_key_check CHECK (((octet_length(public_key) >= 1) AND (octet_length(public_key) <= 4096)))
security_keys security_keys_sign_count_check CHECK ((sign_count >= 0))
sign_ins sign_ins_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
sign_ins sign_ins_pkey PRIMARY KEY (interaction)
signing_keys signing_keys_alg_check CHECK ((alg = ANY (ARRAY['ES256'::text, 'RS256'::text])))
signing_keys signing_keys_pkey PRIMARY KEY (kid)
signing_keys signing_keys_state_check CHECK ((state = ANY (ARRAY['next'::text, 'current'::text, 'retired'::text])))
staff staff_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES identities(id)
staff staff_check CHECK (((role = 'bank_clerk'::text) = (bank IS NOT NULL)))
staff staff_check1 CHECK (((proposed_by <> identity_id) AND (approved_by <> identity_id) AND (approved_by <> proposed_by)))
staff staff_end_proposed_by_fkey FOREIGN KEY (end_proposed_by) REFERENCES identities(id)
staff staff_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES identities(id)
staff staff_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities(id)
staff staff_pkey PRIMARY KEY (id)
staff staff_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES identities(id)
staff staff_role_check CHECK ((role = ANY (ARRAY['officer'::text, 'bank_clerk'::text, 'hotline'::text, 'operator'::text])))
staff_counts staff_counts_pkey PRIMARY KEY (staff_id, kind)
staff_counts staff_counts_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES identities(id)
status_line status_line_pkey PRIMARY KEY (singleton)
status_line status_line_singleton_check CHECK (singleton)
waiting_pushes waiting_pushes_id_key UNIQUE (id)
waiting_pushes waiting_pushes_pkey PRIMARY KEY (place)
waiting_pushes waiting_pushes_place_check CHECK (((place >= 1) AND (place <= 60)))
-- indexes
CREATE INDEX activations_expiry ON public.activations USING btree (expires_at)
CREATE UNIQUE INDEX activations_pkey ON public.activations USING btree (id)
CREATE UNIQUE INDEX apart_cprs_pkey ON public.apart_cprs USING btree (one, other)
CREATE INDEX applications_identity ON public.applications USING btree (identity_id)
CREATE INDEX applications_waiting ON public.applications USING btree (at) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX applications_case_number ON public.applications USING btree (case_number)
CREATE UNIQUE INDEX applications_one_waiting ON public.applications USING btree (subject) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX applications_pkey ON public.applications USING btree (id)
CREATE UNIQUE INDEX attempts_pkey ON public.attempts USING btree (subject)
CREATE INDEX audit_erased_events_identity ON public.audit_erased_events USING btree (identity_id, event_id)
CREATE UNIQUE INDEX audit_erased_events_pkey ON public.audit_erased_events USING btree (event_id)
CREATE INDEX audit_events_identity ON public.audit_events USING btree (identity_id, id)
CREATE UNIQUE INDEX audit_events_pkey ON public.audit_events USING btree (id)
CREATE INDEX audit_segments_first_event ON public.audit_segments USING btree ((event_ids[1]))
CREATE UNIQUE INDEX audit_segments_first_leaf_key ON public.audit_segments USING btree (first_leaf)
CREATE UNIQUE INDEX audit_segments_pkey ON public.audit_segments USING btree (number)
CREATE UNIQUE INDEX audit_subtrees_pkey ON public.audit_subtrees USING btree (height, index)
CREATE UNIQUE INDEX audit_tree_pkey ON public.audit_tree USING btree (singleton)
CREATE INDEX code_tokens_identity ON public.code_tokens USING btree (identity_id) WHERE (identity_id IS NOT NULL)
CREATE INDEX code_tokens_stock ON public.code_tokens USING btree (serial_number) WHERE (state = 'in_stock'::text)
CREATE INDEX code_tokens_waiting ON public.code_tokens USING btree (activates_at) WHERE ((state = 'sent'::text) AND (activates_at IS NOT NULL))
CREATE UNIQUE INDEX code_tokens_in_use ON public.code_tokens USING btree (identity_id) WHERE (state = 'active'::text)
CREATE UNIQUE INDEX code_tokens_on_the_way ON public.code_tokens USING btree (identity_id) WHERE (state = ANY (ARRAY['ordered'::text, 'sent'::text]))
CREATE UNIQUE INDEX code_tokens_pkey ON public.code_tokens USING btree (id)
CREATE UNIQUE INDEX code_tokens_seed_lookup_key ON public.code_tokens USING btree (seed_lookup)
CREATE UNIQUE INDEX code_tokens_serial_number_key ON public.code_tokens USING btree (serial_number)
CREATE INDEX colleague_actions_open ON public.colleague_actions USING btree (proposed_at) WHERE ((state = 'waiting'::text) OR (performed_at IS NULL))
CREATE UNIQUE INDEX colleague_actions_one_waiting ON public.colleague_actions USING btree (identity_id, action) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX colleague_actions_pkey ON public.colleague_actions USING btree (id)
CREATE INDEX confirmations_expiry ON public.confirmations USING btree (expires_at)
CREATE INDEX confirmations_own_session ON public.confirmations USING btree (own_session)
CREATE UNIQUE INDEX confirmations_pkey ON public.confirmations USING btree (id)
CREATE UNIQUE INDEX consents_pkey ON public.consents USING btree (identity_id, client_id)
CREATE INDEX cpr_changes_waiting ON public.cpr_changes USING btree (proposed_at) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX cpr_changes_one_waiting ON public.cpr_changes USING btree (identity_id) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX cpr_changes_pkey ON public.cpr_changes USING btree (id)
CREATE INDEX desk_refusals_last ON public.desk_refusals USING btree (last_at)
CREATE UNIQUE INDEX desk_refusals_pkey ON public.desk_refusals USING btree (identity_id, day, what, why, subject)
CREATE UNIQUE INDEX desk_searches_pkey ON public.desk_searches USING btree (id)
CREATE INDEX door_codes_identity ON public.door_codes USING btree (identity_id, ordered_at)
CREATE INDEX door_codes_until ON public.door_codes USING btree (valid_until)
CREATE UNIQUE INDEX door_codes_pkey ON public.door_codes USING btree (id)
CREATE INDEX duplicate_identities_other ON public.duplicate_identities USING btree (other_id)
CREATE UNIQUE INDEX duplicate_identities_pkey ON public.duplicate_identities USING btree (one_id, other_id)
CREATE INDEX email_requests_given ON public.email_requests USING btree (given_at)
CREATE INDEX email_requests_to_send ON public.email_requests USING btree (send_at) WHERE (send_at IS NOT NULL)
CREATE UNIQUE INDEX email_requests_pkey ON public.email_requests USING btree (identity_id)
CREATE INDEX failures_identity ON public.failures USING btree (identity_id)
CREATE UNIQUE INDEX failures_pkey ON public.failures USING btree (hour, identity_id, kind)
CREATE INDEX former_cprs_current ON public.former_cprs USING btree (current)
CREATE UNIQUE INDEX former_cprs_pkey ON public.former_cprs USING btree (former)
CREATE INDEX gathered_notices_due ON public.gathered_notices USING btree (letter_on, identity_id)
CREATE UNIQUE INDEX gathered_notices_pkey ON public.gathered_notices USING btree (id)
CREATE INDEX identities_unfilled ON public.identities USING btree (id) WHERE (password_tries IS NULL)
CREATE INDEX identities_unformed ON public.identities USING btree (id) WHERE (user_id IS DISTINCT FROM user_id_formed)
CREATE UNIQUE INDEX identities_id_number_key ON public.identities USING btree (id_number)
CREATE UNIQUE INDEX identities_person_id_key ON public.identities USING btree (person_id)
CREATE UNIQUE INDEX identities_pkey ON public.identities USING btree (id)
CREATE UNIQUE INDEX identities_user_id_form ON public.identities USING btree (user_id_form) WHERE (user_id_form IS NOT NULL)
CREATE UNIQUE INDEX identities_user_id_key ON public.identities USING btree (user_id)
CREATE INDEX initial_access_tokens_expiry ON public.initial_access_tokens USING btree (expires_at)
CREATE UNIQUE INDEX initial_access_tokens_pkey ON public.initial_access_tokens USING btree (id)
CREATE UNIQUE INDEX installation_pkey ON public.installation USING btree (singleton)
CREATE INDEX key_cards_identity ON public.key_cards USING btree (identity_id)
CREATE INDEX key_cards_kid ON public.key_cards USING btree (kid, identity_id)
CREATE INDEX key_cards_late ON public.key_cards USING btree (expected_to) WHERE (state = 'sent'::text)
CREATE INDEX key_cards_waiting ON public.key_cards USING btree (activates_at) WHERE ((state = 'sent'::text) AND (activates_at IS NOT NULL))
CREATE UNIQUE INDEX key_cards_card_number_key ON public.key_cards USING btree (card_number)
CREATE UNIQUE INDEX key_cards_one_active ON public.key_cards USING btree (identity_id) WHERE (state = 'active'::text)
CREATE UNIQUE INDEX key_cards_one_on_the_way ON public.key_cards USING btree (identity_id) WHERE (state = ANY (ARRAY['ordered'::text, 'sent'::text]))
CREATE UNIQUE INDEX key_cards_pkey ON public.key_cards USING btree (id)
CREATE INDEX known_browsers_identity ON public.known_browsers USING btree (identity_id)
CREATE UNIQUE INDEX known_browsers_pkey ON public.known_browsers USING btree (browser, identity_id)
CREATE INDEX known_networks_seen ON public.known_networks USING btree (seen_at)
CREATE UNIQUE INDEX known_networks_pkey ON public.known_networks USING btree (identity_id, network)
CREATE UNIQUE INDEX letter_days_pkey ON public.letter_days USING btree (identity_id, day)
CREATE INDEX letters_batch ON public.letters USING btree (batch) WHERE (card_id IS NOT NULL)
CREATE INDEX letters_identity ON public.letters USING btree (identity_id)
CREATE INDEX letters_post_on ON public.letters USING btree (post_on) WHERE (card_id IS NOT NULL)
CREATE INDEX letters_set_aside ON public.letters USING btree (ordered_at) WHERE (state = 'set_aside'::text)
CREATE INDEX letters_waiting ON public.letters USING btree (try_at) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX letters_card ON public.letters USING btree (card_id) WHERE (card_id IS NOT NULL)
CREATE UNIQUE INDEX letters_pkey ON public.letters USING btree (id)
CREATE UNIQUE INDEX letters_token ON public.letters USING btree (token_id) WHERE (token_id IS NOT NULL)
CREATE INDEX logouts_done ON public.logouts USING btree (try_at) WHERE (state <> 'waiting'::text)
CREATE INDEX logouts_identity ON public.logouts USING btree (identity_id)
CREATE INDEX logouts_waiting ON public.logouts USING btree (try_at) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX logouts_pkey ON public.logouts USING btree (id)
CREATE UNIQUE INDEX network_tries_pkey ON public.network_tries USING btree (subject)
CREATE INDEX new_passwords_identity ON public.new_passwords USING btree (identity_id, ordered_at)
CREATE INDEX new_passwords_time ON public.new_passwords USING btree (ordered_at)
CREATE UNIQUE INDEX new_passwords_card_id_position_key ON public.new_passwords USING btree (card_id, "position")
CREATE UNIQUE INDEX new_passwords_pkey ON public.new_passwords USING btree (letter_id)
CREATE INDEX notice_browsers_identity ON public.notice_browsers USING btree (identity_id)
CREATE INDEX notice_browsers_network ON public.notice_browsers USING btree (network)
CREATE INDEX notice_browsers_seen ON public.notice_browsers USING btree (seen_at)
CREATE UNIQUE INDEX notice_browsers_pkey ON public.notice_browsers USING btree (browser, identity_id)
CREATE INDEX notices_identity ON public.notices USING btree (identity_id)
CREATE INDEX notices_sent ON public.notices USING btree (at) WHERE (state = 'sent'::text)
CREATE INDEX notices_set_aside ON public.notices USING btree (at) WHERE (state = 'set_aside'::text)
CREATE INDEX notices_waiting ON public.notices USING btree (try_at) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX notices_pkey ON public.notices USING btree (id)
CREATE INDEX oidc_records_account ON public.oidc_records USING btree (account_id) WHERE (account_id IS NOT NULL)
CREATE INDEX oidc_records_expiry ON public.oidc_records USING btree (expires_at)
CREATE INDEX oidc_records_grant ON public.oidc_records USING btree (grant_id) WHERE (grant_id IS NOT NULL)
CREATE INDEX oidc_records_uid ON public.oidc_records USING btree (uid) WHERE (uid IS NOT NULL)
CREATE UNIQUE INDEX oidc_records_pkey ON public.oidc_records USING btree (id)
CREATE INDEX own_sessions_seen ON public.own_sessions USING btree (seen_at)
CREATE INDEX own_sessions_session ON public.own_sessions USING btree (session_uid)
CREATE UNIQUE INDEX own_sessions_pkey ON public.own_sessions USING btree (id)
CREATE INDEX passwords_without_key_at ON public.passwords_without_key USING btree (at)
CREATE UNIQUE INDEX passwords_without_key_pkey ON public.passwords_without_key USING btree (interaction)
CREATE INDEX people_birthdate ON public.people USING btree (birthdate)
CREATE INDEX people_document ON public.people USING btree (document_lookup)
CREATE INDEX people_likeness ON public.people USING btree (likeness)
CREATE INDEX people_next_email ON public.people USING btree (next_email_from) WHERE (next_email_from IS NOT NULL)
CREATE UNIQUE INDEX people_cpr_lookup_key ON public.people USING btree (cpr_lookup)
CREATE UNIQUE INDEX people_one_document ON public.people USING btree (document_lookup) WHERE (cpr_lookup IS NULL)
CREATE UNIQUE INDEX people_pid_key ON public.people USING btree (pid)
CREATE UNIQUE INDEX people_pkey ON public.people USING btree (id)
CREATE INDEX posted_requests_expiry ON public.posted_requests USING btree (expires_at)
CREATE UNIQUE INDEX posted_requests_pkey ON public.posted_requests USING btree (id)
CREATE UNIQUE INDEX register_entries_pkey ON public.register_entries USING btree (cpr_lookup)
CREATE UNIQUE INDEX relying_parties_management_key ON public.relying_parties USING btree (management)
CREATE UNIQUE INDEX relying_parties_pkey ON public.relying_parties USING btree (client_id)
CREATE INDEX replay_ids_expiry ON public.replay_ids USING btree (expires_at)
CREATE UNIQUE INDEX replay_ids_pkey ON public.replay_ids USING btree (id)
CREATE INDEX security_keys_ended ON public.security_keys USING btree (ended_at) WHERE (ended_at IS NOT NULL)
CREATE INDEX security_keys_identity ON public.security_keys USING btree (identity_id) WHERE (ended_at IS NULL)
CREATE INDEX security_keys_waiting ON public.security_keys USING btree (counts_from) WHERE ((announced_at IS NULL) AND (ended_at IS NULL))
CREATE UNIQUE INDEX security_keys_credential_id_key ON public.security_keys USING btree (credential_id)
CREATE UNIQUE INDEX security_keys_pkey ON public.security_keys USING btree (id)
CREATE UNIQUE INDEX sign_ins_pkey ON public.sign_ins USING btree (interaction)
CREATE UNIQUE INDEX signing_keys_one_current ON public.signing_keys USING btree (alg) WHERE (state = 'current'::text)
CREATE UNIQUE INDEX signing_keys_one_next ON public.signing_keys USING btree (alg) WHERE (state = 'next'::text)
CREATE UNIQUE INDEX signing_keys_pkey ON public.signing_keys USING btree (kid)
CREATE UNIQUE INDEX staff_one_role ON public.staff USING btree (identity_id) WHERE (ended_at IS NULL)
CREATE UNIQUE INDEX staff_pkey ON public.staff USING btree (id)
CREATE UNIQUE INDEX staff_counts_pkey ON public.staff_counts USING btree (staff_id, kind)
CREATE UNIQUE INDEX status_line_pkey ON public.status_line USING btree (singleton)
CREATE UNIQUE INDEX waiting_pushes_id_key ON public.waiting_pushes USING btree (id)
CREATE UNIQUE INDEX waiting_pushes_pkey ON public.waiting_pushes USING btree (place)
-- triggers
CREATE TRIGGER audit_events_stay BEFORE DELETE OR UPDATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay()
CREATE TRIGGER audit_events_stay_whole BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay()
CREATE TRIGGER installation_rehearsal BEFORE INSERT OR DELETE OR UPDATE ON public.installation FOR EACH ROW EXECUTE FUNCTION keep_rehearsal()
CREATE TRIGGER installation_rehearsal_whole BEFORE TRUNCATE ON public.installation FOR EACH STATEMENT EXECUTE FUNCTION keep_rehearsal()
-- functions
CREATE OR REPLACE FUNCTION public.audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS $function$ BEGIN RAISE EXCEPTION 'audit events are never changed or removed'; END $function$  callable by all: true
CREATE OR REPLACE FUNCTION public.enqueue_logout_notifications() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path TO 'pg_catalog', 'pg_temp' AS $function$ BEGIN PERFORM graphile_worker.add_job('tellLogouts', max_attempts => 3); END $function$  callable by all: false
CREATE OR REPLACE FUNCTION public.keep_rehearsal() RETURNS trigger LANGUAGE plpgsql AS $function$ BEGIN IF TG_OP = 'TRUNCATE' THEN IF EXISTS (SELECT FROM installation WHERE rehearsal_since IS NOT NULL) THEN RAISE EXCEPTION 'a rehearsal stays a rehearsal'; END IF; RETURN NULL; END IF; IF TG_OP <> 'INSERT' AND OLD.rehearsal_since IS NOT NULL THEN IF TG_OP = 'DELETE' OR NEW.rehearsal_since IS DISTINCT FROM OLD.rehearsal_since THEN RAISE EXCEPTION 'a rehearsal stays a rehearsal'; END IF; RETURN NEW; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; IF NEW.rehearsal_since IS NOT NULL THEN -- Waits for an ID that is being issued at this moment. LOCK TABLE identities IN SHARE MODE; IF NEW.bootstrapped_at IS NOT NULL OR EXISTS (SELECT FROM identities) OR EXISTS (SELECT FROM register_entries) -- The first node has registered the first-party clients. OR EXISTS (SELECT FROM relying_parties WHERE client_id NOT LIKE 'noegle-%') THEN RAISE EXCEPTION 'only an empty database becomes a rehearsal'; END IF; END IF; RETURN NEW; END $function$  callable by all: true
CREATE OR REPLACE FUNCTION public.sweep_job_queue(repeated text[], OUT removed integer, OUT let_go integer) RETURNS record LANGUAGE plpgsql SECURITY DEFINER SET search_path TO 'pg_catalog', 'pg_temp' AS $function$ BEGIN DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t WHERE t.id = j.task_id AND ( (t.identifier = ANY(repeated) AND (j.locked_at < now() - interval '2 minutes' OR (j.locked_at IS NULL AND j.attempts >= j.max_attempts))) OR (j.locked_at IS NULL AND j.run_at < now() - interval '7 days')); GET DIAGNOSTICS removed = ROW_COUNT; UPDATE graphile_worker._private_jobs j SET locked_at = NULL, locked_by = NULL FROM graphile_worker._private_tasks t WHERE t.id = j.task_id AND t.identifier <> ALL(repeated) AND j.locked_at < now() - interval '2 minutes'; GET DIAGNOSTICS let_go = ROW_COUNT; END $function$  callable by all: false
