-- The whole domain: sign-ins that were refused, consents and auth links, plans and sequences that outlive
-- their process, certificates, measured connectors, and the turns of background refreshing.

-- Observed: how often in a row a bank refused one sign-in, by the digest of its credentials. The row goes
-- when the bank accepts it. `refused` in connections is the same figure, so that a row of the list shows it;
-- `guarded` says whether it had reached the limit of whoever wrote it.
CREATE TABLE sign_ins (
  institution_n INTEGER NOT NULL REFERENCES institutions(n),
  digest BLOB NOT NULL,
  refused INTEGER NOT NULL CHECK (refused > 0),
  guarded INTEGER NOT NULL CHECK (guarded IN (0, 1)),
  last INTEGER NOT NULL,
  PRIMARY KEY (institution_n, digest)
) STRICT, WITHOUT ROWID;
ALTER TABLE connections ADD COLUMN refused INTEGER NOT NULL DEFAULT 0 CHECK (refused >= 0);
ALTER TABLE connections ADD COLUMN guarded INTEGER NOT NULL DEFAULT 0 CHECK (guarded IN (0, 1));
CREATE INDEX connections_guarded ON connections (n) WHERE guarded = 1;

-- A connection's own place in the round of background refreshing, in millionths of a round; spread evenly.
ALTER TABLE connections ADD COLUMN turn INTEGER GENERATED ALWAYS AS ((n * 618033) % 1000000) VIRTUAL;
CREATE INDEX connections_turn ON connections (institution_n, turn, n) WHERE status = 3 AND mfa_enabled = 0;

-- History: up to which moment background refreshing has seen to a bank; of the turns at this very moment, up
-- to which connection's number. None when all of them are over.
CREATE TABLE cache_rounds (
  institution_n INTEGER PRIMARY KEY REFERENCES institutions(n),
  through INTEGER NOT NULL,
  connection_n INTEGER
) STRICT;
CREATE INDEX jobs_background ON jobs (institution_n, state) WHERE open = 1 AND actor = 'smart-cache';

-- Active arrangements by their end, so that those that have ended are found without looking at the others.
CREATE INDEX connections_lapsing ON connections (expiry, n) WHERE expiry IS NOT NULL AND status = 3;

-- A job that was asked for although refused sign-ins speak against it; and the way it takes, so that the two
-- ways to a bank are measured apart.
ALTER TABLE jobs ADD COLUMN forced INTEGER NOT NULL DEFAULT 0 CHECK (forced IN (0, 1));
ALTER TABLE jobs ADD COLUMN method INTEGER NOT NULL DEFAULT 0 CHECK (method IN (0, 1));
UPDATE jobs SET method = 1 WHERE connection_n IN (SELECT n FROM connections WHERE method = 1);
DROP INDEX jobs_outcomes;
CREATE INDEX jobs_outcomes ON jobs (institution_n, method, created, label, code, step) WHERE open = 0 AND kind <= 2;

-- Observed: how long the steps took, from our own jobs; JSON, with when it was computed.
ALTER TABLE connectors ADD COLUMN stats TEXT;
ALTER TABLE connectors ADD COLUMN measured INTEGER;

-- Declared: what the app keeps of a user beside names and contact, sealed under the master key.
ALTER TABLE users ADD COLUMN business BLOB;
ALTER TABLE users ADD COLUMN updated INTEGER;

-- Stored accounts of a whole bank, and what happened to one user or of one type, in order.
CREATE INDEX accounts_institution ON accounts (institution_n, n);
CREATE INDEX events_user ON events (user_id, seq) WHERE user_id IS NOT NULL;
CREATE INDEX events_kind ON events (entity, type, seq);

-- Declared: a user's recorded permission. At most one is active; its end ends every connection of the user
-- and deletes what was fetched under it.
CREATE TABLE consents (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  user_n INTEGER NOT NULL REFERENCES users(n),
  status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 2),
  origin TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  expiry INTEGER NOT NULL,
  revoked INTEGER,
  purpose TEXT NOT NULL,
  retain INTEGER NOT NULL CHECK (retain IN (0, 1)),
  retrieval_days INTEGER NOT NULL CHECK (retrieval_days >= 0),
  permissions TEXT NOT NULL,
  warned INTEGER,
  reminded INTEGER,
  tail TEXT GENERATED ALWAYS AS (substr(id, -1, 1) || substr(id, -2, 1) || substr(id, -3, 1)
    || substr(id, -4, 1) || substr(id, -5, 1) || substr(id, -6, 1)) VIRTUAL,
  CHECK ((status = 1) = (revoked IS NOT NULL))
) STRICT;
CREATE INDEX consents_user ON consents (user_n, created, n);
CREATE UNIQUE INDEX consents_one ON consents (user_n) WHERE status = 0;
CREATE INDEX consents_ending ON consents (expiry, n) WHERE status = 0;
CREATE INDEX consents_unwarned ON consents (expiry, n) WHERE status = 0 AND warned IS NULL;
CREATE INDEX consents_quiet ON consents (updated, n) WHERE status = 0 AND reminded IS NULL;
CREATE INDEX consents_tail ON consents (tail);

-- Declared: the one link a user may have to the hosted flow; the mobile it was sent to is sealed.
CREATE TABLE auth_links (
  user_n INTEGER PRIMARY KEY REFERENCES users(n),
  id TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  mobile BLOB NOT NULL
) STRICT;

-- Declared: what somebody meant to do to several connections, frozen when it was counted; and what came of
-- each, kept.
CREATE TABLE plans (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  action TEXT NOT NULL,
  forced INTEGER NOT NULL CHECK (forced IN (0, 1)),
  forced_sign_in INTEGER NOT NULL CHECK (forced_sign_in IN (0, 1)),
  made INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  actor TEXT NOT NULL,
  items INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  takes INTEGER NOT NULL,
  applied INTEGER,
  finished INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  tail TEXT GENERATED ALWAYS AS (substr(id, -1, 1) || substr(id, -2, 1) || substr(id, -3, 1)
    || substr(id, -4, 1) || substr(id, -5, 1) || substr(id, -6, 1)) VIRTUAL
) STRICT;
CREATE INDEX plans_made ON plans (made, n);
CREATE INDEX plans_tail ON plans (tail);

CREATE TABLE plan_items (
  plan_n INTEGER NOT NULL REFERENCES plans(n),
  place INTEGER NOT NULL,
  connection_id TEXT NOT NULL,
  planned TEXT NOT NULL,
  reason TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  accounts INTEGER NOT NULL,
  transactions INTEGER NOT NULL,
  profiles INTEGER NOT NULL,
  within INTEGER,
  outcome TEXT,
  why TEXT NOT NULL DEFAULT '',
  job_id TEXT,
  PRIMARY KEY (plan_n, place)
) STRICT, WITHOUT ROWID;

-- Durable work of several acts in an order (moving a connection, erasing a user, ending a consent): each
-- act is taken up again by whoever comes after a crash. At most one is open per user.
CREATE TABLE sequences (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),
  user_id TEXT NOT NULL,
  connection_id TEXT,
  institution_id TEXT,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  ended INTEGER,
  steps TEXT NOT NULL,
  result TEXT NOT NULL DEFAULT '',
  epoch INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  lease INTEGER,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  tail TEXT GENERATED ALWAYS AS (substr(id, -1, 1) || substr(id, -2, 1) || substr(id, -3, 1)
    || substr(id, -4, 1) || substr(id, -5, 1) || substr(id, -6, 1)) VIRTUAL,
  CHECK ((ended IS NULL) = (open = 1))
) STRICT;
CREATE UNIQUE INDEX sequences_one ON sequences (user_id) WHERE open = 1;
CREATE INDEX sequences_created ON sequences (created, n);
CREATE INDEX sequences_tail ON sequences (tail);

-- History: the proof that data has gone, by the id of the job or the sequence that deleted it: figures and
-- ids, nothing personal. Until that is proven a row is a draft, which remembers what was there before; then it
-- has a keyed digest of its text.
CREATE TABLE certificates (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  document TEXT NOT NULL,
  mac BLOB CHECK (mac IS NULL OR length(mac) = 32)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificates_user ON certificates (user_id, at);

-- What an import keeps of a user is found when that user goes.
CREATE INDEX waiting_owner ON waiting (user_id) WHERE user_id IS NOT NULL;
