-- What holds under attack: sealed rows bound to their owners, rows that only this program wrote, endings that wait.

-- Credentials are bound to their connection, user and bank, and to a number that grows with each that are written, so
-- that older ones do not come back. Rows of earlier versions are bound to their connection only; the first byte of the
-- blob tells them apart, and the next write binds them.
ALTER TABLE credentials ADD COLUMN count INTEGER NOT NULL DEFAULT 0;
INSERT INTO counters VALUES ('credentials', 0);

-- A keyed digest over what a job or plan is for, made when the program writes it. A row without the right one was
-- written by something else, and is not carried out. Rows that were open in an earlier version get theirs once.
ALTER TABLE jobs ADD COLUMN tag BLOB;
ALTER TABLE plans ADD COLUMN tag BLOB;

-- When a consent that has run out was marked to be ended: by the clock, and by the count of time since the system was
-- started, with the id of that start. It is ended when a grace has passed by both.
ALTER TABLE consents ADD COLUMN marked INTEGER;
ALTER TABLE consents ADD COLUMN marked_up INTEGER;
ALTER TABLE consents ADD COLUMN marked_boot TEXT;
CREATE INDEX consents_marked ON consents (marked, n) WHERE status = 0 AND marked IS NOT NULL;

-- The bank of an event about a bank: it was renamed or declared, or an outage of it began or ended.
ALTER TABLE events ADD COLUMN institution_id TEXT;

-- Whether the phones and emails of a profile were entered in profile_contacts. Those that an earlier version stored
-- were not; maintenance enters them.
ALTER TABLE profiles ADD COLUMN entered INTEGER NOT NULL DEFAULT 0 CHECK (entered IN (0, 1));
CREATE INDEX profiles_not_entered ON profiles (connection_n) WHERE entered = 0;

-- Observed: what a bank or an imported document said of a job in its own words, sealed under the pair's data key. The job
-- has the same texts with all masked that is not in a fixed list of words. Goes with a purge. Jobs of earlier versions
-- are masked when the file is upgraded, and nothing is kept of what is masked.
CREATE TABLE bank_words (
  job_n INTEGER PRIMARY KEY REFERENCES jobs(n),
  sealed BLOB NOT NULL
) STRICT;

-- The words of users' names again, in an index from which a deleted word is removed at once. Before, a deleted row was
-- only marked, and its words stayed in the pages of the index. What is deleted is told by the words that were written.
DROP TABLE user_words;
CREATE VIRTUAL TABLE user_words USING fts5 (
  name, content = '', prefix = '2 3', tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO user_words (user_words, rank) VALUES ('secure-delete', 1);
INSERT INTO user_words (rowid, name) SELECT n, name FROM users ORDER BY n;
