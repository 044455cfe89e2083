-- A card is ordered, posted, taken into use, renewed, blocked; letters and notices; the whole of the lock ladder.

ALTER TABLE people
  -- JSON, sealed under the person's id.
  ADD COLUMN address_sealed bytea,
  ADD COLUMN email_sealed bytea;

ALTER TABLE identities
  -- Keys left at which a new card is ordered.
  ADD COLUMN threshold smallint NOT NULL DEFAULT 20 CHECK (threshold BETWEEN 5 AND 100),
  ADD COLUMN large_print boolean NOT NULL DEFAULT false;

ALTER TABLE key_cards
  ADD COLUMN ordered_at timestamptz NOT NULL DEFAULT now(),
  -- Its first key was given without one of an old card: in use from then on.
  ADD COLUMN activates_at timestamptz,
  ADD COLUMN expected_from date,
  ADD COLUMN expected_to date,
  -- Ordered because the one before did not come.
  ADD COLUMN replaces_lost boolean NOT NULL DEFAULT false;
UPDATE key_cards SET state = 'used_up', challenge = NULL WHERE state = 'active' AND bit_count(spent) = 148;
-- A page holds some thirty cards; a tenth of it is room enough for the versions that a few spendings leave.
ALTER TABLE key_cards SET (fillfactor = 90);
CREATE UNIQUE INDEX key_cards_one_on_the_way ON key_cards (identity_id) WHERE state IN ('ordered', 'sent');
CREATE INDEX key_cards_kid ON key_cards (kid, identity_id);
CREATE INDEX key_cards_late ON key_cards (expected_to) WHERE state = 'sent';
CREATE INDEX key_cards_waiting ON key_cards (activates_at) WHERE state = 'sent' AND activates_at IS NOT NULL;

-- The outbox. Nothing secret waits in it: what is printed is derived, and the address read, at sending.
CREATE TABLE letters (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('welcome', 'card', 'password', 'notice')),
  identity_id uuid NOT NULL REFERENCES identities (id),
  card_id uuid REFERENCES key_cards (id),
  -- Of a notice: kind and details.
  notice jsonb,
  -- Of a password: the argon2 hash of what is derived and printed at sending.
  password_hash text,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'set_aside', 'cancelled')),
  ordered_at timestamptz NOT NULL,
  -- Nobody takes it up before; in real time, also where the clock of the rules is set to another day.
  try_at timestamptz NOT NULL DEFAULT now(),
  tries smallint NOT NULL DEFAULT 0,
  fault text,
  post_on date,
  batch text,
  CHECK ((kind IN ('welcome', 'card')) = (card_id IS NOT NULL)),
  CHECK ((kind = 'notice') = (notice IS NOT NULL)),
  CHECK ((kind = 'password') = (password_hash IS NOT NULL))
);
CREATE INDEX letters_waiting ON letters (try_at) WHERE state = 'waiting';
CREATE INDEX letters_set_aside ON letters (ordered_at) WHERE state = 'set_aside';
CREATE UNIQUE INDEX letters_card ON letters (card_id) WHERE card_id IS NOT NULL;
CREATE INDEX letters_batch ON letters (batch) WHERE card_id IS NOT NULL;
CREATE INDEX letters_post_on ON letters (post_on) WHERE card_id IS NOT NULL;
CREATE INDEX letters_identity ON letters (identity_id);

-- What the letters of a person that leave on a day hold: a card or a password, never both.
CREATE TABLE letter_days (
  identity_id uuid NOT NULL REFERENCES identities (id),
  day date NOT NULL,
  holds text NOT NULL CHECK (holds IN ('card', 'password')),
  PRIMARY KEY (identity_id, day)
);

CREATE TABLE notices (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  kind text NOT NULL,
  details jsonb NOT NULL,
  at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'set_aside')),
  try_at timestamptz NOT NULL DEFAULT now(),
  tries smallint NOT NULL DEFAULT 0,
  fault text
);
CREATE INDEX notices_waiting ON notices (try_at) WHERE state = 'waiting';
CREATE INDEX notices_sent ON notices (at) WHERE state = 'sent';
CREATE INDEX notices_identity ON notices (identity_id);
CREATE INDEX notices_set_aside ON notices (at) WHERE state = 'set_aside';

ALTER TABLE attempts
  -- Wrong since the last right answer, over all locks.
  ADD COLUMN in_a_row integer NOT NULL DEFAULT 0;

-- Tries that were not right, by network, over all identities: a bucket that runs out by the minute.
CREATE TABLE network_tries (
  subject bytea PRIMARY KEY,
  level double precision NOT NULL,
  at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Browsers that a person called their own, after a whole sign-in, under the keyed hash of the cookie's content.
CREATE TABLE known_browsers (
  browser bytea NOT NULL,
  identity_id uuid NOT NULL REFERENCES identities (id),
  since timestamptz NOT NULL,
  PRIMARY KEY (browser, identity_id)
);
CREATE INDEX known_browsers_identity ON known_browsers (identity_id);

-- A right password from an unknown browser, until its key is given.
CREATE TABLE passwords_without_key (
  interaction bytea PRIMARY KEY,
  identity_id uuid NOT NULL REFERENCES identities (id),
  at timestamptz NOT NULL
);
CREATE INDEX passwords_without_key_at ON passwords_without_key (at);

ALTER TABLE sign_ins
  ADD COLUMN known_browser boolean NOT NULL DEFAULT false,
  -- The person went on without the new card.
  ADD COLUMN new_card_skipped boolean NOT NULL DEFAULT false;
