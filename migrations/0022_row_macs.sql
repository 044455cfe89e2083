-- What binds a row that the code relies on: a MAC under a key that is not in the database. Null until a setting says that every
-- node can read it. Of an identity it covers its person too.
ALTER TABLE identities ADD COLUMN mac bytea;
ALTER TABLE letters ADD COLUMN mac bytea;
ALTER TABLE own_sessions ADD COLUMN mac bytea;
ALTER TABLE consents ADD COLUMN mac bytea;
ALTER TABLE applications ADD COLUMN mac bytea;
ALTER TABLE activations ADD COLUMN mac bytea;
ALTER TABLE relying_parties ADD COLUMN mac bytea;

-- How far that has come, for nodes and commands that are not told.
ALTER TABLE installation ADD COLUMN binding text;
