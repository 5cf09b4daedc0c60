-- Posts of the HTTP API that came with an idempotency key, for a day, so that one that is sent again is done once.

-- Declared: one such request. `digest` is keyed, of the key of the client and of whoever sent it; `content` is that of
-- what was asked for. Whoever answers it holds a lease, numbered by `epoch`. `action` and `target` are those of the first
-- line in the audit that it led to, written in the same transaction. The answer is kept where it holds nothing personal.
CREATE TABLE requests (
  n INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  content BLOB NOT NULL CHECK (length(content) = 32),
  began INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  lease INTEGER NOT NULL,
  action TEXT,
  target TEXT,
  status INTEGER,
  answer TEXT,
  CHECK ((action IS NULL) = (target IS NULL))
) STRICT;
CREATE INDEX requests_began ON requests (began);

-- How many jobs there are of each kind in each state; kept, so that nobody counts them.
CREATE TABLE job_counts (
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (kind, state)
) STRICT, WITHOUT ROWID;
INSERT INTO job_counts SELECT kind, state, count(*) FROM jobs GROUP BY kind, state;
CREATE TRIGGER jobs_counted_in AFTER INSERT ON jobs BEGIN
  INSERT INTO job_counts VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER jobs_counted_out AFTER DELETE ON jobs BEGIN
  UPDATE job_counts SET value = value - 1 WHERE kind = old.kind AND state = old.state;
END;
CREATE TRIGGER jobs_counted_over AFTER UPDATE OF state ON jobs WHEN old.state <> new.state BEGIN
  UPDATE job_counts SET value = value - 1 WHERE kind = old.kind AND state = old.state;
  INSERT INTO job_counts VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET value = value + 1;
END;
