-- A request that waits for its person is carried by their browser, sealed; that it was answered is written here.

ALTER TABLE sign_ins
  -- It led to an answer: of two requests that resume it, one gets a code.
  ADD COLUMN answered_at timestamptz;
