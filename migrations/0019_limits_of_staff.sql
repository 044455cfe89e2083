-- How often one member of staff did one kind of thing lately: when, oldest first, and by which form, so that a form sent
-- twice counts once. One row for each member of staff and kind; one statement judges and counts.
CREATE TABLE staff_counts (
  staff_id uuid NOT NULL REFERENCES identities (id),
  kind text NOT NULL,
  times timestamptz[] NOT NULL,
  forms uuid[] NOT NULL,
  PRIMARY KEY (staff_id, kind)
);

-- What was refused at the desk, for operators: the first of a day is an audit event, the others are counted here.
CREATE TABLE desk_refusals (
  identity_id uuid NOT NULL REFERENCES identities (id),
  day date NOT NULL,
  what text NOT NULL,
  why text NOT NULL,
  -- The identity that it was about, or a keyed hash of what was typed; empty where nobody is known.
  subject text NOT NULL,
  -- As it was then; null for a person without one.
  role text,
  count integer NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (identity_id, day, what, why, subject)
);
CREATE INDEX desk_refusals_last ON desk_refusals (last_at);

-- What staff want to do with the ID of a member of staff: one proposes, another confirms.
CREATE TABLE colleague_actions (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  action text NOT NULL,
  -- The reason and the identification that was shown, under the id.
  asked_sealed bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'confirmed', 'refused', 'expired')),
  proposed_by uuid NOT NULL REFERENCES identities (id),
  proposed_at timestamptz NOT NULL,
  decided_by uuid REFERENCES identities (id),
  decided_at timestamptz,
  -- Of what was confirmed: that it was done, or refused by the ID's own state.
  performed_at timestamptz,
  CHECK (state <> 'confirmed' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX colleague_actions_one_waiting ON colleague_actions (identity_id, action) WHERE state = 'waiting';
CREATE INDEX colleague_actions_open ON colleague_actions (proposed_at) WHERE state = 'waiting' OR performed_at IS NULL;

-- One operator proposes to end a role, another ends it. Meanwhile the role is paused.
ALTER TABLE staff
  ADD COLUMN end_proposed_by uuid REFERENCES identities (id),
  ADD COLUMN end_proposed_at timestamptz;
