-- `first-failed` is answered by an index at any size: connections that do not work, by since when, and those whose fetch
-- is tried again, by when it was made. A statement has to repeat the conditions, or SQLite does not use the index.
CREATE INDEX connections_broken ON connections (since, n) WHERE label IN (1, 2);
CREATE INDEX connections_retried ON connections (job_recency, n)
  WHERE job_code IS NOT NULL AND job_state IN (0, 2, 1, 3, 4) AND job_kind <= 2;
