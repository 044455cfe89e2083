-- A CPR number that became another one: the person, the ID and what hangs on it stay.

-- Keyed hashes alone. What hangs together by these rows is one person's.
CREATE TABLE former_cprs (
  former bytea PRIMARY KEY,
  current bytea NOT NULL,
  told_by text NOT NULL CHECK (told_by IN ('register', 'staff')),
  told_at timestamptz NOT NULL,
  CHECK (former <> current)
);
CREATE INDEX former_cprs_current ON former_cprs (current);

-- Two IDs that are one person's by the word of the register: made before it was known. An officer has to look.
CREATE TABLE duplicate_identities (
  one_id uuid NOT NULL REFERENCES identities (id),
  other_id uuid NOT NULL REFERENCES identities (id),
  found_at timestamptz NOT NULL,
  PRIMARY KEY (one_id, other_id),
  CHECK (one_id < other_id)
);
CREATE INDEX duplicate_identities_other ON duplicate_identities (other_id);

-- Proposed by one officer, decided by another. Old and new number, reason and identification are sealed under the id.
CREATE TABLE cpr_changes (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  state text NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
  change_sealed bytea NOT NULL,
  -- The number that the person had; null: none.
  former bytea,
  current bytea NOT NULL,
  proposed_by uuid NOT NULL REFERENCES identities (id),
  proposed_at timestamptz NOT NULL,
  decided_by uuid REFERENCES identities (id),
  decided_at timestamptz,
  CHECK (proposed_by <> identity_id AND decided_by <> identity_id AND decided_by <> proposed_by),
  CHECK ((state = 'waiting') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX cpr_changes_one_waiting ON cpr_changes (identity_id) WHERE state = 'waiting';
CREATE INDEX cpr_changes_waiting ON cpr_changes (proposed_at) WHERE state = 'waiting';

-- The person was looked up by a number that they no longer have.
ALTER TABLE desk_searches ADD COLUMN by_former_cpr boolean NOT NULL DEFAULT false;
