-- A row of tries is judged by one statement: what the last judging found, and the forms that were judged last.
ALTER TABLE attempts ADD COLUMN verdict text;
ALTER TABLE attempts ADD COLUMN forms bytea[] NOT NULL DEFAULT '{}';

-- The subjects of a person's rows of tries, so that they are read in one statement with whose they are. Null until the next
-- sign-in: a node fills them, for it takes a key ring.
ALTER TABLE identities ADD COLUMN password_tries bytea;
ALTER TABLE identities ADD COLUMN key_tries bytea;
ALTER TABLE known_browsers ADD COLUMN tries bytea;
CREATE INDEX identities_unfilled ON identities (id) WHERE password_tries IS NULL;

-- The browser that shows the factors, under the keyed hash of its secret; what binds the facts of the row; and the answer that
-- ended the sign-in, sealed, for the same form if it comes again.
ALTER TABLE sign_ins ADD COLUMN holder bytea;
ALTER TABLE sign_ins ADD COLUMN mac bytea;
ALTER TABLE sign_ins ADD COLUMN answer_sealed bytea;
ALTER TABLE sign_ins ADD COLUMN answer_code bytea;
