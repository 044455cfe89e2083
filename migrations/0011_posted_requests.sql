-- An authorization request that came by POST and is longer than an address may be: for the moment until the browser that
-- brought it comes back for it by GET.

CREATE TABLE posted_requests (
  -- The keyed hash of what that browser alone has.
  id bytea PRIMARY KEY,
  request_sealed bytea NOT NULL,
  -- The keyed hash of the network that it came from.
  network bytea NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE INDEX posted_requests_expiry ON posted_requests (expires_at);
