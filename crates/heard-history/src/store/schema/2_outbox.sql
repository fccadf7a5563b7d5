-- What waits to be sent, and what became of everything that was sent.

-- Where listens go: an account at a service that is reached under a root.
CREATE TABLE targets (
  id              INTEGER PRIMARY KEY,
  listener        TEXT    NOT NULL,
  service         TEXT    NOT NULL,
  user            TEXT    NOT NULL,
  root            TEXT    NOT NULL,
  paused          TEXT,                        -- why nothing is sent; null while something may be
  paused_at       INTEGER,                     -- Unix seconds
  budget          INTEGER,                     -- listens in 24 hours that it was seen to take
  budget_at       INTEGER,                     -- when that was learned
  closed_until    INTEGER NOT NULL DEFAULT 0,  -- it takes no more before
  UNIQUE (listener, service, user, root)
) STRICT;

-- Answers as they came.
CREATE TABLE answers (
  id              INTEGER PRIMARY KEY,
  received_at     INTEGER NOT NULL,
  status          INTEGER NOT NULL,            -- of HTTP
  body            BLOB    NOT NULL             -- compressed: zstd
) STRICT;

-- One row for each listen and target: the outbox are the rows that wait or are under way, the ledger is all of them.
CREATE TABLE outbox (
  id              INTEGER PRIMARY KEY,
  target_id       INTEGER NOT NULL REFERENCES targets,
  played_at       INTEGER NOT NULL,
  artist          TEXT    NOT NULL,
  track           TEXT    NOT NULL,
  album           TEXT,
  album_artist    TEXT,
  track_number    INTEGER,
  length_ms       INTEGER,
  recording_mbid  TEXT,
  added_at        INTEGER NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('waiting', 'in_flight', 'accepted', 'ignored', 'parked')),
  not_before      INTEGER NOT NULL DEFAULT 0,  -- it waits at least until then
  batch           INTEGER,                     -- with which others it is under way
  attempts        INTEGER NOT NULL DEFAULT 0,
  attempted_at    INTEGER,
  settled_at      INTEGER,                     -- when it was accepted, ignored or parked
  code            INTEGER,                     -- the service's, for ignored and parked ones
  words           TEXT,                        -- the service's, or why it is parked
  corrected_artist       TEXT,                 -- the names under which the service keeps it, where they are others
  corrected_track        TEXT,
  corrected_album        TEXT,
  corrected_album_artist TEXT,
  answer_id       INTEGER REFERENCES answers,
  UNIQUE (target_id, played_at, artist, track),
  CHECK ((state = 'in_flight') = (batch IS NOT NULL))
) STRICT;
CREATE INDEX outbox_by_state ON outbox (target_id, state, played_at, id);
CREATE INDEX outbox_under_way ON outbox (target_id, batch) WHERE batch IS NOT NULL;
CREATE INDEX outbox_accepted ON outbox (target_id, settled_at) WHERE state = 'accepted';
