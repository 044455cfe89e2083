-- The browser and network of a right password that no key followed yet, sealed under the row. The event that is
-- written when no key follows seals them under the salt of the person. Null in rows of the version before.
ALTER TABLE passwords_without_key ADD COLUMN context_sealed bytea;

-- The latest request of each session at a first-party client, for the list of sessions.
CREATE INDEX own_sessions_session ON own_sessions (session_uid);
