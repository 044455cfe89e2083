-- Relying parties that register themselves, within what operators allow.

ALTER TABLE relying_parties
  -- Pending: nobody can sign in there yet. Removed: nobody can any more, and its id is nobody else's.
  ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('pending', 'active', 'removed')),
  -- What it may be, where it writes the rest of its registration itself; null where operators wrote all of it.
  ADD COLUMN policy jsonb,
  -- What it wants to be and nobody has looked at yet; what is in `metadata` counts until then.
  ADD COLUMN proposed jsonb,
  -- One more with each change: what was looked at is what is approved, and nodes see what is new.
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  -- Keyed hash of the token with which it manages its registration (RFC 7592).
  ADD COLUMN management bytea UNIQUE,
  -- Its keys as they were last read where it publishes them: it may be out of reach when they are needed.
  ADD COLUMN seen_jwks jsonb;

-- For one registration each. Kept under the keyed hash of the token.
CREATE TABLE initial_access_tokens (
  id bytea PRIMARY KEY,
  policy jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  client_id text
);
CREATE INDEX initial_access_tokens_expiry ON initial_access_tokens (expires_at);
