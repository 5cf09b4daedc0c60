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
