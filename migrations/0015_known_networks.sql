-- Networks from which a person signed in with a key, under the keyed hash of their name: eight a person at most, for 90 days. Each
-- has tries of its own, so that strangers elsewhere do not lock the person out at home.
CREATE TABLE known_networks (
  identity_id uuid NOT NULL REFERENCES identities (id),
  network bytea NOT NULL,
  -- The subject of its row of tries.
  tries bytea NOT NULL,
  -- To the day: a sign-in from a network that was seen lately writes nothing.
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (identity_id, network)
);
CREATE INDEX known_networks_seen ON known_networks (seen_at);
