-- expand: a new table and a new column, which nodes of the version before do not know.
-- Security keys and passkeys (WebAuthn). A private key never leaves its authenticator: a row has nothing that signs in.
-- `is_synced`: it may be backed up and be on several devices. `is_attested`: its maker vouched for the model, which the
-- settings list. `counts_from`: from then on it is accepted. `ended_at`: it was removed, stopped, or ended by a block.
CREATE TABLE security_keys (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities(id),
  credential_id bytea NOT NULL UNIQUE CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
  public_key bytea NOT NULL CHECK (octet_length(public_key) BETWEEN 1 AND 4096),
  sign_count bigint NOT NULL DEFAULT 0 CHECK (sign_count >= 0),
  transports text[] NOT NULL DEFAULT '{}',
  aaguid uuid NOT NULL,
  is_discoverable boolean NOT NULL,
  is_synced boolean NOT NULL,
  is_backed_up boolean NOT NULL,
  is_attested boolean NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
  added_at timestamptz NOT NULL,
  added_by text NOT NULL CHECK (added_by IN ('self_service', 'desk', 'activation')),
  counts_from timestamptz NOT NULL,
  announced_at timestamptz,
  last_used_at timestamptz,
  ended_at timestamptz,
  end_reason text CHECK (end_reason IN ('stopped', 'removed', 'blocked', 'replaced')),
  mac bytea,
  CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX security_keys_identity ON security_keys (identity_id) WHERE ended_at IS NULL;

-- The factor that completed a sign-in; null for a card's key, which `with_key` says. `without_password`: it took the place
-- of the password too, and `password_at` is its time.
ALTER TABLE sign_ins ADD COLUMN second_factor text, ADD COLUMN without_password boolean;
