-- The choice "works on public sites" is enforced wherever a record is found; consents are remembered.

ALTER TABLE identities
  -- What stands on a sign-in at or before this moment is over at relying parties of kind `public`.
  ADD COLUMN public_ended_at timestamptz;


ALTER TABLE oidc_records
  -- When the session began; a fresh key within it does not begin it anew.
  ADD COLUMN started_at timestamptz;

ALTER TABLE sign_ins
  -- The person said yes in this very interaction.
  ADD COLUMN consented boolean NOT NULL DEFAULT false;

CREATE TABLE consents (
  identity_id uuid NOT NULL REFERENCES identities (id),
  client_id text NOT NULL REFERENCES relying_parties (client_id),
  scopes text[] NOT NULL,
  given_at timestamptz NOT NULL,
  PRIMARY KEY (identity_id, client_id)
);
