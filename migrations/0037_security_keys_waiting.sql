-- expand: an index, which nodes of the version before need not know.
-- Security keys whose wait is over, and whose person has not been told: a scheduled job looks for them.
CREATE INDEX security_keys_waiting ON security_keys (counts_from) WHERE announced_at IS NULL AND ended_at IS NULL;
-- Those that ended are deleted some time after.
CREATE INDEX security_keys_ended ON security_keys (ended_at) WHERE ended_at IS NOT NULL;
