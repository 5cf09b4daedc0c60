-- Who executes for a connection: 0 the banks of the sandbox, 1 a platform, 2 nobody here, because it came by an import.
ALTER TABLE connections ADD COLUMN origin INTEGER NOT NULL DEFAULT 0 CHECK (origin BETWEEN 0 AND 2);

-- Every version wrote an event for a connection that an import brought: made by whoever imported, and with no job.
-- The event of `connect` and of a migration names their first job; events of a generated world have no actor. So the
-- event decides. Credentials and jobs do not: an imported connection may have been given a password or refreshed,
-- and a made-up one may have neither.
UPDATE connections SET origin = 2 WHERE id IN (
  SELECT connection_id FROM events
  WHERE entity = 'connection' AND type = 'created' AND job_id IS NULL AND actor <> ''
);
CREATE INDEX connections_imported ON connections (urgency, recency, n) WHERE origin = 2;

-- What is due without anybody asking is due for connections of the sandbox only.
DROP INDEX connections_turn;
CREATE INDEX connections_turn ON connections (institution_n, turn, n)
  WHERE status = 3 AND mfa_enabled = 0 AND origin = 0;
DROP INDEX connections_lapsing;
CREATE INDEX connections_lapsing ON connections (expiry, n) WHERE expiry IS NOT NULL AND status = 3 AND origin = 0;

-- What an act found, and what it left: the status of the connection and how much was stored. Both are in the digest of
-- the line. Lines of earlier versions have neither, and their digests stay as they are.
ALTER TABLE audit ADD COLUMN was TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN became TEXT NOT NULL DEFAULT '';

-- Observed: keyed digests of the whole phones and emails in a profile, by which its connection is found. They go with
-- the profile, however that goes. Profiles from before have none until they are fetched again.
CREATE TABLE profile_contacts (
  digest BLOB NOT NULL,
  connection_n INTEGER NOT NULL REFERENCES profiles(connection_n) ON DELETE CASCADE,
  PRIMARY KEY (digest, connection_n)
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_contacts_connection ON profile_contacts (connection_n);
