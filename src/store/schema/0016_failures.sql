-- Failures are found at any size without reading what has nothing to do with them. A statement has to repeat the conditions
-- of an index, or SQLite does not use it.

-- `first-failed`: connections that do not work, by since when, and those whose fetch is tried again, by when it was made.
CREATE INDEX connections_broken ON connections (since, n) WHERE label IN (1, 2);
CREATE INDEX connections_retried ON connections (job_recency, n)
  WHERE job_code IS NOT NULL AND job_state IN (0, 2, 1, 3, 4) AND job_kind <= 2;

-- Incidents: the fetches at a bank that failed lately and are tried again.
CREATE INDEX jobs_retried ON jobs (institution_n, method, updated)
  WHERE open = 1 AND state = 4 AND kind <= 2 AND code IS NOT NULL;
