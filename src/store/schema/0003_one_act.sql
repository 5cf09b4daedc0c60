-- One table of plans and one of their steps, for every act: on several connections, where the steps are
-- independent, and workflows (moves, erasures, ends of consents, deletions of users), whose steps are done in
-- order under a lease. They take the place of plans, plan_items and sequences.

DROP INDEX plans_made;
DROP INDEX plans_tail;
ALTER TABLE plans RENAME TO old_plans;

-- Declared: what somebody means to do, frozen when it was counted; and how far it is, kept for good.
CREATE TABLE plans (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  workflow INTEGER NOT NULL CHECK (workflow IN (0, 1)),
  forced INTEGER NOT NULL CHECK (forced IN (0, 1)),
  forced_sign_in INTEGER NOT NULL CHECK (forced_sign_in IN (0, 1)),
  made INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  expires INTEGER,
  applied INTEGER,
  finished INTEGER,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  user_id TEXT,
  connection_id TEXT,
  institution_id TEXT,
  size INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  takes INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  owner TEXT,
  lease INTEGER,
  result TEXT NOT NULL,
  tail TEXT GENERATED ALWAYS AS (substr(id, -1, 1) || substr(id, -2, 1) || substr(id, -3, 1)
    || substr(id, -4, 1) || substr(id, -5, 1) || substr(id, -6, 1)) VIRTUAL,
  CHECK (workflow = 0 OR user_id IS NOT NULL)
) STRICT;

-- What was counted for each step, and what came of it. A pin is a value that must be the same when the step is
-- done; it is null where the step does not depend on it.
CREATE TABLE plan_steps (
  plan_n INTEGER NOT NULL REFERENCES plans(n),
  place INTEGER NOT NULL,
  act TEXT NOT NULL,
  target TEXT NOT NULL,
  planned TEXT NOT NULL,
  reason TEXT NOT NULL,
  pin_status TEXT,
  pin_accounts INTEGER,
  pin_transactions INTEGER,
  pin_profiles INTEGER,
  pin_last_contact INTEGER,
  accounts INTEGER NOT NULL,
  transactions INTEGER NOT NULL,
  profiles INTEGER NOT NULL,
  within INTEGER,
  outcome TEXT,
  why TEXT NOT NULL,
  job_id TEXT,
  ended INTEGER,
  PRIMARY KEY (plan_n, place)
) STRICT, WITHOUT ROWID;

INSERT INTO plans (id, kind, workflow, forced, forced_sign_in, made, updated, expires, applied, finished, actor,
  reason, size, runs, takes, epoch, result)
SELECT id, action, 0, forced, forced_sign_in, made, coalesce(finished, applied, made), expires, applied, finished,
  actor, reason, items, runs, takes, 0, ''
FROM old_plans ORDER BY n;

-- The counted values stood in one text, joined by '-', the status first; it may hold that sign itself, so the
-- numbers are cut off from the right: purge status-accounts-transactions-profiles, revoke
-- status-accounts-transactions, refresh status-last_contact. An item that never would run may have none.
WITH cut3 AS (
  SELECT i.*, p.action, q.n AS new_n, rtrim(i.fingerprint, '0123456789') AS left1
  FROM plan_items i JOIN old_plans p ON p.n = i.plan_n JOIN plans q ON q.id = p.id
), cut2 AS (
  SELECT *, substr(fingerprint, length(left1) + 1) AS last1, substr(left1, 1, length(left1) - 1) AS rest1,
    rtrim(substr(left1, 1, length(left1) - 1), '0123456789') AS left2 FROM cut3
), cut1 AS (
  SELECT *, substr(rest1, length(left2) + 1) AS last2, substr(left2, 1, length(left2) - 1) AS rest2,
    rtrim(substr(left2, 1, length(left2) - 1), '0123456789') AS left3 FROM cut2
), cut AS (
  SELECT *, substr(rest2, length(left3) + 1) AS last3, substr(left3, 1, length(left3) - 1) AS rest3 FROM cut1
)
INSERT INTO plan_steps (plan_n, place, act, target, planned, reason, pin_status, pin_accounts, pin_transactions,
  pin_profiles, pin_last_contact, accounts, transactions, profiles, within, outcome, why, job_id)
SELECT new_n, place, action, connection_id, planned, reason,
  CASE WHEN fingerprint <> '' THEN
    CASE action WHEN 'purge' THEN rest3 WHEN 'revoke' THEN rest2 ELSE rest1 END END,
  CASE WHEN fingerprint <> '' THEN
    CASE action WHEN 'purge' THEN CAST(last3 AS INTEGER) WHEN 'revoke' THEN CAST(last2 AS INTEGER) END END,
  CASE WHEN fingerprint <> '' THEN
    CASE action WHEN 'purge' THEN CAST(last2 AS INTEGER) WHEN 'revoke' THEN CAST(last1 AS INTEGER) END END,
  CASE WHEN fingerprint <> '' AND action = 'purge' THEN CAST(last1 AS INTEGER) END,
  CASE WHEN fingerprint <> '' AND action = 'refresh' THEN CAST(last1 AS INTEGER) END,
  accounts, transactions, profiles, within, outcome, why, job_id
FROM cut;

INSERT INTO plans (id, kind, workflow, forced, forced_sign_in, made, updated, applied, finished, actor, reason,
  user_id, connection_id, institution_id, size, runs, takes, epoch, owner, lease, result)
SELECT id, CASE kind WHEN 0 THEN 'migrate' WHEN 1 THEN 'erase' WHEN 2 THEN 'end-consent' ELSE 'delete-user' END,
  1, 0, 0, created, updated, created, ended, actor, reason, user_id, connection_id, institution_id,
  json_array_length(steps), json_array_length(steps), 0, epoch, owner, lease, result
FROM sequences ORDER BY n;

-- Each step was an array: act, target, status, end, job, note.
INSERT INTO plan_steps (plan_n, place, act, target, planned, reason, accounts, transactions, profiles, outcome, why,
  job_id, ended)
SELECT q.n, step.key, step.value ->> 0, step.value ->> 1, 'would-run', '', 0, 0, 0,
  CASE step.value ->> 2 WHEN 'success' THEN 'done' WHEN 'failed' THEN 'failed' END,
  coalesce(step.value ->> 5, ''), step.value ->> 4, step.value ->> 3
FROM sequences s JOIN plans q ON q.id = s.id JOIN json_each(s.steps) step;

-- The lists walk plans or workflows in the order in which they were made; a user has at most one open workflow.
CREATE INDEX plans_made ON plans (workflow, made, n);
CREATE INDEX plans_tail ON plans (tail);
CREATE UNIQUE INDEX plans_open_workflow ON plans (user_id) WHERE workflow = 1 AND finished IS NULL;

DROP TABLE plan_items;
DROP TABLE old_plans;
DROP TABLE sequences;

-- Jobs that a person asked for, not an import or background refreshing: the filter `is:mine` begins with them.
CREATE INDEX jobs_asked ON jobs (actor, created, n, connection_n) WHERE actor <> '' AND actor <> 'smart-cache';
