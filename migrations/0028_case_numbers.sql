-- What a decision is called on paper and by telephone: eight signs. Null for the cases from before, whose
-- number is their id; nodes of the version before write none.
ALTER TABLE applications ADD COLUMN case_number text CHECK (case_number ~ '^[3479CDFGHJKMNPQRTVWX]{8}$');
CREATE UNIQUE INDEX applications_case_number ON applications (case_number);

-- A search for a case. It found no person by itself: found_id is null.
ALTER TABLE desk_searches ADD COLUMN application_id uuid REFERENCES applications (id);
