-- Webhooks: who is told of events, and the messages that tell them.

-- Declared: where messages about events go. The secret that signs them is sealed and bound to the row. `told` is the
-- place of the last event that was looked at for it; `base` is what the links in its messages begin with. Status 0
-- delivers; 1 was disabled after a message failed at its last attempt, until the webhook is changed. Of the processes
-- that deliver, one at a time holds the lease; `epoch` is the number of that hold.
CREATE TABLE webhooks (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  url TEXT NOT NULL UNIQUE,
  base TEXT NOT NULL,
  events TEXT NOT NULL,
  status INTEGER NOT NULL CHECK (status IN (0, 1)),
  secret BLOB NOT NULL,
  created INTEGER NOT NULL,
  told INTEGER NOT NULL,
  epoch INTEGER NOT NULL DEFAULT 0,
  lease INTEGER
) STRICT;

-- What is sent, or was: one message for an event and a webhook. `entity` is the address of what the event is about,
-- without its beginning. `next` is when it is tried next; a message without it has ended. State 0 waits, 1 was
-- delivered, 2 failed. What a test message says is sealed.
CREATE TABLE webhook_messages (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  webhook_n INTEGER NOT NULL REFERENCES webhooks(n) ON DELETE CASCADE,
  event_type TEXT NOT NULL,
  event_id TEXT NOT NULL,
  entity TEXT NOT NULL,
  said BLOB,
  created INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  next INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  CHECK ((state = 0) = (next IS NOT NULL))
) STRICT;
CREATE INDEX webhook_messages_next ON webhook_messages (webhook_n, next, n) WHERE next IS NOT NULL;
CREATE INDEX webhook_messages_newest ON webhook_messages (webhook_n, created, n);
CREATE INDEX webhook_messages_created ON webhook_messages (created);

-- History: one attempt to deliver a message. `status` is that of the answer; none when there was none, and then
-- `answer` says why.
CREATE TABLE webhook_attempts (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  message_n INTEGER NOT NULL REFERENCES webhook_messages(n) ON DELETE CASCADE,
  url TEXT NOT NULL,
  at INTEGER NOT NULL,
  took INTEGER NOT NULL,
  status INTEGER,
  answer TEXT NOT NULL
) STRICT;
CREATE INDEX webhook_attempts_message ON webhook_attempts (message_n, n);

-- The newest events of all users.
CREATE INDEX events_at ON events (at, seq);
