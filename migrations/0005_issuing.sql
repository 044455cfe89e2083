-- Getting an ID: applications, the population register, staff, activation, and sessions at our own sites.

ALTER TABLE identities
  -- Where it was issued: `borgerservice`, `online`, `operator`, or the client id of a bank, whose clerks see it.
  ADD COLUMN issued_by text;

ALTER TABLE people
  -- Keyed hashes to recognise somebody by, who has no CPR number or gave none: name and birth date, and the document.
  ADD COLUMN likeness bytea,
  ADD COLUMN document_lookup bytea,
  ADD COLUMN address_protected boolean NOT NULL DEFAULT false,
  ADD COLUMN former_address_sealed bytea,
  ADD COLUMN moved_at timestamptz;
CREATE INDEX people_likeness ON people (likeness);
CREATE INDEX people_document ON people (document_lookup);
CREATE UNIQUE INDEX people_one_document ON people (document_lookup) WHERE cpr_lookup IS NULL;

ALTER TABLE letters
  -- Of a temporary password: until when it opens anything (set at sending), and when it did.
  ADD COLUMN valid_until timestamptz,
  ADD COLUMN used_at timestamptz,
  -- A notice to where the person lived before.
  ADD COLUMN to_former_address boolean NOT NULL DEFAULT false;

ALTER TABLE installation ADD COLUMN bootstrapped_at timestamptz;

-- Everything that led to an ID or to a refusal. What the applicant said and showed is sealed under the id.
CREATE TABLE applications (
  id uuid PRIMARY KEY,
  path text NOT NULL CHECK (path IN ('desk', 'bank', 'online', 'command')),
  state text NOT NULL CHECK (state IN ('waiting', 'issued', 'refused', 'withdrawn')),
  -- Keyed hash of the CPR number, or of the document: one waits at a time.
  subject bytea NOT NULL,
  identity_id uuid REFERENCES identities (id),
  officer_id uuid REFERENCES identities (id),
  second_officer_id uuid REFERENCES identities (id),
  issued_by text NOT NULL,
  reasons text[] NOT NULL DEFAULT '{}',
  form_sealed bytea NOT NULL,
  at timestamptz NOT NULL,
  decided_at timestamptz,
  CHECK ((state = 'issued') = (identity_id IS NOT NULL)),
  CHECK (second_officer_id <> officer_id)
);
CREATE UNIQUE INDEX applications_one_waiting ON applications (subject) WHERE state = 'waiting';
CREATE INDEX applications_waiting ON applications (at) WHERE state = 'waiting';
CREATE INDEX applications_identity ON applications (identity_id);

-- The population register as it was loaded last.
CREATE TABLE register_entries (
  cpr_lookup bytea PRIMARY KEY,
  -- Sealed under the lookup.
  entry_sealed bytea NOT NULL,
  -- Keyed hash of the row: one that has not changed is left alone.
  content bytea NOT NULL,
  imported_at timestamptz NOT NULL
);

CREATE TABLE staff (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  role text NOT NULL CHECK (role IN ('officer', 'bank_clerk', 'hotline', 'operator')),
  -- The client id of the bank that a clerk works for.
  bank text,
  -- Null for the first two operators.
  proposed_by uuid REFERENCES identities (id),
  proposed_at timestamptz NOT NULL,
  approved_by uuid REFERENCES identities (id),
  approved_at timestamptz,
  ended_by uuid REFERENCES identities (id),
  ended_at timestamptz,
  CHECK ((role = 'bank_clerk') = (bank IS NOT NULL)),
  CHECK (proposed_by <> identity_id AND approved_by <> identity_id AND approved_by <> proposed_by)
);
CREATE UNIQUE INDEX staff_one_role ON staff (identity_id) WHERE ended_at IS NULL;

-- A look at somebody's ID, with its reason. What staff do with what they found, they do under the search.
CREATE TABLE desk_searches (
  id uuid PRIMARY KEY,
  staff_id uuid NOT NULL REFERENCES identities (id),
  found_id uuid REFERENCES identities (id),
  reason text NOT NULL,
  at timestamptz NOT NULL
);

-- A browser on its way through an activation. The id is a keyed hash of what its cookie holds.
CREATE TABLE activations (
  id bytea PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  letter_id uuid NOT NULL REFERENCES letters (id),
  key_given_at timestamptz,
  done_at timestamptz,
  outcome jsonb,
  expires_at timestamptz NOT NULL
);
CREATE INDEX activations_expiry ON activations (expires_at);

-- Who is signed in at a site of our own, which is a relying party like others. The id is a keyed hash of its cookie.
CREATE TABLE own_sessions (
  id bytea PRIMARY KEY,
  client_id text NOT NULL,
  identity_id uuid NOT NULL REFERENCES identities (id),
  -- The session of Nøgle that it stands on: when that is ended, so is this.
  session_uid text NOT NULL,
  login_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
CREATE INDEX own_sessions_seen ON own_sessions (seen_at);

-- Before a temporary password was right nobody is known; what was typed waits, sealed, for the page that follows.
ALTER TABLE activations
  ALTER COLUMN identity_id DROP NOT NULL,
  ALTER COLUMN letter_id DROP NOT NULL,
  ADD COLUMN password_at timestamptz,
  ADD COLUMN typed_sealed bytea,
  ADD CHECK ((identity_id IS NULL) = (letter_id IS NULL) AND (identity_id IS NULL) = (password_at IS NULL));
