-- When the key of the sign-in that a session at a site of our own stands on was given, at that site itself:
-- the database's time. Null where a session of Nøgle was there already, and of sessions from before.
ALTER TABLE own_sessions ADD COLUMN key_at timestamptz;

-- The form by which user IDs that look alike are told, and the user ID that it was made of: a node of the
-- version before changes the user ID alone, and its form is then made again. Of a user ID that was chosen
-- before forms were, the id of the identity stands behind it: such ones may look alike, and nobody else gets
-- one that does.
ALTER TABLE identities ADD COLUMN user_id_form text COLLATE "C";
ALTER TABLE identities ADD COLUMN user_id_formed text;
CREATE UNIQUE INDEX identities_user_id_form ON identities (user_id_form) WHERE user_id_form IS NOT NULL;
CREATE INDEX identities_unformed ON identities (id) WHERE user_id IS DISTINCT FROM user_id_formed;
