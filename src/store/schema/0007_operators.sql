-- What operators hold back, take over and write down, so that several of them can work on one file.

-- Declared: no refresh, retry or background turn begins at this bank, or for these connections, until `ends`. A hold
-- that was released ended then. The reason holds nothing personal, like that of the audit.
CREATE TABLE holds (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  institution_n INTEGER REFERENCES institutions(n),
  connections INTEGER NOT NULL CHECK (connections >= 0),
  made INTEGER NOT NULL,
  until INTEGER NOT NULL CHECK (until > made),
  ends INTEGER NOT NULL CHECK (ends <= until),
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  released TEXT,
  tail TEXT GENERATED ALWAYS AS (substr(id, -1, 1) || substr(id, -2, 1) || substr(id, -3, 1)
    || substr(id, -4, 1) || substr(id, -5, 1) || substr(id, -6, 1)) VIRTUAL,
  CHECK ((institution_n IS NULL) = (connections > 0))
) STRICT;
CREATE INDEX holds_bank ON holds (institution_n, ends) WHERE institution_n IS NOT NULL;
CREATE INDEX holds_ends ON holds (ends, n);
CREATE INDEX holds_tail ON holds (tail);
CREATE TABLE held_connections (
  connection_n INTEGER NOT NULL REFERENCES connections(n) ON DELETE CASCADE,
  hold_n INTEGER NOT NULL REFERENCES holds(n),
  PRIMARY KEY (connection_n, hold_n)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_connections_hold ON held_connections (hold_n, connection_n);

-- Who wants a job or a workflow cancelled that had begun: whoever runs it ends the step that runs and goes no further.
ALTER TABLE jobs ADD COLUMN cancelled_by TEXT;
ALTER TABLE plans ADD COLUMN cancelled_by TEXT;

-- Declared: what operators wrote about a connection, sealed and bound to it, its user and its bank. A note may name
-- people, so it goes with the data: by a purge, an erasure, an end of consent, or with its user. A revoke keeps it.
CREATE TABLE notes (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  connection_n INTEGER NOT NULL REFERENCES connections(n),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX notes_connection ON notes (connection_n, at, n);

-- Declared: who has taken a connection on, since when; until when nobody is told of it, which ends early when its
-- status changes; and when its user was last asked to act.
ALTER TABLE connections ADD COLUMN taken_by TEXT;
ALTER TABLE connections ADD COLUMN taken INTEGER;
ALTER TABLE connections ADD COLUMN snoozed INTEGER;
ALTER TABLE connections ADD COLUMN asked INTEGER;
CREATE INDEX connections_snoozed ON connections (snoozed, n) WHERE snoozed IS NOT NULL;

-- What happened to one connection, in order.
CREATE INDEX audit_target ON audit (target, seq);
CREATE INDEX events_connection ON events (connection_id, seq) WHERE connection_id IS NOT NULL;
