-- More is done at a platform: the end of a consent, and links that its users open there.

-- The outbox knows acts on a connection, a consent or a user: `target` is its id. `job_id` is the job in this file of an
-- act that has one; `workflow` the plan that the act is a step of.
CREATE TABLE outbox_new (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  act INTEGER NOT NULL CHECK (act BETWEEN 0 AND 5),
  target TEXT NOT NULL,
  user_id TEXT NOT NULL,
  institution_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  workflow TEXT,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
  made INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  due INTEGER,
  sent INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 0,
  status INTEGER,
  correlation TEXT NOT NULL DEFAULT '',
  said TEXT NOT NULL DEFAULT '',
  before TEXT NOT NULL DEFAULT '',
  after TEXT NOT NULL DEFAULT '',
  actor TEXT NOT NULL,
  face TEXT NOT NULL,
  reason TEXT NOT NULL,
  CHECK ((due IS NULL) = (state IN (2, 3)))
) STRICT;
INSERT INTO outbox_new (n, id, act, target, user_id, institution_id, job_id, state, made, changed, due, sent, tries, epoch,
    status, correlation, said, before, after, actor, face, reason)
  SELECT n, id, act, connection_id, user_id, institution_id, job_id, state, made, changed, due, sent, tries, epoch,
    status, correlation, said, before, after, actor, face, reason FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due, n) WHERE due IS NOT NULL;
CREATE INDEX outbox_job ON outbox (job_id);
CREATE INDEX outbox_workflow ON outbox (workflow, n) WHERE workflow IS NOT NULL;
CREATE UNIQUE INDEX outbox_one_open ON outbox (target, act) WHERE due IS NOT NULL;
