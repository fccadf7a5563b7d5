-- heard.db: a view of the archive. It may be deleted at any time; `heard rebuild` makes the same rows again.
-- Times in columns named …_at are Unix seconds (UTC), except local_at, which is the listener's wall clock.

-- One row: what this view was made from.
CREATE TABLE view_state (
  id             INTEGER PRIMARY KEY CHECK (id = 1),
  view           TEXT    NOT NULL,            -- random name of this view; plays.arrow bears it
  generation     INTEGER NOT NULL,            -- rises with every change of plays; plays.arrow bears it
  archive_seq    INTEGER NOT NULL,            -- the last envelope that was read
  segment        INTEGER NOT NULL,            -- where reading goes on: segment …
  segment_offset INTEGER NOT NULL             -- … and byte
) STRICT;

-- Here, so that no interruption leaves the layout without its one row.
INSERT INTO view_state VALUES (1, lower(hex(randomblob(8))), 0, 0, 0, 0);

-- The people whose history this is.
CREATE TABLE listeners (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  zone TEXT NOT NULL                          -- IANA name; local_at of all plays is in this zone
) STRICT;

-- A listener's accounts at services.
CREATE TABLE accounts (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  service     TEXT    NOT NULL,               -- lastfm, librefm, listenbrainz
  name        TEXT    NOT NULL,               -- in lower case: services ignore case
  UNIQUE (listener_id, service, name)
) STRICT;

-- Names exactly as reported. A MusicBrainz id is the first one reported, and never overrides a name.
CREATE TABLE artists (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  name        TEXT    NOT NULL,
  artist_mbid TEXT,
  UNIQUE (listener_id, name)
) STRICT;

CREATE TABLE albums (
  id           INTEGER PRIMARY KEY,
  listener_id  INTEGER NOT NULL REFERENCES listeners (id),
  artist_id    INTEGER NOT NULL REFERENCES artists (id),   -- the artist of the plays on which it was reported
  title        TEXT    NOT NULL,
  release_mbid TEXT,
  UNIQUE (listener_id, artist_id, title)
) STRICT;

CREATE TABLE tracks (
  id             INTEGER PRIMARY KEY,
  listener_id    INTEGER NOT NULL REFERENCES listeners (id),
  artist_id      INTEGER NOT NULL REFERENCES artists (id),
  title          TEXT    NOT NULL,
  recording_mbid TEXT,
  UNIQUE (listener_id, artist_id, title)
) STRICT;

-- Every play, also those that the service no longer shows (gone_seq is not null). Count with gone_seq IS NULL.
CREATE TABLE plays (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  played_at   INTEGER NOT NULL,               -- 0 for an undated play
  local_at    INTEGER,                        -- seconds of the listener's wall clock; null for an undated play
  artist_id   INTEGER NOT NULL REFERENCES artists (id),
  album_id    INTEGER REFERENCES albums (id),
  track_id    INTEGER NOT NULL REFERENCES tracks (id),
  ms_played   INTEGER,                        -- null where the source does not tell
  gone_seq    INTEGER,                        -- the envelope that showed its second without it
  told_seq    INTEGER NOT NULL,               -- the envelope that told of it first …
  told_row    INTEGER NOT NULL                -- … and its row there, counted from 0
) STRICT;

-- Which envelope of the archive, and which row of it, first told of a play.
CREATE VIEW witnesses AS
  SELECT id AS play_id, account_id, told_seq AS envelope_seq, told_row AS row FROM plays;

-- What a play was called before the service showed it with other names.
CREATE TABLE former_names (
  play_id   INTEGER NOT NULL REFERENCES plays (id),
  until_seq INTEGER NOT NULL,                 -- the envelope that showed the new names
  artist_id INTEGER NOT NULL REFERENCES artists (id),
  album_id  INTEGER REFERENCES albums (id),
  track_id  INTEGER NOT NULL REFERENCES tracks (id),
  PRIMARY KEY (play_id, until_seq)
) STRICT, WITHOUT ROWID;

-- Rows of answers that are no plays, and why.
CREATE TABLE rejects (
  account_id   INTEGER NOT NULL REFERENCES accounts (id),
  played_at    INTEGER NOT NULL,
  envelope_seq INTEGER NOT NULL,
  row          INTEGER NOT NULL,
  reason       TEXT    NOT NULL,
  PRIMARY KEY (account_id, played_at, envelope_seq, row)
) STRICT, WITHOUT ROWID;

-- Which seconds are known whole, and which envelope showed them last. Spans do not overlap; to_at is not in them.
CREATE TABLE coverage (
  account_id   INTEGER NOT NULL REFERENCES accounts (id),
  from_at      INTEGER NOT NULL,
  to_at        INTEGER NOT NULL,
  envelope_seq INTEGER NOT NULL,
  run          INTEGER NOT NULL,
  read_at      INTEGER NOT NULL,              -- when, by the service's clock
  PRIMARY KEY (account_id, from_at)
) STRICT, WITHOUT ROWID;

-- Answers that would have removed many plays at once. They have no effect until a later reading agrees.
CREATE TABLE suspects (
  account_id   INTEGER NOT NULL REFERENCES accounts (id),
  envelope_seq INTEGER NOT NULL,
  from_at      INTEGER NOT NULL,
  to_at        INTEGER NOT NULL,
  removals     INTEGER NOT NULL,
  run          INTEGER NOT NULL,
  seen_at      INTEGER NOT NULL,
  PRIMARY KEY (account_id, envelope_seq)
) STRICT, WITHOUT ROWID;

-- What the service itself counted, newest first by envelope_seq. Without bounds: the whole list, undated rows too.
CREATE TABLE counts (
  account_id   INTEGER NOT NULL REFERENCES accounts (id),
  envelope_seq INTEGER NOT NULL,
  from_at      INTEGER,
  to_at        INTEGER,
  total        INTEGER NOT NULL,
  PRIMARY KEY (account_id, envelope_seq)
) STRICT, WITHOUT ROWID;

-- Runs of collecting; ended_seq is null for one that was interrupted.
CREATE TABLE runs (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  run        INTEGER NOT NULL,                -- the envelope that marks its beginning
  began_at   INTEGER NOT NULL,                -- by the service's clock
  ended_seq  INTEGER,
  PRIMARY KEY (account_id, run)
) STRICT, WITHOUT ROWID;

-- Decisions by hand: removals first seen up to this moment are meant.
CREATE TABLE confirmations (
  account_id   INTEGER NOT NULL REFERENCES accounts (id),
  envelope_seq INTEGER NOT NULL,
  seen_until   INTEGER NOT NULL,
  PRIMARY KEY (account_id, envelope_seq)
) STRICT, WITHOUT ROWID;

-- Export files that were taken in.
CREATE TABLE imports (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  file        TEXT    NOT NULL,
  format      TEXT    NOT NULL,
  sha256      TEXT    NOT NULL,
  first_seq   INTEGER NOT NULL,
  last_seq    INTEGER NOT NULL,
  UNIQUE (listener_id, sha256)
) STRICT;

-- Live plays with their names and their place in the listener's calendar, for reading and for Datasette.
CREATE VIEW plays_view AS
  SELECT plays.id, listeners.name AS listener, accounts.service, accounts.name AS account,
         plays.played_at, datetime(nullif(plays.played_at, 0), 'unixepoch') AS played_time,
         artists.name AS artist, albums.title AS album, tracks.title AS track, plays.ms_played,
         date(plays.local_at, 'unixepoch') AS local_day,                                    -- 2024-02-29
         CAST(strftime('%H', plays.local_at, 'unixepoch') AS INTEGER) AS local_hour,        -- 0 … 23
         CAST(strftime('%u', plays.local_at, 'unixepoch') AS INTEGER) AS local_weekday,     -- 1 Monday … 7 Sunday
         strftime('%G-W%V', plays.local_at, 'unixepoch') AS local_week,                     -- ISO 8601: 2024-W09
         strftime('%Y-%m', plays.local_at, 'unixepoch') AS local_month,                     -- 2024-02
         CAST(strftime('%Y', plays.local_at, 'unixepoch') AS INTEGER) AS local_year         -- 2024
    FROM plays
    JOIN listeners ON listeners.id = plays.listener_id
    JOIN accounts  ON accounts.id  = plays.account_id
    JOIN artists   ON artists.id   = plays.artist_id
    JOIN tracks    ON tracks.id    = plays.track_id
    LEFT JOIN albums ON albums.id  = plays.album_id
   WHERE plays.gone_seq IS NULL;
