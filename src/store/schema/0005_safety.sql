-- What keeps sealed data bound to its owner.

-- Credentials are bound to their connection, user and bank, and to a number that grows with each that are written, so
-- that older ones do not come back. Rows of earlier versions are bound to their connection only; the first byte of the
-- blob tells them apart, and the next write binds them.
ALTER TABLE credentials ADD COLUMN count INTEGER NOT NULL DEFAULT 0;
INSERT INTO counters VALUES ('credentials', 0);

-- A keyed digest over what a job or plan is for, made when the program writes it. A row without the right one was
-- written by something else, and is not carried out. Rows that were open in an earlier version get theirs once.
ALTER TABLE jobs ADD COLUMN tag BLOB;
ALTER TABLE plans ADD COLUMN tag BLOB;
