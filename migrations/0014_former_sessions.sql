-- Of a session whose id was replaced by a newer one: until when the former id is accepted. Its row is ended
-- for all else, also on nodes of the version before: they do not find it, and none of their saves revives it.
ALTER TABLE oidc_records ADD COLUMN accepted_until timestamptz;
