-- expand: new tables, which nodes of the version before do not know, and a constraint that their events fulfil.
-- Audit events are the leaves of a Merkle tree (RFC 9162). Nodes add them after they were committed, a segment at a
-- time, so that a sign-in waits for nothing and writes nothing more (src/db/auditTree).

-- A segment: the events that one pass added, their leaf hashes (32 bytes each, in the order of the ids in `event_ids`),
-- and the root of the tree that ends with it. `salt` is for events that concern no ID. Its rows stay when events are
-- removed with a partition.
CREATE TABLE audit_segments (
  number bigint PRIMARY KEY CHECK (number >= 0),
  first_leaf bigint NOT NULL UNIQUE,
  event_ids bigint[] NOT NULL,
  salt bytea NOT NULL,
  leaves bytea NOT NULL CHECK (octet_length(leaves) = 32 * cardinality(event_ids)),
  root bytea NOT NULL,
  sealed_at timestamptz NOT NULL
);
-- The segment of an event is among the few whose first id is the next one below its own.
CREATE INDEX audit_segments_first_event ON audit_segments ((event_ids[1]));

-- Hashes of perfect subtrees of 2^8, 2^16, ... leaves, so that a proof reads few rows.
CREATE TABLE audit_subtrees (
  height smallint NOT NULL,
  index bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (height, index)
);

-- Where the tree stands. `edge`: the hashes of its right edge. `sealed_below`: all events up to this id are in the tree,
-- and no transaction that is open can still add one; `sealed_above`: ids in the tree that are larger. `next_below` becomes
-- `sealed_below` when the transactions in `next_holders` have ended. `checkpoint`: the signed note of this state.
-- `sink_since`: since when segments have gone to a sink as well. `restoring`: after-restore has begun and has not ended; no
-- node serves.
CREATE TABLE audit_tree (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  segments bigint NOT NULL DEFAULT 0,
  size bigint NOT NULL DEFAULT 0,
  edge bytea NOT NULL DEFAULT '',
  sealed_below bigint NOT NULL DEFAULT 0,
  sealed_above bigint[] NOT NULL DEFAULT '{}',
  next_below bigint NOT NULL DEFAULT 0,
  next_holders text[] NOT NULL DEFAULT '{}',
  checkpoint text,
  sink_since timestamptz,
  restoring text CHECK (restoring IN ('covered', 'retired'))
);
INSERT INTO audit_tree DEFAULT VALUES;

-- The events of people who were erased: their leaves can no longer be computed from them. `hash` is that of the event
-- under the person's new salt, and the event `person_erased` has a signed record over all of them.
CREATE TABLE audit_erased_events (
  event_id bigint PRIMARY KEY,
  identity_id uuid NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX audit_erased_events_identity ON audit_erased_events (identity_id, event_id);

-- A time that is no moment cannot be a leaf of the tree: no event with one is appended. Rows of before are not read for it.
ALTER TABLE audit_events ADD CONSTRAINT audit_events_time
  CHECK (isfinite(at) AND at < '10000-01-01 00:00:00+00') NOT VALID;
