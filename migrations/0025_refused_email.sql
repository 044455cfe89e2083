-- The e-mail address that a mail server refused for good, as the keyed hash of its confirmation: its person gets letters until a
-- mail is accepted again. Null where none was refused.
ALTER TABLE people ADD COLUMN email_refused bytea;
