-- Which ID followed: where none did, the register can take back what it told.
ALTER TABLE former_cprs ADD COLUMN followed_by uuid REFERENCES identities (id);

-- Of links from before, all that lead to somebody whose number has changed.
WITH RECURSIVE led (number, identity_id) AS (
  SELECT p.cpr_lookup, i.id FROM people p JOIN identities i ON i.person_id = p.id
  WHERE p.cpr_lookup IS NOT NULL
    AND EXISTS (SELECT FROM audit_events e WHERE e.identity_id = i.id AND e.kind = 'cpr_changed')
  UNION
  SELECT f.former, l.identity_id FROM led l JOIN former_cprs f ON f.current = l.number
)
UPDATE former_cprs f SET followed_by = l.identity_id FROM led l WHERE l.number = f.former;

-- By the word of two officers, or of the register against theirs, no two of one person. Keyed hashes alone.
CREATE TABLE apart_cprs (
  one bytea NOT NULL,
  other bytea NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (one, other),
  CHECK (one < other)
);
