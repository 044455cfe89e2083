-- expand: a new table, and a column and a kind of letters, which nodes of the version before do not know. They would leave a
-- code token alive when they block a card: none is imported before every node runs this version.
-- Code tokens (HOTP, RFC 4226; TOTP, RFC 6238): devices that show a code. `seed_sealed`: under the ring `tokens`.
-- `seed_lookup`: a keyed hash, so that no seed is imported twice. `last_step`: the time step or counter of the last code that
-- was accepted; no code of it or of an earlier one is. `drift_steps`: how far the device's clock is ahead of ours.
-- `activates_at`: its first code was given with a card's key, and it counts from then on.
CREATE TABLE code_tokens (
  id uuid PRIMARY KEY,
  serial_number text NOT NULL UNIQUE CHECK (serial_number ~ '^[A-Z0-9][A-Z0-9-]{3,31}$'),
  kind text NOT NULL CHECK (kind IN ('hotp', 'totp')),
  digits smallint NOT NULL CHECK (digits IN (6, 8)),
  period_seconds smallint CHECK (period_seconds BETWEEN 15 AND 300),
  algorithm text NOT NULL CHECK (algorithm IN ('SHA-1', 'SHA-256')),
  seed_sealed bytea NOT NULL,
  seed_lookup bytea NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('in_stock', 'ordered', 'sent', 'active', 'blocked', 'replaced', 'void')),
  identity_id uuid REFERENCES identities(id),
  last_step bigint NOT NULL CHECK (last_step >= -1),
  drift_steps integer NOT NULL DEFAULT 0,
  imported_at timestamptz NOT NULL,
  given_at timestamptz,
  given_by text CHECK (given_by IN ('self_service', 'desk')),
  expected_from date,
  expected_to date,
  activates_at timestamptz,
  activated_at timestamptz,
  last_used_at timestamptz,
  ended_at timestamptz,
  mac bytea,
  CHECK ((kind = 'totp') = (period_seconds IS NOT NULL)),
  CHECK ((state = 'in_stock') = (given_at IS NULL)),
  CHECK ((given_at IS NULL) = (given_by IS NULL)),
  CHECK ((given_at IS NULL) = (identity_id IS NULL)),
  CHECK ((state IN ('blocked', 'replaced', 'void')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX code_tokens_in_use ON code_tokens (identity_id) WHERE state = 'active';
CREATE UNIQUE INDEX code_tokens_on_the_way ON code_tokens (identity_id) WHERE state IN ('ordered', 'sent');
CREATE INDEX code_tokens_identity ON code_tokens (identity_id) WHERE identity_id IS NOT NULL;
CREATE INDEX code_tokens_stock ON code_tokens (serial_number) WHERE state = 'in_stock';
CREATE INDEX code_tokens_waiting ON code_tokens (activates_at) WHERE state = 'sent' AND activates_at IS NOT NULL;

ALTER TABLE letters
  ADD COLUMN token_id uuid REFERENCES code_tokens(id),
  DROP CONSTRAINT letters_kind_check,
  ADD CONSTRAINT letters_kind_check CHECK (kind IN ('welcome', 'card', 'token', 'password', 'notice')) NOT VALID,
  ADD CONSTRAINT letters_token_check CHECK ((kind = 'token') = (token_id IS NOT NULL)) NOT VALID;
CREATE UNIQUE INDEX letters_token ON letters (token_id) WHERE token_id IS NOT NULL;
