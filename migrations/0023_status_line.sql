-- What the operator tells everyone on every page: at most one line, in every language. Nothing personal.
-- The commands "notice set" and "notice clear" write it; the audit log has what was said before.
CREATE TABLE status_line (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  -- The text by language.
  texts jsonb NOT NULL,
  -- Shown until then; null: until it is cleared.
  until timestamptz
);
