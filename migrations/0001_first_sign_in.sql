-- People, their identities and cards; relying parties; the engine's records; what is counted and written down.

-- One row: which keys this database was made with (see store/installation.ts).
CREATE TABLE installation (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  key_checks jsonb NOT NULL
);

CREATE TABLE people (
  id uuid PRIMARY KEY,
  given_name text NOT NULL,
  family_name text NOT NULL,
  birthdate date NOT NULL,
  language text NOT NULL CHECK (language IN ('da', 'en')),
  pid text NOT NULL UNIQUE,
  cpr_sealed bytea,
  cpr_lookup bytea UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((cpr_sealed IS NULL) = (cpr_lookup IS NULL))
);

CREATE TABLE identities (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL UNIQUE REFERENCES people (id),
  id_number text NOT NULL UNIQUE,
  -- In its folded form (core/userId.ts); the display form is the person's own business.
  user_id text UNIQUE,
  password_hash text,
  public_sites boolean NOT NULL,
  proofing text NOT NULL CHECK (proofing IN ('Low', 'Substantial')),
  blocked_at timestamptz,
  -- Everything that was signed in at or before this moment is over: sessions, grants, tokens.
  ended_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);

-- A card is one row; its key numbers and keys are derived (core/keyCard.ts), never stored.
CREATE TABLE key_cards (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  card_number text NOT NULL UNIQUE CHECK (card_number ~ '^[A-Z][0-9]{9}$'),
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  kid text NOT NULL,
  state text NOT NULL CHECK (state IN ('ordered', 'sent', 'active', 'used_up', 'replaced', 'blocked', 'void')),
  spent bit(148) NOT NULL DEFAULT repeat('0', 148)::bit(148),
  challenge smallint CHECK (challenge BETWEEN 0 AND 147)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX key_cards_one_active ON key_cards (identity_id) WHERE state = 'active';
CREATE INDEX key_cards_identity ON key_cards (identity_id);

-- Tries, under a keyed hash of the name or of the identity: names that nobody has look like any other.
CREATE TABLE attempts (
  subject bytea PRIMARY KEY,
  tries smallint NOT NULL,
  wrong smallint NOT NULL,
  counted_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- A browser's way from the first page to the code, under the keyed hash of the interaction's id.
CREATE TABLE sign_ins (
  interaction bytea PRIMARY KEY,
  identity_id uuid REFERENCES identities (id),
  password_at timestamptz,
  signed_in_at timestamptz,
  outcome jsonb,
  typed_name_sealed bytea,
  step_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE relying_parties (
  client_id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('bank', 'public', 'internal')),
  metadata jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The engine's records, under the keyed hash of their id; the payload is sealed with that hash as its context.
CREATE TABLE oidc_records (
  id bytea PRIMARY KEY,
  model text NOT NULL,
  account_id uuid,
  client_id text,
  grant_id bytea,
  session_uid text,
  uid text,
  -- When the person signed in on whose word this record stands; judged against identities.ended_at.
  login_at timestamptz,
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz,
  -- A tombstone: no upsert revives it.
  ended_at timestamptz,
  payload bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX oidc_records_grant ON oidc_records (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX oidc_records_uid ON oidc_records (uid) WHERE uid IS NOT NULL;
CREATE INDEX oidc_records_account ON oidc_records (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX oidc_records_expiry ON oidc_records (expires_at);

-- Identifiers of client assertions that were seen: one INSERT, judged by its row.
CREATE TABLE replay_ids (
  id bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX replay_ids_expiry ON replay_ids (expires_at);

CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  alg text NOT NULL CHECK (alg IN ('ES256', 'RS256')),
  state text NOT NULL CHECK (state IN ('next', 'current', 'retired')),
  private_jwk_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (alg) WHERE state = 'current';

CREATE TABLE audit_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  identity_id uuid,
  details jsonb NOT NULL
);
CREATE INDEX audit_events_identity ON audit_events (identity_id, id);
-- Append-only, also for ourselves.
CREATE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'audit events are never changed or removed'; END $$;
CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay();
