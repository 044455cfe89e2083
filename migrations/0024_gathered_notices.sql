-- Networks with a browser family from which a person was told of a sign-in, under a keyed hash of both; and the network under one
-- of its own, because one that several people use is told each time. For notices alone: no try
-- and no lock looks at it. A row names the notice that told, so that a repeat of it tells again and a later one does not.
CREATE TABLE notice_browsers (
  browser bytea NOT NULL,
  network bytea NOT NULL,
  identity_id uuid NOT NULL REFERENCES identities (id),
  notice_id uuid NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (browser, identity_id)
);
CREATE INDEX notice_browsers_identity ON notice_browsers (identity_id);
CREATE INDEX notice_browsers_network ON notice_browsers (network);
CREATE INDEX notice_browsers_seen ON notice_browsers (seen_at);

-- Notices that are sent as one mail: the id of the first of them. A repeat sends the same ones.
ALTER TABLE notices ADD COLUMN sent_with uuid;
