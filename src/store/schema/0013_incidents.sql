-- Incidents: trouble of a bank as our own fetches show it, judged where fetches end (domain/incident.rs).

-- Observed: kept for good. `step` and `code` where all failed alike; `opened` when the rule had seen enough, `last` when
-- the last of them failed. `failed` and `passed` count attempts while it lasted, `connections` those it hit.
CREATE TABLE incidents (
  n INTEGER PRIMARY KEY,
  institution_n INTEGER NOT NULL REFERENCES institutions(n),
  method INTEGER NOT NULL CHECK (method IN (0, 1)),
  step TEXT,
  code TEXT,
  started INTEGER NOT NULL,
  opened INTEGER NOT NULL CHECK (opened >= started),
  last INTEGER NOT NULL CHECK (last >= started),
  ended INTEGER CHECK (ended >= started),
  failed INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  connections INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX incidents_one_open ON incidents (institution_n, method) WHERE ended IS NULL;
CREATE INDEX incidents_way ON incidents (institution_n, method, started);
CREATE INDEX incidents_started ON incidents (started, n);
-- The connections that one hit, and when each first was. It goes with a connection only, when its user is deleted.
CREATE TABLE incident_hits (
  incident_n INTEGER NOT NULL REFERENCES incidents(n),
  connection_n INTEGER NOT NULL REFERENCES connections(n) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  PRIMARY KEY (incident_n, connection_n)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_hits_connection ON incident_hits (connection_n, incident_n);

-- Derived: how the last fetches at a bank by a method went: how many in a row got through, since when, and when enough
-- in a row had.
CREATE TABLE bank_pulse (
  institution_n INTEGER NOT NULL REFERENCES institutions(n),
  method INTEGER NOT NULL CHECK (method IN (0, 1)),
  passed INTEGER NOT NULL,
  began INTEGER,
  works INTEGER,
  PRIMARY KEY (institution_n, method)
) STRICT, WITHOUT ROWID;

-- Derived, with the times of the connector: half of the newest successful fetches took no longer for a step.
CREATE TABLE usual_steps (
  institution_n INTEGER NOT NULL REFERENCES institutions(n),
  method INTEGER NOT NULL CHECK (method IN (0, 1)),
  step TEXT NOT NULL,
  sample INTEGER NOT NULL,
  usual INTEGER NOT NULL,
  PRIMARY KEY (institution_n, method, step)
) STRICT, WITHOUT ROWID;

-- What counts is when a fetch ended, not when it was made.
DROP INDEX jobs_outcomes;
CREATE INDEX jobs_outcomes ON jobs (institution_n, method, ended, label, code, step) WHERE open = 0 AND kind <= 2;

-- What is known of its bank decides whose move it is on a broken connection: those of the bank are judged again.
CREATE TRIGGER incidents_opened AFTER INSERT ON incidents BEGIN
  UPDATE connections SET judge_at = 0
  WHERE institution_n = new.institution_n AND method = new.method AND label IN (1, 2) AND judge_at IS NOT 0;
END;
CREATE TRIGGER incidents_over AFTER UPDATE OF ended ON incidents WHEN old.ended IS NOT new.ended BEGIN
  UPDATE connections SET judge_at = 0
  WHERE institution_n = new.institution_n AND method = new.method AND label IN (1, 2) AND judge_at IS NOT 0;
END;
CREATE TRIGGER banks_work_in AFTER INSERT ON bank_pulse WHEN new.works IS NOT NULL BEGIN
  UPDATE connections SET judge_at = 0
  WHERE institution_n = new.institution_n AND method = new.method AND label IN (1, 2) AND mover = 1
    AND judge_at IS NOT 0;
END;
CREATE TRIGGER banks_work AFTER UPDATE OF works ON bank_pulse WHEN old.works IS NOT new.works BEGIN
  UPDATE connections SET judge_at = 0
  WHERE institution_n = new.institution_n AND method = new.method AND label IN (1, 2) AND mover = 1
    AND judge_at IS NOT 0;
END;
CREATE TRIGGER connectors_declared_in AFTER INSERT ON connectors BEGIN
  UPDATE connections SET judge_at = 0
  WHERE institution_n = new.institution_n AND method = new.method AND label IN (1, 2) AND judge_at IS NOT 0;
END;
CREATE TRIGGER connectors_declared AFTER UPDATE OF status ON connectors WHEN old.status <> new.status BEGIN
  UPDATE connections SET judge_at = 0
  WHERE institution_n = new.institution_n AND method = new.method AND label IN (1, 2) AND judge_at IS NOT 0;
END;
CREATE TRIGGER outages_declared_in AFTER INSERT ON outages BEGIN
  UPDATE connections SET judge_at = 0
  WHERE institution_n = new.institution_n AND label IN (1, 2) AND judge_at IS NOT 0;
END;
CREATE TRIGGER outages_declared AFTER UPDATE OF until ON outages WHEN old.until <> new.until BEGIN
  UPDATE connections SET judge_at = 0
  WHERE institution_n = new.institution_n AND label IN (1, 2) AND judge_at IS NOT 0;
END;
UPDATE connections SET judge_at = 0 WHERE label IN (1, 2);
