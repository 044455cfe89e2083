-- Requests that were pushed by a client without authentication: sixty places, each for a minute. The rows
-- are all there ever are.
CREATE TABLE waiting_pushes (
  place smallint PRIMARY KEY CHECK (place BETWEEN 1 AND 60),
  -- The keyed hash of the pushed request's id; null in a place that is free.
  id bytea UNIQUE,
  request_sealed bytea,
  -- The keyed hash of the network that it came from.
  network bytea,
  expires_at timestamptz NOT NULL
);

INSERT INTO waiting_pushes (place, expires_at) SELECT place, '-infinity' FROM generate_series(1, 60) place;
