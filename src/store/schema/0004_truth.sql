-- Who executes for a connection: 0 the banks of the sandbox, 1 a platform, 2 nobody here, because it came by an import.
ALTER TABLE connections ADD COLUMN origin INTEGER NOT NULL DEFAULT 0 CHECK (origin BETWEEN 0 AND 2);

-- Every version wrote an event for a connection that an import brought: made by whoever imported, and with no job.
-- The event of `connect` and of a migration names their first job; events of a generated world have no actor. So the
-- event decides. Credentials and jobs do not: an imported connection may have been given a password or refreshed,
-- and a made-up one may have neither.
UPDATE connections SET origin = 2 WHERE id IN (
  SELECT connection_id FROM events
  WHERE entity = 'connection' AND type = 'created' AND job_id IS NULL AND actor <> ''
);
CREATE INDEX connections_imported ON connections (urgency, recency, n) WHERE origin = 2;

-- What is due without anybody asking is due for connections of the sandbox only.
DROP INDEX connections_turn;
CREATE INDEX connections_turn ON connections (institution_n, turn, n)
  WHERE status = 3 AND mfa_enabled = 0 AND origin = 0;
DROP INDEX connections_lapsing;
CREATE INDEX connections_lapsing ON connections (expiry, n) WHERE expiry IS NOT NULL AND status = 3 AND origin = 0;

-- What an act found, and what it left: the status of the connection and how much was stored. Both are in the digest of
-- the line. Lines of earlier versions have neither, and their digests stay as they are.
ALTER TABLE audit ADD COLUMN was TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN became TEXT NOT NULL DEFAULT '';

-- Observed: keyed digests of the whole phones and emails in a profile, by which its connection is found. They go with
-- the profile, however that goes. Profiles from before have none until they are fetched again.
CREATE TABLE profile_contacts (
  digest BLOB NOT NULL,
  connection_n INTEGER NOT NULL REFERENCES profiles(connection_n) ON DELETE CASCADE,
  PRIMARY KEY (digest, connection_n)
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_contacts_connection ON profile_contacts (connection_n);

-- Observed: transactions, the personal part sealed. An id is unique within its account only. An amount is in minor
-- units of `currency`, or of the account's currency where that is null. `made` is the day on which a posted one was
-- made; a pending one has that in `at`.
CREATE TABLE new_transactions (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  account_n INTEGER NOT NULL REFERENCES accounts(n),
  posted INTEGER NOT NULL CHECK (posted IN (0, 1)),
  at INTEGER NOT NULL,
  made INTEGER,
  amount INTEGER NOT NULL,
  currency TEXT,
  class TEXT NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (id, account_n)
) STRICT;
INSERT INTO new_transactions (n, id, account_n, posted, at, amount, class, sealed)
SELECT n, id, account_n, posted, at, amount, class, sealed FROM transactions ORDER BY n;
DROP TABLE transactions;
ALTER TABLE new_transactions RENAME TO transactions;
CREATE INDEX transactions_account ON transactions (account_n, at, n);
CREATE INDEX transactions_pending ON transactions (account_n) WHERE posted = 0;

-- Observed: when the newest imported event told the status of a connection; an older document does not change it back.
ALTER TABLE connections ADD COLUMN told INTEGER;

-- History: until when the data of a user at a bank was purged, so that an older file does not bring it back unasked;
-- and the accounts that it had, by keyed digests of their ids.
CREATE TABLE purged (
  user_id TEXT NOT NULL,
  institution_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, institution_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE purged_accounts (
  digest BLOB PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO purged (user_id, institution_id, at)
SELECT u.id, i.id, max(j.ended) FROM jobs j JOIN users u ON u.n = j.user_n JOIN institutions i ON i.n = j.institution_n
WHERE j.kind = 3 AND j.state = 5 GROUP BY u.id, i.id;

-- Observed: the values that a deletion destroys, written down before it destroys anything and sealed under a key of
-- their own, in a slot of the key file. The row goes when they were searched for and not found; when a search failed
-- (`failed`), it stays until a later deletion of the same data has taken its values over (`taken_by`) and proven that
-- they are gone. `id` is that of the job or the workflow; without a bank it is about all of a user. An empty list has
-- served; its key is destroyed next.
CREATE TABLE search_lists (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  institution_id TEXT,
  slot INTEGER NOT NULL UNIQUE,
  stored INTEGER NOT NULL CHECK (stored >= 0),
  short INTEGER NOT NULL CHECK (short >= 0),
  unreadable INTEGER NOT NULL CHECK (unreadable >= 0),
  failed INTEGER NOT NULL CHECK (failed IN (0, 1)),
  taken_by TEXT,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX search_lists_user ON search_lists (user_id);

-- What an imported document that waits names, so that a purge finds it without a link to its user. `owned` says
-- whether this and its owner were read from it by the rule of this version.
ALTER TABLE waiting ADD COLUMN connection_id TEXT;
ALTER TABLE waiting ADD COLUMN account_id TEXT;
ALTER TABLE waiting ADD COLUMN owned INTEGER NOT NULL DEFAULT 0 CHECK (owned IN (0, 1));
CREATE INDEX waiting_connection ON waiting (connection_id) WHERE connection_id IS NOT NULL;
CREATE INDEX waiting_account ON waiting (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX waiting_unowned ON waiting (kind, id) WHERE owned = 0;

-- What kept a job from running here: something that it needs does not read. It is counted as a death, tried again, and
-- put aside in the end; the text stays until a later job of the connection.
ALTER TABLE jobs ADD COLUMN trouble TEXT;
CREATE INDEX jobs_trouble ON jobs (open) WHERE trouble IS NOT NULL;

-- Credentials are bound to their connection, user and bank, and to a number that grows with each that are written, so
-- that older ones do not come back. Rows of earlier versions are bound to their connection only; the first byte of the
-- blob tells them apart, and the next write binds them.
ALTER TABLE credentials ADD COLUMN count INTEGER NOT NULL DEFAULT 0;
INSERT INTO counters VALUES ('credentials', 0);

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
