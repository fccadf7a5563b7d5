-- heard.db: a view of the archive. It may be deleted at any time; `heard rebuild` makes the same rows again.
-- Times in columns named …_at are Unix seconds (UTC), except local_at, which is the listener's wall clock.

-- One row: what this view was made from.
CREATE TABLE view_state (
  id             INTEGER PRIMARY KEY CHECK (id = 1),
  view           TEXT    NOT NULL,            -- random name of this view; plays.arrow bears it
  generation     INTEGER NOT NULL,            -- rises with every change of plays; plays.arrow bears it
  settled        INTEGER NOT NULL,            -- the generation for which same_as and shown_as were last decided
  enriched       INTEGER NOT NULL,            -- rises with every change of what is known of things; genres.arrow bears it
  archive_seq    INTEGER NOT NULL,            -- the last envelope that was read
  segment        INTEGER NOT NULL,            -- where reading goes on: segment …
  segment_offset INTEGER NOT NULL             -- … and byte
) STRICT;

-- Here, so that no interruption leaves the layout without its one row.
INSERT INTO view_state VALUES (1, lower(hex(randomblob(8))), 0, 0, 0, 0, 0, 0);

-- The people whose history this is.
CREATE TABLE listeners (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  zone TEXT NOT NULL                          -- IANA name, or several with the days of moving; local_at of all plays is in them
) STRICT;

-- Who told of plays: a listener's accounts at services, players, files.
CREATE TABLE accounts (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  service     TEXT    NOT NULL,               -- lastfm, librefm, listenbrainz, spotify, applemusic, player, watch, file …
  name        TEXT    NOT NULL,               -- in lower case: services ignore case; empty where a file names none
  asked       INTEGER NOT NULL,               -- 1 where the service itself is asked, 0 where files tell
  UNIQUE (listener_id, service, name, asked)
) STRICT;

-- Names exactly as reported. A MusicBrainz id is the first one reported, and never overrides a name.
-- shown_as is the spelling that stands for this one: the most frequent of those that differ only in case, white space
-- and invisible marks, or what the listener decided; null where it stands for itself.
CREATE TABLE artists (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  name        TEXT    NOT NULL,
  artist_mbid TEXT,
  shown_as    INTEGER REFERENCES artists (id),
  placeholder INTEGER NOT NULL DEFAULT 0,     -- 1 for names like "Unknown Artist", which rankings leave out
  hidden      INTEGER NOT NULL DEFAULT 0,     -- 1 where the listener hid it
  UNIQUE (listener_id, name)
) STRICT;

CREATE TABLE albums (
  id           INTEGER PRIMARY KEY,
  listener_id  INTEGER NOT NULL REFERENCES listeners (id),
  artist_id    INTEGER NOT NULL REFERENCES artists (id),   -- the artist of the plays on which it was reported
  title        TEXT    NOT NULL,
  release_mbid TEXT,
  shown_as     INTEGER REFERENCES albums (id),
  placeholder  INTEGER NOT NULL DEFAULT 0,
  hidden       INTEGER NOT NULL DEFAULT 0,
  UNIQUE (listener_id, artist_id, title)
) STRICT;

CREATE TABLE tracks (
  id             INTEGER PRIMARY KEY,
  listener_id    INTEGER NOT NULL REFERENCES listeners (id),
  artist_id      INTEGER NOT NULL REFERENCES artists (id),
  title          TEXT    NOT NULL,
  recording_mbid TEXT,
  shown_as       INTEGER REFERENCES tracks (id),
  placeholder    INTEGER NOT NULL DEFAULT 0,
  hidden         INTEGER NOT NULL DEFAULT 0,
  UNIQUE (listener_id, artist_id, title)
) STRICT;

-- An artist's name that the listener split: plays of artist_id count for each credited artist.
CREATE TABLE artist_credits (
  artist_id   INTEGER NOT NULL REFERENCES artists (id),
  position    INTEGER NOT NULL,               -- from 0
  credited_id INTEGER NOT NULL REFERENCES artists (id),
  PRIMARY KEY (artist_id, position)
) STRICT, WITHOUT ROWID;

-- A source's own names for tracks, like spotify:track:….
CREATE TABLE uris (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  uri         TEXT    NOT NULL,
  UNIQUE (listener_id, uri)
) STRICT;

-- Every report of a play, also those that no longer hold. A report counts as a play where gone_seq, same_as and hidden
-- are all null; plays_view has only those.
CREATE TABLE plays (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  played_at   INTEGER NOT NULL,               -- when it began; 0 for an undated play
  local_at    INTEGER,                        -- seconds of the listener's wall clock; null for an undated play
  artist_id   INTEGER NOT NULL REFERENCES artists (id),
  album_id    INTEGER REFERENCES albums (id),
  track_id    INTEGER NOT NULL REFERENCES tracks (id),
  ms_played   INTEGER,                        -- null where the source does not tell
  gone_seq    INTEGER,                        -- the envelope that showed its second without it, or undid its import
  told_seq    INTEGER NOT NULL,               -- the envelope that told of it first …
  told_row    INTEGER NOT NULL,               -- … and its row there, counted from 0
  ended_at    INTEGER,                        -- when it ended; null where that is not known
  clock       TEXT,                           -- what the source told: null for the beginning, 'end', 'both'
  resolution  INTEGER,                        -- null for seconds, 60 for minutes
  skipped     INTEGER,                        -- as the source says: 1, 0, or null
  incognito   INTEGER,
  offline     INTEGER,
  uri_id      INTEGER REFERENCES uris (id),
  import_id   INTEGER REFERENCES imports (id),
  same_as     INTEGER REFERENCES plays (id),  -- the report that stands for this play; this one is a further witness
  score       REAL,                           -- how sure that is, from 0 to 1; 1 for the same thing told twice
  hidden      INTEGER                         -- 1 where the listener hid this play
) STRICT;

-- Few plays have further witnesses: kept from the beginning, this costs less than to look for them at the end.
CREATE INDEX plays_by_same ON plays (same_as) WHERE same_as IS NOT NULL;

-- Which envelopes of the archive, and which rows of them, told of a play.
CREATE VIEW witnesses AS
  SELECT coalesce(same_as, id) AS play_id, account_id, told_seq AS envelope_seq, told_row AS row, score FROM plays;

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

-- Export files that were taken in. The id is the envelope that marks the beginning.
CREATE TABLE imports (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  file        TEXT    NOT NULL,               -- as it was named, with its place inside a zip
  format      TEXT    NOT NULL,
  layout      TEXT    NOT NULL,               -- how it was read, as JSON
  bytes       INTEGER NOT NULL,
  sha256      TEXT    NOT NULL,               -- of the file's own bytes, decompressed
  imported_at INTEGER NOT NULL,
  row_count   INTEGER NOT NULL,               -- reports of plays, and what left_out lists
  reports     INTEGER NOT NULL,               -- rows that tell of a play
  undated     INTEGER NOT NULL,               -- of these, without a moment
  implausible INTEGER NOT NULL,               -- of these, with the moment of a wrong clock
  last_seq    INTEGER NOT NULL,               -- the envelope that marks the end
  undone_seq  INTEGER                         -- the decision that undid it
) STRICT;

-- Rows of export files that are no plays, and why.
CREATE TABLE left_out (
  import_id INTEGER NOT NULL REFERENCES imports (id),
  row       INTEGER NOT NULL,                 -- counted from 1
  line      INTEGER NOT NULL,                 -- counted from 1
  kind      TEXT    NOT NULL,                 -- other, reject
  reason    TEXT    NOT NULL,                 -- podcast, video, skipped … or no_time, malformed, truncated …
  text      TEXT    NOT NULL,                 -- the row as it stands, at most a kilobyte of it
  PRIMARY KEY (import_id, row)
) STRICT, WITHOUT ROWID;

-- What the listener decided of names and plays. The id is the envelope of the decision.
CREATE TABLE rules (
  id          INTEGER PRIMARY KEY,
  listener_id INTEGER NOT NULL REFERENCES listeners (id),
  rule        TEXT    NOT NULL,               -- as JSON
  decided_at  INTEGER NOT NULL,
  revoked_seq INTEGER                         -- the decision that took it back
) STRICT;

-- What services were asked about: artists, albums, tracks, tags and accounts, by the names under which they were asked. They
-- belong to no listener: what a service knows of an artist is the same for everybody.
CREATE TABLE things (
  id     INTEGER PRIMARY KEY,
  kind   TEXT NOT NULL,                       -- artist, album, track, tag, account
  name   TEXT NOT NULL,                       -- the artist's name, also of an album or a track; the tag; the account's name
  title  TEXT NOT NULL,                       -- of an album or a track; else empty
  UNIQUE (kind, name, title)
) STRICT;

-- What services answered about them. The id is the envelope. An answer that says the same as the one before it only moves
-- told_at; one that says something else takes its place, and the earlier one is kept with its rows.
CREATE TABLE answers (
  id          INTEGER PRIMARY KEY,
  thing_id    INTEGER NOT NULL REFERENCES things (id),
  service     TEXT    NOT NULL,               -- lastfm, librefm …
  method      TEXT    NOT NULL,               -- the service's name for the call, like artist.getTopTags
  asked       TEXT    NOT NULL,               -- what else was asked, like period=7day; mostly empty
  told_at     INTEGER NOT NULL,               -- when it was said last, by the local clock
  outcome     TEXT    NOT NULL,               -- known, unknown (the service has no such thing), contradiction (it is about another)
  replaced_by INTEGER REFERENCES answers (id), -- the later answer that says something else; null for the one that holds
  pages       INTEGER                         -- of a list that comes in pages: so many there are, as far as the service tells
) STRICT;

CREATE UNIQUE INDEX answers_that_hold ON answers (thing_id, service, method, asked) WHERE replaced_by IS NULL;

-- What an answer says of the thing itself.
CREATE TABLE about (
  answer_id INTEGER PRIMARY KEY REFERENCES answers (id),
  name      TEXT,                             -- as the service writes it
  title     TEXT,
  mbid      TEXT,                             -- of the thing's kind
  listeners INTEGER,                          -- how many of the service's listeners know it
  plays     INTEGER,                          -- by all of them; of an account, its own
  length_ms INTEGER,
  album     TEXT,                             -- of a track
  cover     TEXT,                             -- the address of the largest picture
  url       TEXT,
  summary   TEXT,                             -- a few sentences, as plain text
  published_at INTEGER                        -- of the summary; of an account, when it was made
) STRICT;

-- Tags that an answer names, most weighty first.
CREATE TABLE tags (
  answer_id INTEGER NOT NULL REFERENCES answers (id),
  position  INTEGER NOT NULL,                 -- from 0
  tag       TEXT    NOT NULL,                 -- as the service writes it
  weight    INTEGER,                          -- 0 to 100 or a count, as the service tells; null where it tells none
  PRIMARY KEY (answer_id, position)
) STRICT, WITHOUT ROWID;

-- Which genres the tags of an answer come to, by heard's own vocabulary. What is no genre drops out; the weights of an
-- answer sum to 1.
CREATE TABLE answer_genres (
  answer_id INTEGER NOT NULL REFERENCES answers (id),
  genre     TEXT    NOT NULL,                 -- as the vocabulary calls it
  weight    REAL    NOT NULL,
  PRIMARY KEY (answer_id, genre)
) STRICT, WITHOUT ROWID;

-- One row: how far tags were cleaned, and by what.
CREATE TABLE tags_cleaned (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  vocabulary TEXT    NOT NULL,                -- names the vocabulary; where it is another one, all tags are cleaned anew
  answer_id  INTEGER NOT NULL                 -- the last answer whose tags were cleaned
) STRICT;

-- Artists, albums, tracks and accounts that an answer lists: similar ones, an artist's tracks, an account's charts.
CREATE TABLE listed (
  answer_id INTEGER NOT NULL REFERENCES answers (id),
  position  INTEGER NOT NULL,                 -- from 0
  kind      TEXT    NOT NULL,                 -- artist, album, track, account, week
  name      TEXT    NOT NULL,                 -- the artist's, also of an album or a track; the account's; a week's first second
  title     TEXT    NOT NULL,                 -- of an album or a track; a week's end; else empty
  mbid      TEXT,
  likeness  REAL,                             -- 0 to 1, of similar ones
  plays     INTEGER,
  listeners INTEGER,
  length_ms INTEGER,
  listed_at INTEGER,                          -- when it was loved; when a week began
  PRIMARY KEY (answer_id, position)
) STRICT, WITHOUT ROWID;

-- What lay at the address of a cover when it was last asked for. The picture is archive/covers/ab/abcd….jpg, by its digest.
CREATE TABLE covers (
  address      TEXT    PRIMARY KEY,           -- as about.cover has it
  envelope_seq INTEGER NOT NULL,              -- the envelope that told it
  told_at      INTEGER NOT NULL,              -- when, by the local clock
  none         TEXT,                          -- missing, not-a-picture, too-large, placeholder, forbidden; null where there was one
  sha256       TEXT,                          -- of the picture that is kept, from then or from before; null where there is none
  form         TEXT,                          -- jpg, png, gif, webp
  bytes        INTEGER,
  width        INTEGER,                       -- in points; null where the head does not tell
  height       INTEGER
) STRICT, WITHOUT ROWID;

-- The covers that are kept, by the names under which a service was asked about albums.
CREATE VIEW album_covers AS
  SELECT things.name AS artist, things.title AS album, answers.service, covers.sha256, covers.form, covers.bytes,
         covers.width, covers.height
    FROM things JOIN answers ON thing_id = things.id JOIN about ON answer_id = answers.id
    JOIN covers ON covers.address = about.cover
   WHERE things.kind = 'album' AND answers.method = 'album.getInfo' AND answers.outcome = 'known'
     AND answers.replaced_by IS NULL AND covers.sha256 IS NOT NULL;

-- Live plays with the names that are shown and their place in the listener's calendar, for reading and for Datasette.
CREATE VIEW plays_view AS
  SELECT plays.id, listeners.name AS listener, accounts.service, accounts.name AS account,
         plays.played_at, datetime(nullif(plays.played_at, 0), 'unixepoch') AS played_time,
         shown_artists.name AS artist, shown_albums.title AS album, shown_tracks.title AS track,
         coalesce(plays.ms_played, (SELECT max(w.ms_played) FROM plays w WHERE w.same_as = plays.id)) AS ms_played,
         shown_artists.id AS artist_id, shown_albums.id AS album_id, shown_tracks.id AS track_id,
         shown_artists.placeholder AS artist_placeholder, shown_albums.placeholder AS album_placeholder,
         shown_tracks.placeholder AS track_placeholder,
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
    JOIN artists AS shown_artists ON shown_artists.id = coalesce(artists.shown_as, artists.id)
    JOIN tracks  AS shown_tracks  ON shown_tracks.id  = coalesce(tracks.shown_as, tracks.id)
    LEFT JOIN albums AS shown_albums ON shown_albums.id = coalesce(albums.shown_as, albums.id)
   WHERE plays.gone_seq IS NULL AND plays.same_as IS NULL AND plays.hidden IS NULL
     AND artists.hidden = 0 AND tracks.hidden = 0 AND coalesce(albums.hidden, 0) = 0;
