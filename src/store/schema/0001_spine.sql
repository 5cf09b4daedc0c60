-- The spine. Times are milliseconds since 1970 UTC, amounts minor units, words of the domain small
-- integers (codec.rs). `n` is the row's number inside this file, `id` its name outside.

-- Declared: what this file is bound to (the master key's id, when it was made).
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Kept by triggers and by the store, never counted: numbers that a screen shows at once.
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Declared: banks and the ways to reach them.
CREATE TABLE institutions (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  folded TEXT NOT NULL,
  kind TEXT NOT NULL,
  country TEXT NOT NULL,
  tier TEXT NOT NULL
) STRICT;

CREATE TABLE connectors (
  institution_n INTEGER NOT NULL REFERENCES institutions(n),
  method INTEGER NOT NULL CHECK (method IN (0, 1)),
  stage TEXT NOT NULL,
  status TEXT NOT NULL,
  authorization TEXT NOT NULL,
  PRIMARY KEY (institution_n, method)
) STRICT, WITHOUT ROWID;

-- Declared: a bank of the sandbox that is broken until a time.
CREATE TABLE outages (
  institution_n INTEGER PRIMARY KEY REFERENCES institutions(n),
  until INTEGER NOT NULL
) STRICT;

-- Declared: the app's own record of its users. Names are searched; email and mobile are sealed and
-- found through a keyed digest.
CREATE TABLE users (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  first_name TEXT NOT NULL,
  middle_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  folded TEXT NOT NULL,
  created INTEGER NOT NULL,
  contact BLOB,
  email_digest BLOB,
  mobile_digest BLOB,
  tail TEXT GENERATED ALWAYS AS (substr(id, -1, 1) || substr(id, -2, 1) || substr(id, -3, 1)
    || substr(id, -4, 1) || substr(id, -5, 1) || substr(id, -6, 1)) VIRTUAL
) STRICT;
CREATE INDEX users_tail ON users (tail);
CREATE INDEX users_email ON users (email_digest) WHERE email_digest IS NOT NULL;
CREATE INDEX users_mobile ON users (mobile_digest) WHERE mobile_digest IS NOT NULL;

-- The beginnings of the words of users' names; the row number is the user's.
CREATE VIRTUAL TABLE user_words USING fts5 (
  name, content = '', contentless_delete = 1, prefix = '2 3', tokenize = "unicode61 remove_diacritics 2"
);

-- Observed: a user's link to one institution by one method. `label`, `urgency` and the two sort texts
-- are derived when the row is written; `recency` orders newest first in an ascending index. `tail` is the
-- shown end of the id backwards, so that an end is found as a beginning is.
CREATE TABLE connections (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  user_n INTEGER NOT NULL REFERENCES users(n),
  institution_n INTEGER NOT NULL REFERENCES institutions(n),
  method INTEGER NOT NULL CHECK (method IN (0, 1)),
  status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 5),
  ever_active INTEGER NOT NULL CHECK (ever_active IN (0, 1)),
  label INTEGER NOT NULL CHECK (label BETWEEN 0 AND 6),
  urgency INTEGER NOT NULL CHECK (urgency BETWEEN 0 AND 5),
  since INTEGER NOT NULL,
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  recency INTEGER GENERATED ALWAYS AS (-last_used) VIRTUAL,
  expiry INTEGER,
  mfa_enabled INTEGER NOT NULL CHECK (mfa_enabled IN (0, 1)),
  accounts INTEGER NOT NULL DEFAULT 0 CHECK (accounts >= 0),
  transactions INTEGER NOT NULL DEFAULT 0 CHECK (transactions >= 0),
  version INTEGER NOT NULL DEFAULT 1,
  bank_sort TEXT NOT NULL,
  user_sort TEXT NOT NULL,
  job_n INTEGER,
  job_recency INTEGER NOT NULL DEFAULT 0,
  tail TEXT GENERATED ALWAYS AS (substr(id, -1, 1) || substr(id, -2, 1) || substr(id, -3, 1)
    || substr(id, -4, 1) || substr(id, -5, 1) || substr(id, -6, 1)) VIRTUAL,
  -- pending never appears on open banking; pre-init and init never on web (domain 2.3)
  CHECK (NOT (method = 1 AND status = 0)),
  CHECK (NOT (method = 0 AND status IN (1, 2))),
  CHECK (status <> 3 OR ever_active = 1)
) STRICT;
CREATE INDEX connections_tail ON connections (tail);
CREATE INDEX connections_urgency ON connections (urgency, recency, n);
CREATE INDEX connections_recency ON connections (recency, n);
CREATE INDEX connections_label ON connections (label, urgency, recency, n);
CREATE INDEX connections_lately ON connections (label, recency, n);
CREATE INDEX connections_bank ON connections (bank_sort, recency, n);
CREATE INDEX connections_institution ON connections (institution_n, recency, n);
CREATE INDEX connections_user ON connections (user_sort, recency, n);
CREATE INDEX connections_owner ON connections (user_n, institution_n);
CREATE INDEX connections_job ON connections (job_recency, n);
CREATE INDEX connections_expiry ON connections (expiry, n) WHERE expiry IS NOT NULL;
CREATE INDEX connections_unused ON connections (urgency, recency, n) WHERE last_used <= created;
CREATE INDEX connections_stocked ON connections (transactions) WHERE transactions > 0;

CREATE TABLE connection_counts (
  label INTEGER PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO connection_counts VALUES (0,0),(1,0),(2,0),(3,0),(4,0),(5,0),(6,0);
INSERT INTO counters VALUES ('attention', 0), ('next_slot', 0);

CREATE TRIGGER connections_counted_in AFTER INSERT ON connections BEGIN
  UPDATE connection_counts SET value = value + 1 WHERE label = new.label;
  UPDATE counters SET value = value + 1 WHERE name = 'attention' AND new.urgency <= 2;
END;
CREATE TRIGGER connections_counted_out AFTER DELETE ON connections BEGIN
  UPDATE connection_counts SET value = value - 1 WHERE label = old.label;
  UPDATE counters SET value = value - 1 WHERE name = 'attention' AND old.urgency <= 2;
END;
CREATE TRIGGER connections_counted_over AFTER UPDATE OF label, urgency ON connections
WHEN old.label <> new.label OR (old.urgency <= 2) <> (new.urgency <= 2) BEGIN
  UPDATE connection_counts SET value = value - 1 WHERE label = old.label;
  UPDATE connection_counts SET value = value + 1 WHERE label = new.label;
  UPDATE counters SET value = value + (new.urgency <= 2) - (old.urgency <= 2) WHERE name = 'attention';
END;

-- Observed: the person who logged in, sealed under the pair's data key. Goes with purge and revoke.
CREATE TABLE profiles (
  connection_n INTEGER PRIMARY KEY REFERENCES connections(n),
  phones INTEGER NOT NULL,
  emails INTEGER NOT NULL,
  addresses INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

-- Declared: what lets us in, sealed under the master key. Goes with revoke. The digest finds other
-- connections with the same credentials.
CREATE TABLE credentials (
  connection_n INTEGER PRIMARY KEY REFERENCES connections(n),
  digest BLOB NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX credentials_digest ON credentials (digest);

-- Which slot of the key file holds the data key of a user at an institution.
CREATE TABLE data_keys (
  user_n INTEGER NOT NULL REFERENCES users(n),
  institution_n INTEGER NOT NULL REFERENCES institutions(n),
  slot INTEGER NOT NULL UNIQUE,
  PRIMARY KEY (user_n, institution_n)
) STRICT, WITHOUT ROWID;

-- Observed: accounts, the personal part sealed. They outlive a revoked connection; `connection_ref`
-- keeps the name of a connection that is not in this file.
CREATE TABLE accounts (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  user_n INTEGER NOT NULL REFERENCES users(n),
  institution_n INTEGER NOT NULL REFERENCES institutions(n),
  connection_n INTEGER REFERENCES connections(n),
  connection_ref TEXT,
  reference TEXT NOT NULL,
  class TEXT NOT NULL,
  currency TEXT NOT NULL,
  balance INTEGER,
  available INTEGER,
  credit_limit INTEGER,
  status TEXT NOT NULL,
  updated INTEGER NOT NULL,
  transactions INTEGER NOT NULL DEFAULT 0 CHECK (transactions >= 0),
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX accounts_owner ON accounts (user_n, institution_n);
CREATE INDEX accounts_connection ON accounts (connection_n);

-- Observed: transactions, the personal part sealed. Pending ones are replaced at each refresh, posted
-- ones are never deleted by one.
CREATE TABLE transactions (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_n INTEGER NOT NULL REFERENCES accounts(n),
  posted INTEGER NOT NULL CHECK (posted IN (0, 1)),
  at INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  class TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX transactions_account ON transactions (account_n, at, n);
CREATE INDEX transactions_pending ON transactions (account_n) WHERE posted = 0;

-- Durable work and its history. One row is a whole job: its steps are in it, so that a step, its
-- outcome and the state behind it change together. `due` is when somebody has to look again: a queued
-- job's start, a running one's lease, a challenge's end, a retry's time.
CREATE TABLE jobs (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  connection_n INTEGER NOT NULL REFERENCES connections(n),
  user_n INTEGER NOT NULL,
  institution_n INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 7),
  label INTEGER NOT NULL CHECK (label BETWEEN 0 AND 2),
  open INTEGER NOT NULL CHECK (open = (state < 5)),
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  ended INTEGER,
  attempt INTEGER NOT NULL DEFAULT 0,
  due INTEGER,
  epoch INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  deaths INTEGER NOT NULL DEFAULT 0,
  authorised INTEGER NOT NULL DEFAULT 0,
  step TEXT NOT NULL,
  code TEXT,
  steps TEXT NOT NULL,
  challenge TEXT,
  actor TEXT NOT NULL,
  tail TEXT GENERATED ALWAYS AS (substr(id, -1, 1) || substr(id, -2, 1) || substr(id, -3, 1)
    || substr(id, -4, 1) || substr(id, -5, 1) || substr(id, -6, 1)) VIRTUAL,
  CHECK ((ended IS NULL) = (state < 5))
) STRICT;
CREATE INDEX jobs_connection ON jobs (connection_n, created, n);
CREATE INDEX jobs_created ON jobs (created, n);
CREATE INDEX jobs_tail ON jobs (tail);
CREATE INDEX jobs_code ON jobs (code, created, n, connection_n) WHERE code IS NOT NULL;
CREATE INDEX jobs_failed ON jobs (created, n) WHERE label = 2;
CREATE INDEX jobs_outcomes ON jobs (institution_n, created, label, code) WHERE open = 0 AND kind <= 2;
CREATE INDEX jobs_open ON jobs (state, institution_n, due, n, connection_n) WHERE open = 1;
CREATE INDEX jobs_due ON jobs (due) WHERE open = 1 AND due IS NOT NULL;
CREATE UNIQUE INDEX jobs_one_fetch ON jobs (connection_n) WHERE open = 1 AND kind <= 2;
CREATE UNIQUE INDEX jobs_one_purge ON jobs (user_n, institution_n) WHERE open = 1 AND kind = 3;

-- What a job holds that nobody may read: the user's answers, sealed, until the bank was told.
CREATE TABLE job_answers (
  job_n INTEGER PRIMARY KEY REFERENCES jobs(n),
  sealed BLOB NOT NULL
) STRICT;

-- History: the change feed. Ids and counts, nothing personal. Written in the transaction of the change.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  entity TEXT NOT NULL,
  type TEXT NOT NULL,
  user_id TEXT,
  connection_id TEXT,
  job_id TEXT,
  count INTEGER,
  actor TEXT NOT NULL
) STRICT;

-- History: who did, was refused, or looked at what. Each line carries a keyed digest of itself and the
-- line before. Nothing personal.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  face TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  mac BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;

-- Observed: processes that run jobs, by their own word.
CREATE TABLE workers (
  id TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  face TEXT NOT NULL,
  started INTEGER NOT NULL,
  beat INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Imported documents that refer to something not in this file yet, sealed, until it comes.
CREATE TABLE waiting (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  missing TEXT NOT NULL,
  user_id TEXT,
  institution_id TEXT,
  at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
