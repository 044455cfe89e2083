-- What the person sees of a browser that they called their own: browser and system, sealed for them alone,
-- and since when it is known over all renewals of what its cookie holds. Null where a node of the version
-- before wrote it.
ALTER TABLE known_browsers ADD COLUMN first_at timestamptz, ADD COLUMN seen text;

-- Wrong answers of an hour that is not over: one row an identity and kind, and one a kind for all names that
-- nobody has (the identity of zeros). When the hour is over they become audit events. No foreign key: no row
-- of anybody is locked to count.
CREATE TABLE failures (
  identity_id uuid NOT NULL,
  kind text NOT NULL,
  hour timestamptz NOT NULL,
  many integer NOT NULL,
  PRIMARY KEY (hour, identity_id, kind)
);
CREATE INDEX failures_identity ON failures (identity_id);

-- Notices to people without e-mail that go together in one letter, on this business day or the next that can
-- be.
CREATE TABLE gathered_notices (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  notice jsonb NOT NULL,
  at timestamptz NOT NULL,
  letter_on date NOT NULL
);
CREATE INDEX gathered_notices_due ON gathered_notices (letter_on, identity_id);
