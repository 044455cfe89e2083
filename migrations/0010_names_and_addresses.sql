-- People of one birth date are found together, and their names compared: no folded text is stored that would have to
-- follow how names are compared.
CREATE INDEX people_birthdate ON people (birthdate);
