-- A database may be marked as a rehearsal: no real person has an ID in it. Null: it is none. The mark is set while the
-- database is empty, and never removed, so that no production database becomes a rehearsal, and no rehearsal production.
ALTER TABLE installation ADD COLUMN rehearsal_since timestamptz;

CREATE FUNCTION keep_rehearsal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    IF EXISTS (SELECT FROM installation WHERE rehearsal_since IS NOT NULL) THEN
      RAISE EXCEPTION 'a rehearsal stays a rehearsal';
    END IF;
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' AND OLD.rehearsal_since IS NOT NULL THEN
    IF TG_OP = 'DELETE' OR NEW.rehearsal_since IS DISTINCT FROM OLD.rehearsal_since THEN
      RAISE EXCEPTION 'a rehearsal stays a rehearsal';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.rehearsal_since IS NOT NULL THEN
    -- Waits for an ID that is being issued at this moment.
    LOCK TABLE identities IN SHARE MODE;
    IF NEW.bootstrapped_at IS NOT NULL OR EXISTS (SELECT FROM identities) OR EXISTS (SELECT FROM register_entries)
      -- The first node has registered the first-party clients.
      OR EXISTS (SELECT FROM relying_parties WHERE client_id NOT LIKE 'noegle-%') THEN
      RAISE EXCEPTION 'only an empty database becomes a rehearsal';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER installation_rehearsal BEFORE INSERT OR UPDATE OR DELETE ON installation
  FOR EACH ROW EXECUTE FUNCTION keep_rehearsal();
CREATE TRIGGER installation_rehearsal_whole BEFORE TRUNCATE ON installation
  FOR EACH STATEMENT EXECUTE FUNCTION keep_rehearsal();
