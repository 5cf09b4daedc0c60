-- What an act found, and what it left: the status of the connection and how much was stored. Both are in the digest of
-- the line. Lines of earlier versions have neither, and their digests stay as they are.
ALTER TABLE audit ADD COLUMN was TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN became TEXT NOT NULL DEFAULT '';
