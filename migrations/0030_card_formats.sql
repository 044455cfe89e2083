-- The format of a person's next card. Null: a node of the version before wrote the row, and large_print says it. Such a
-- node reads large_print, which is kept in step.
ALTER TABLE identities ADD COLUMN card_format text CHECK (card_format IN ('standard', 'large_print', 'braille'));

-- The format in which a card was printed. Null: it is not printed yet, or was printed by a node of the version before, in
-- the format that large_print of its identity says; a change of that column writes it here first.
ALTER TABLE key_cards ADD COLUMN format text CHECK (format IN ('standard', 'large_print', 'braille'));
