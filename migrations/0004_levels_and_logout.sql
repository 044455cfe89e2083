-- Levels of a sign-in, log-outs that are told to relying parties, signing keys that change without a restart.

ALTER TABLE oidc_records
  -- Of a session: when its password was given. A step-up asks for it again when that is long ago.
  ADD COLUMN password_at timestamptz,
  -- Of codes and tokens: the level of the sign-in that they stand on.
  ADD COLUMN acr text,
  -- Of a grant: under which id the relying party knows the session.
  ADD COLUMN sid text;

ALTER TABLE sign_ins
  -- The password was given to this session earlier; it counts for as long as the session lives.
  ADD COLUMN session_uid text,
  -- False: signed in by the password alone. Null where a node of before spent the key: it knew no other way.
  ADD COLUMN with_key boolean;

-- The outbox of log-outs. The token is made at sending, anew at each try.
CREATE TABLE logouts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  identity_id uuid NOT NULL REFERENCES identities (id),
  client_id text NOT NULL,
  -- Null: every session that the relying party has of this person.
  sid text,
  at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'given_up')),
  -- Nobody takes it up before; once it is done, when that was.
  try_at timestamptz NOT NULL DEFAULT now(),
  tries smallint NOT NULL DEFAULT 0,
  fault text
);
CREATE INDEX logouts_waiting ON logouts (try_at) WHERE state = 'waiting';
CREATE INDEX logouts_identity ON logouts (identity_id);
CREATE INDEX logouts_done ON logouts (try_at) WHERE state <> 'waiting';

ALTER TABLE signing_keys
  -- Since when it is in its state: a `next` has been published since then, a `retired` signs no more.
  ADD COLUMN since timestamptz NOT NULL DEFAULT now();
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (alg) WHERE state = 'next';
