-- Self-service: deeds that wait for a key, an e-mail address that takes over later, IDs that were closed by their
-- person, and a part of the audit log that can be erased for one person alone.

-- What somebody asked for in self-service, until a key of their card confirms it. It goes with the session.
CREATE TABLE confirmations (
  id uuid PRIMARY KEY,
  own_session bytea NOT NULL REFERENCES own_sessions (id) ON DELETE CASCADE,
  identity_id uuid NOT NULL REFERENCES identities (id),
  kind text NOT NULL,
  -- What is to be done, under the id of this row; forgotten once it is done.
  deed_sealed bytea,
  outcome jsonb,
  expires_at timestamptz NOT NULL,
  done_at timestamptz
);
CREATE INDEX confirmations_own_session ON confirmations (own_session);
CREATE INDEX confirmations_expiry ON confirmations (expires_at);

-- Closed by its person: blocked, with nothing left to sign in with. Only a desk opens it again.
ALTER TABLE identities ADD COLUMN closed_at timestamptz;

ALTER TABLE people
  -- Takes over from `next_email_from` on, also where it is null: then notices go by letter.
  ADD COLUMN next_email_sealed bytea,
  ADD COLUMN next_email_from timestamptz,
  -- The key to the personal part of this person's audit events is drawn from it: without it nobody reads them.
  ADD COLUMN log_salt bytea NOT NULL DEFAULT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- What has taken over is found by the sweep.
CREATE INDEX people_next_email ON people (next_email_from) WHERE next_email_from IS NOT NULL;

-- Told at the address that takes over, not at the one that is in use.
ALTER TABLE notices ADD COLUMN to_next_email boolean NOT NULL DEFAULT false;
