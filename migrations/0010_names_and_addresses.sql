-- People of one birth date are found together, and their names compared: no folded text is stored that would have to
-- follow how names are compared.
CREATE INDEX people_birthdate ON people (birthdate);

-- `given_name` is the whole name: which part is which is not known. What relying parties have been told stays.
ALTER TABLE people ADD COLUMN name_is_whole boolean NOT NULL DEFAULT false;

-- The register's words for "no surname" and "no first name", once taken for names.
UPDATE people SET given_name = regexp_replace(given_name, '\s+ej$', '', 'i'), family_name = ''
  WHERE family_name ~* '^efternavn$' AND given_name ~* '\sej$';
UPDATE people
  SET given_name = '', family_name = btrim(regexp_replace(given_name, '^ej\s+fornavn', '', 'i') || ' ' || family_name)
  WHERE given_name ~* '^ej\s+fornavn(\s|$)';
