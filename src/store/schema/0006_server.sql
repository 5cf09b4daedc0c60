-- The HTTP API.

-- Declared: who may ask over HTTP. Of a key only a keyed digest is kept; `id` is the part of it that finds the row. The
-- name of a key that is not revoked is its own; the audit names it.
CREATE TABLE api_keys (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 2),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  created INTEGER NOT NULL,
  expires INTEGER,
  revoked INTEGER
) STRICT;
CREATE UNIQUE INDEX api_keys_name ON api_keys (name) WHERE revoked IS NULL;
