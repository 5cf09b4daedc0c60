-- Keys of the role that also ends consents, and erases and deletes users.

CREATE TABLE api_keys_with_four_roles (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 3),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  created INTEGER NOT NULL,
  expires INTEGER,
  revoked INTEGER
) STRICT;
INSERT INTO api_keys_with_four_roles SELECT n, id, name, role, digest, created, expires, revoked FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE api_keys_with_four_roles RENAME TO api_keys;
CREATE UNIQUE INDEX api_keys_name ON api_keys (name) WHERE revoked IS NULL;
