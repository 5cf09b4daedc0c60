-- Observed: the values that a deletion destroys, written down before it destroys anything and sealed under a key of
-- their own, in a slot of the key file. The row goes when they were searched for and not found; when a search failed
-- (`failed`), it stays until a later deletion of the same data has taken its values over (`taken_by`) and proven that
-- they are gone. `id` is that of the job or the workflow; without a bank it is about all of a user. An empty list has
-- served; its key is destroyed next.
CREATE TABLE search_lists (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  institution_id TEXT,
  slot INTEGER NOT NULL UNIQUE,
  stored INTEGER NOT NULL CHECK (stored >= 0),
  short INTEGER NOT NULL CHECK (short >= 0),
  unreadable INTEGER NOT NULL CHECK (unreadable >= 0),
  failed INTEGER NOT NULL CHECK (failed IN (0, 1)),
  taken_by TEXT,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX search_lists_user ON search_lists (user_id);

-- What an imported document that waits names, so that a purge finds it without a link to its user. `owned` says
-- whether this and its owner were read from it by the rule of this version.
ALTER TABLE waiting ADD COLUMN connection_id TEXT;
ALTER TABLE waiting ADD COLUMN account_id TEXT;
ALTER TABLE waiting ADD COLUMN owned INTEGER NOT NULL DEFAULT 0 CHECK (owned IN (0, 1));
CREATE INDEX waiting_connection ON waiting (connection_id) WHERE connection_id IS NOT NULL;
CREATE INDEX waiting_account ON waiting (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX waiting_unowned ON waiting (kind, id) WHERE owned = 0;
