-- An e-mail address that somebody gave, until the code that was sent to it comes back. It stands here and not
-- in people, so that no notice is sent to it, by nodes of the version before neither.
CREATE TABLE email_requests (
  identity_id uuid PRIMARY KEY REFERENCES identities (id),
  -- Drawn with the address; the address is sealed under it and the identity.
  id uuid NOT NULL,
  email_sealed bytea NOT NULL,
  -- given: with an application for the ID. change: by its person, with a key. kept: the address in use, from
  -- before.
  kind text NOT NULL CHECK (kind IN ('given', 'change', 'kept')),
  given_at timestamptz NOT NULL,
  -- The newest code. It is derived from its id; what is kept is a keyed hash.
  code_id uuid,
  code bytea,
  code_until timestamptz,
  -- How often a code was judged since the newest one was ordered.
  tries integer NOT NULL DEFAULT 0,
  confirmed_at timestamptz,
  -- When the code is sent; null when it is, or when nobody waits for it.
  send_at timestamptz,
  send_tries integer NOT NULL DEFAULT 0,
  -- The address takes no mail.
  refused boolean NOT NULL DEFAULT false
);
CREATE INDEX email_requests_to_send ON email_requests (send_at) WHERE send_at IS NOT NULL;
CREATE INDEX email_requests_given ON email_requests (given_at);

-- As email_confirmed, of the address that takes over. An address in use that neither of them names is from
-- before, and has not answered.
ALTER TABLE people ADD COLUMN next_email_confirmed bytea;
