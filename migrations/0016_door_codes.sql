-- Codes that open the sign-in to a browser that nobody knows, after too many wrong passwords in a row. The code is derived from its
-- id; what is kept is a keyed hash. It is used once, by one sign-in, which has tries of its own then.
CREATE TABLE door_codes (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  code bytea NOT NULL,
  way text NOT NULL CHECK (way IN ('email', 'letter')),
  ordered_at timestamptz NOT NULL,
  valid_until timestamptz NOT NULL,
  -- The subject of the row of tries that it opens.
  tries bytea NOT NULL,
  -- The interaction that used it.
  used_by bytea
);
CREATE INDEX door_codes_identity ON door_codes (identity_id, ordered_at);
CREATE INDEX door_codes_until ON door_codes (valid_until);

-- The keyed hash of the e-mail address that the person has confirmed: another one is not confirmed.
ALTER TABLE people ADD COLUMN email_confirmed bytea;
