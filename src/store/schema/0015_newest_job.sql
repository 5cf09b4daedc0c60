-- Filters on the newest job and on counts of a connection are answered by an index at any size.

-- Derived: how the newest job of the connection stands, so that a filter reads one row. Kept by the triggers below.
ALTER TABLE connections ADD COLUMN job_kind INTEGER;
ALTER TABLE connections ADD COLUMN job_state INTEGER;
ALTER TABLE connections ADD COLUMN job_label INTEGER;
ALTER TABLE connections ADD COLUMN job_attempt INTEGER;
ALTER TABLE connections ADD COLUMN job_step TEXT;
ALTER TABLE connections ADD COLUMN job_code TEXT;
UPDATE connections SET (job_kind, job_state, job_label, job_attempt, job_step, job_code) =
  (SELECT kind, state, label, attempt, step, code FROM jobs WHERE n = job_n)
WHERE job_n IS NOT NULL;

CREATE TRIGGER connections_newest_job AFTER UPDATE OF job_n ON connections BEGIN
  UPDATE connections SET (job_kind, job_state, job_label, job_attempt, job_step, job_code) =
    (SELECT kind, state, label, attempt, step, code FROM jobs WHERE n = new.job_n)
  WHERE n = new.n;
END;
CREATE TRIGGER jobs_newest AFTER UPDATE OF kind, state, label, attempt, step, code ON jobs
WHEN (old.kind, old.state, old.label, old.attempt, old.step) <> (new.kind, new.state, new.label, new.attempt, new.step)
  OR old.code IS NOT new.code BEGIN
  UPDATE connections SET job_kind = new.kind, job_state = new.state, job_label = new.label,
    job_attempt = new.attempt, job_step = new.step, job_code = new.code
  WHERE n = new.connection_n AND job_n = new.n;
END;

-- Each leaves out what nearly every connection has (a refresh, succeeded, at its last step, at the first attempt), so that
-- it is small. A statement has to repeat the condition, or SQLite does not use the index.
CREATE INDEX connections_job_code ON connections (job_code) WHERE job_code IS NOT NULL;
CREATE INDEX connections_job_kind ON connections (job_kind) WHERE job_kind <> 1;
CREATE INDEX connections_job_label ON connections (job_label) WHERE job_label <> 1;
CREATE INDEX connections_job_state ON connections (job_state) WHERE job_state <> 5;
CREATE INDEX connections_job_step ON connections (job_step) WHERE job_step <> 'retrieve-transactions';
CREATE INDEX connections_job_attempt ON connections (job_attempt) WHERE job_attempt > 1;
CREATE INDEX connections_jobless ON connections (n) WHERE job_n IS NULL;

CREATE INDEX connections_created ON connections (created, n);
CREATE INDEX connections_accounts ON connections (accounts, n);

-- The same for the history of all jobs.
CREATE INDEX jobs_step ON jobs (step, created, n) WHERE step <> 'retrieve-transactions';
CREATE INDEX jobs_kind ON jobs (kind, created, n) WHERE kind > 2;
CREATE INDEX jobs_institution ON jobs (institution_n, created, n);
