-- The list of connections by who has to act next, and what a row of it says of the last fetches.

-- Derived: who has to act next (0 us, 1 the bank, 2 the user, 3 nobody while it goes on by itself, 4 nobody); the moment
-- from which on that has to be judged again although nothing is written, 0 when something was written since it was
-- judged; and how the last fetches ended, at most seven, as states of jobs, the newest last. The program judges what
-- was written at the end of the transaction that wrote it (store/connections/judged.rs).
ALTER TABLE connections ADD COLUMN mover INTEGER NOT NULL DEFAULT 4 CHECK (mover BETWEEN 0 AND 4);
ALTER TABLE connections ADD COLUMN judge_at INTEGER DEFAULT 0;
ALTER TABLE connections ADD COLUMN runs TEXT NOT NULL DEFAULT '' CHECK (length(runs) <= 7);

-- The order of the list begins with the mover; also within one label, and of what was imported or never used.
DROP INDEX connections_urgency;
CREATE INDEX connections_mover ON connections (mover, urgency, recency, n);
DROP INDEX connections_label;
CREATE INDEX connections_label ON connections (label, mover, urgency, recency, n);
DROP INDEX connections_imported;
CREATE INDEX connections_imported ON connections (mover, urgency, recency, n) WHERE origin = 2;
DROP INDEX connections_unused;
CREATE INDEX connections_unused ON connections (mover, urgency, recency, n) WHERE last_used <= created;
CREATE INDEX connections_judged ON connections (judge_at) WHERE judge_at IS NOT NULL;
CREATE INDEX connections_since ON connections (since, n);

-- Kept by triggers: how many connections each has to act on. It takes the place of the counter of attention.
CREATE TABLE mover_counts (
  mover INTEGER PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO mover_counts VALUES (0,0),(1,0),(2,0),(3,0),(4,0);
UPDATE mover_counts SET value = (SELECT count(*) FROM connections) WHERE mover = 4;
DELETE FROM counters WHERE name = 'attention';

DROP TRIGGER connections_counted_in;
CREATE TRIGGER connections_counted_in AFTER INSERT ON connections BEGIN
  UPDATE connection_counts SET value = value + 1 WHERE label = new.label;
  UPDATE mover_counts SET value = value + 1 WHERE mover = new.mover;
END;
DROP TRIGGER connections_counted_out;
CREATE TRIGGER connections_counted_out AFTER DELETE ON connections BEGIN
  UPDATE connection_counts SET value = value - 1 WHERE label = old.label;
  UPDATE mover_counts SET value = value - 1 WHERE mover = old.mover;
END;
DROP TRIGGER connections_counted_over;
CREATE TRIGGER connections_counted_over AFTER UPDATE OF label ON connections WHEN old.label <> new.label BEGIN
  UPDATE connection_counts SET value = value - 1 WHERE label = old.label;
  UPDATE connection_counts SET value = value + 1 WHERE label = new.label;
END;
CREATE TRIGGER connections_moved AFTER UPDATE OF mover ON connections WHEN old.mover <> new.mover BEGIN
  UPDATE mover_counts SET value = value - 1 WHERE mover = old.mover;
  UPDATE mover_counts SET value = value + 1 WHERE mover = new.mover;
END;

-- What the judgement is made from was written.
CREATE TRIGGER connections_unjudged AFTER UPDATE OF label, expiry, guarded, snoozed, job_n ON connections
WHEN new.judge_at IS NOT 0 BEGIN
  UPDATE connections SET judge_at = 0 WHERE n = new.n;
END;
CREATE TRIGGER jobs_unjudged AFTER UPDATE OF state, due, code, step ON jobs BEGIN
  UPDATE connections SET judge_at = 0 WHERE n = new.connection_n AND judge_at IS NOT 0;
END;
CREATE TRIGGER jobs_unjudged_in AFTER INSERT ON jobs BEGIN
  UPDATE connections SET judge_at = 0 WHERE n = new.connection_n AND judge_at IS NOT 0;
END;
