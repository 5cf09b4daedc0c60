-- A platform that this file mirrors, and the acts that are carried out there. No row here holds anything personal.

-- Declared and observed: the platform. There is at most one, and the file stays its mirror after signing out. Key and
-- token are sealed under the master key; both are gone while nobody is signed in.
CREATE TABLE live_platform (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  address TEXT NOT NULL,
  sealed_key BLOB,
  signed_in INTEGER,
  token BLOB,
  token_ends INTEGER,
  -- the calls that the key may not make, as words with blanks between them
  lacks TEXT NOT NULL,
  -- one budget of calls for all processes: calls in a thousand seconds, when the next one may be made, and until when
  -- none is made because the platform said so
  rate INTEGER NOT NULL,
  free_at INTEGER NOT NULL,
  slowed INTEGER,
  -- when it last answered, since when it does not, how that shows, and when it is asked again
  heard INTEGER,
  trouble INTEGER,
  troubled INTEGER,
  trouble_text TEXT NOT NULL DEFAULT '',
  next_try INTEGER,
  events_read INTEGER,
  connectors_read INTEGER,
  -- documents of it that could not be taken in
  spoiled INTEGER NOT NULL DEFAULT 0,
  -- the process that reads and sends, and how long it is trusted
  leader TEXT,
  leader_until INTEGER
) STRICT;

-- Declared: whose connections are mirrored. `looked`: when connections and jobs were read as a whole; `known`: when
-- consents and the user's record were; `stale`: since when something is known to have changed.
CREATE TABLE live_users (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  added INTEGER NOT NULL,
  looked INTEGER,
  known INTEGER,
  stale INTEGER,
  gone INTEGER,
  trouble TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX live_users_looked ON live_users (looked, n) WHERE gone IS NULL;
CREATE INDEX live_users_known ON live_users (known, n) WHERE gone IS NULL;
CREATE INDEX live_users_stale ON live_users (stale, n) WHERE stale IS NOT NULL;

-- Observed: jobs that the platform runs, and when they are looked at again.
CREATE TABLE live_jobs (
  job_id TEXT PRIMARY KEY,
  next INTEGER NOT NULL,
  tries INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX live_jobs_next ON live_jobs (next);

-- Observed: events that were read, so that one is acted on once.
CREATE TABLE live_events (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX live_events_at ON live_events (at);

-- Observed: when the details of a connection were read: profile, accounts, how many transactions. `wanted`: since when
-- a person waits for them.
CREATE TABLE live_details (
  connection_id TEXT PRIMARY KEY,
  read INTEGER,
  wanted INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX live_details_wanted ON live_details (wanted) WHERE wanted IS NOT NULL;

-- Durable: what is to be done at the platform. A row is committed before its call is made. `job_id` is the job in this
-- file, `remote_job` the platform's. `epoch` rises each time a process sends it, so that a late answer writes nothing.
CREATE TABLE outbox (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  act INTEGER NOT NULL CHECK (act BETWEEN 0 AND 3),
  connection_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  institution_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  remote_job TEXT,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
  made INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  due INTEGER,
  sent INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 0,
  status INTEGER,
  correlation TEXT NOT NULL DEFAULT '',
  said TEXT NOT NULL DEFAULT '',
  before TEXT NOT NULL DEFAULT '',
  after TEXT NOT NULL DEFAULT '',
  actor TEXT NOT NULL,
  face TEXT NOT NULL,
  reason TEXT NOT NULL,
  CHECK ((due IS NULL) = (state IN (2, 3)))
) STRICT;
CREATE INDEX outbox_due ON outbox (due, n) WHERE due IS NOT NULL;
CREATE INDEX outbox_job ON outbox (job_id);
CREATE UNIQUE INDEX outbox_one_open ON outbox (connection_id, act) WHERE due IS NOT NULL;
CREATE INDEX connections_live ON connections (n) WHERE origin = 1;
