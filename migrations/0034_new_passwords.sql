-- Letters with a temporary password that a person ordered by a key, without a sign-in: one row each. `card_id` and
-- `position` name the key that was spent for it. Until the letter has had its time the page goes on showing that key's
-- number, so that no one sees there whether a key was right.
CREATE TABLE new_passwords (
  letter_id uuid PRIMARY KEY REFERENCES letters (id),
  identity_id uuid NOT NULL REFERENCES identities (id),
  card_id uuid NOT NULL REFERENCES key_cards (id),
  position smallint NOT NULL CHECK (position BETWEEN 0 AND 147),
  ordered_at timestamptz NOT NULL,
  -- A key of a card orders one letter, ever.
  UNIQUE (card_id, position)
);
CREATE INDEX new_passwords_identity ON new_passwords (identity_id, ordered_at);
CREATE INDEX new_passwords_time ON new_passwords (ordered_at);
